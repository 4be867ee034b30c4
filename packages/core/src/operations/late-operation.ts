import type { ClientRuntime } from '../client/client-runtime.ts';
import { beyondCompletion } from '../late-parts.ts';
import { snapshot, snapshotOptions } from '../request/snapshot.ts';

type Parts = typeof import('../beyond-completion.ts');

/**
 * A client's function whose code is loaded by its first call. It asks with request and options as they are at the call.
 * @param pick what is called of the loaded code
 */
export function lateOperation<Request, Options, Answer>(
  runtime: ClientRuntime,
  pick: (parts: Parts) => (runtime: ClientRuntime, request: Request, options?: Options) => Promise<Answer>,
): (request: Request, options?: Options) => Promise<Answer> {
  return async (request, options) => {
    const [asked, given] = [snapshot(request), snapshotOptions(options)];
    const ask = pick(await beyondCompletion());
    return ask(runtime, asked, given);
  };
}
