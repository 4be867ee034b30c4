import type { ClientRuntime } from '../../client/client-runtime.ts';
import type { ProviderBatches, ProviderBatchRow } from '../../contract/batch.ts';
import type { CallMeta } from '../../contract/call-meta.ts';
import type { CallOptions } from '../../contract/call-options.ts';
import type { Provider, ProviderContext } from '../../contract/provider.ts';
import { beyondCompletion } from '../../late-parts.ts';
import type { EventStream } from '../../operations/event-stream.ts';

/** Options of a call to one provider. */
export type NamedOptions = CallOptions & { provider: string };

const operation = { member: 'batches', label: 'batches are' } as const;

/**
 * Asks a provider's batches under the whole policy of the client.
 *
 * ```ts
 * await askBatches(runtime, (batches, ...asked) => batches.retrieve(...asked), { id }, options);
 * ```
 */
export async function askBatches<Request, Answer extends object>(
  runtime: ClientRuntime,
  ask: (batches: ProviderBatches, request: Request, context: ProviderContext) => Promise<Answer>,
  parameters: Request,
  options: NamedOptions,
  mayRepeat?: (error: unknown) => boolean,
): Promise<Answer & { meta: CallMeta }> {
  const pick = ({ batches }: Provider) =>
    batches && (async (request: Request, context: ProviderContext) => ask(await batches(), request, context));
  const { runOperation } = await beyondCompletion();
  return runOperation(runtime, { ...operation, parameters, pick, ...(mayRepeat && { mayRepeat }) }, options);
}

/** A file has no end of its own but that of its body, of which the transport sees to it that it is whole. */
export const endOfFile = Symbol('end of file');

export type FileEvent = ProviderBatchRow | typeof endOfFile;

const kinds = { isContent: () => true, isEnd: (event: FileEvent) => event === endOfFile };

/** Reads a result file as it comes, however long the consumer takes. */
export async function readResultFile(
  runtime: ClientRuntime,
  file_id: string,
  options: NamedOptions,
): Promise<EventStream<FileEvent>> {
  const pick = ({ batches }: Provider) =>
    batches &&
    async function* (request: { file_id: string }, context: ProviderContext): AsyncGenerator<readonly FileEvent[]> {
      yield* (await batches()).read(request, context);
      yield [endOfFile];
    };
  const timeout = options.timeout ?? { total: Number.POSITIVE_INFINITY };
  const { runStreamedOperation } = await beyondCompletion();
  return runStreamedOperation(runtime, { ...operation, parameters: { file_id }, pick }, kinds, { ...options, timeout });
}
