import { checkChunks, checkCompletion } from '../completion/check-answer.ts';
import { ChunkSource, type OpenedStream } from '../completion/chunk-source.ts';
import { CompletionStream } from '../completion/completion-stream.ts';
import { RestartingSource } from '../completion/restarting-source.ts';
import { toChatCompletion } from '../completion/to-chat-completion.ts';
import type { CallOptions, CompletionOptions } from '../contract/call-options.ts';
import type { ChatCompletion, ChatCompletionChunk } from '../contract/chat-completion.ts';
import { type Attempt, fasterCopy } from '../policy/attempt.ts';
import type { Call } from '../policy/call.ts';
import type { Candidate } from '../policy/client-policy.ts';
import { estimateUsage } from '../policy/limits/estimate-usage.ts';
import type { RetryPolicy } from '../policy/retry/retry-policy.ts';
import { checkCompletionOptions } from '../request/check-options.ts';
import { validateRequest } from '../request/validate-request.ts';
import { ask } from './ask.ts';
import type { ClientRuntime } from './client-runtime.ts';
import { type ChatTarget, resolveChatTarget } from './resolve-target.ts';

/**
 * The path of a request: validate, resolve, check, then the attempts under policy. The provider translates, sends and
 * decodes; its chunks are folded on the way back.
 */
export async function dispatch(
  runtime: ClientRuntime,
  input: unknown,
  options: CompletionOptions,
): Promise<ChatCompletion | CompletionStream> {
  checkCompletionOptions(options);
  const request = validateRequest(input);
  const asked = {
    models: request.model,
    resolve: (candidate: Candidate, own: CallOptions) => resolveChatTarget(runtime, candidate, request, own),
    estimateUsage: (target: ChatTarget) => estimateUsage(target.request),
  };
  if (!request.stream) return ask(runtime, { ...asked, open: completeWhole, discard() {}, deliver: asIs }, options);
  const deliver = options.onInterrupt === 'restart' ? toRestartingStream : toStream;
  return ask(runtime, { ...asked, open: openStream, discard: closeLate, deliver }, options);
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

async function openStream(call: Call, attempt: Attempt, { provider, request }: ChatTarget): Promise<OpenedStream> {
  return ChunkSource.open(call, attempt, () => provider.stream(request, attempt), reading);
}

/** How the chunks of a completion are looked at. */
export const reading = { hasContent, check: checkChunks };

function toStream(opened: OpenedStream): CompletionStream {
  return new CompletionStream(opened);
}

function toRestartingStream(
  opened: OpenedStream,
  again: () => Promise<OpenedStream>,
  plan: { retries: RetryPolicy },
): CompletionStream {
  return new CompletionStream(withRestarts(opened, again, plan));
}

/** A stream that begins anew, by `again`, when it breaks off. */
export function withRestarts(
  opened: OpenedStream,
  again: () => Promise<OpenedStream>,
  { retries }: { retries: RetryPolicy },
): OpenedStream {
  let restarts = retries.attempts - 1;
  const { budget } = retries;
  const mayRestart = () => restarts-- > 0 && (!budget || budget.tryRetry());
  return { ...opened, source: new RestartingSource(opened.source, mayRestart, again) };
}

export function closeLate({ source }: OpenedStream): void {
  source.cancel(fasterCopy);
  source.attempt.fail(fasterCopy);
}

/** Whether a chunk moves the answer on: text, a tool call, or its end. A role, a comment or a usage count does not. */
function hasContent({ choices }: ChatCompletionChunk): boolean {
  return choices.some(
    ({ delta, finish_reason }) =>
      Boolean(finish_reason) ||
      Boolean(delta.content || delta.reasoning || delta.refusal || delta.tool_calls || delta.audio),
  );
}
