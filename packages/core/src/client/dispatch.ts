import { checkCompletion } from '../completion/check-answer.ts';
import type { CompletionStream } from '../completion/completion-stream.ts';
import { toChatCompletion } from '../completion/to-chat-completion.ts';
import type { CallOptions, CompletionOptions } from '../contract/call-options.ts';
import type { ChatCompletion } from '../contract/chat-completion.ts';
import { richRequests, streams } from '../late-parts.ts';
import type { Attempt } from '../policy/attempt.ts';
import type { Call } from '../policy/call.ts';
import type { Candidate } from '../policy/client-policy.ts';
import { estimateUsage } from '../policy/limits/estimate-usage.ts';
import { checkCompletionOptions } from '../request/check-options.ts';
import { snapshot, snapshotOptions } from '../request/snapshot.ts';
import { ask, type Question } from './ask.ts';
import type { ClientRuntime } from './client-runtime.ts';
import { type ReadRequest, readPlainRequest } from './plain-requests.ts';
import type { ChatTarget } from './resolve-target.ts';

/** What is asked, whether the answer is to be whole or streamed. */
export type CompletionQuestion = Pick<Question<ChatTarget, unknown, unknown>, 'models' | 'resolve' | 'estimateUsage'>;

/**
 * The path of a request: validate, resolve, check, then the attempts under policy. The provider translates, sends and
 * decodes; its chunks are folded on the way back.
 */
export async function dispatch(
  runtime: ClientRuntime,
  input: unknown,
  given: CompletionOptions = {},
): Promise<ChatCompletion | CompletionStream> {
  checkCompletionOptions(given);
  const options = snapshotOptions(given);
  const { request, resolve } = readPlainRequest(input) ?? (await readRichRequest(snapshot(input)));
  const question: CompletionQuestion = {
    models: request.model,
    resolve: (candidate: Candidate, own: CallOptions) => resolve(runtime, candidate, request, own),
    estimateUsage: (target: ChatTarget) => estimateUsage(target.request),
  };
  if (!request.stream) return ask(runtime, { ...question, open: completeWhole, discard() {}, deliver: asIs }, options);
  const loaded = streams();
  const { dispatchStream } = loaded instanceof Promise ? await loaded : loaded;
  return dispatchStream(runtime, question, options);
}

async function readRichRequest(input: unknown): Promise<ReadRequest> {
  return (await richRequests()).readRichRequest(input);
}

async function completeWhole(call: Call, attempt: Attempt, { provider, request }: ChatTarget): Promise<ChatCompletion> {
  const answer = checkCompletion(await attempt.guard(() => provider.complete(request, attempt)), attempt);
  attempt.succeed(answer.usage);
  call.end();
  return toChatCompletion(answer, call.meta(attempt));
}

function asIs(answer: ChatCompletion): ChatCompletion {
  return answer;
}
