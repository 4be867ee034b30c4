import { systemClock } from '../clock.ts';
import { ChunkSource } from '../completion/chunk-source.ts';
import { CompletionStream } from '../completion/completion-stream.ts';
import { toChatCompletion } from '../completion/to-chat-completion.ts';
import type { CallOptions } from '../contract/call-options.ts';
import type { ChatCompletion } from '../contract/chat-completion.ts';
import type { Attempt, Target } from '../policy/attempt.ts';
import { Call } from '../policy/call.ts';
import { resolveFallback } from '../policy/fallback.ts';
import { resolveRetryPolicy } from '../policy/retry/retry-policy.ts';
import { type CallPlan, runCall } from '../policy/run-call.ts';
import { resolveTimeLimits } from '../policy/time-limits.ts';
import { checkOptions } from '../request/check-options.ts';
import { validateRequest } from '../request/validate-request.ts';
import type { ClientRuntime } from './client-runtime.ts';
import { optionsForFallback, resolveTarget } from './resolve-target.ts';

type Answer = ChatCompletion | CompletionStream;

/**
 * The path of a request: validate, resolve, check, then the attempts under policy. The provider translates, sends and
 * decodes; its chunks are folded on the way back.
 */
export async function dispatch(runtime: ClientRuntime, input: unknown, options: CallOptions): Promise<Answer> {
  checkOptions(options);
  const request = validateRequest(input);
  const fallback = resolveFallback(runtime.fallbacks, options.fallbacks);
  const retries = resolveRetryPolicy({ budget: runtime.policy.budget }, runtime.retries, options.retries);
  const [model, ...others] = [request.model, fallback.models].flat();
  const first = await resolveTarget(runtime, model as string, request, options);
  const call = new Call({
    clock: systemClock,
    limits: resolveTimeLimits(...first.timeouts, runtime.timeout, options.timeout),
    signal: options.signal,
  });
  const plan: CallPlan<Answer> = {
    first,
    others: others.map((id) => () => resolveTarget(runtime, id, request, optionsForFallback(options, id, first))),
    open: first.streamed ? openStream : completeWhole,
    discard: (late) => {
      if (late instanceof CompletionStream) late.close();
    },
    retries,
    fallback,
    hedged: options.hedge !== false,
    priority: options.priority ?? 0,
  };
  try {
    return await runCall(call, runtime.policy, plan);
  } catch (error) {
    throw call.fail(error);
  }
}

async function completeWhole(call: Call, attempt: Attempt, { provider, request }: Target): Promise<ChatCompletion> {
  const answer = await attempt.guard(() => provider.complete(request, attempt));
  attempt.succeed(answer.usage);
  call.end();
  return toChatCompletion(answer, call.meta(attempt));
}

async function openStream(call: Call, attempt: Attempt, { provider, request }: Target): Promise<CompletionStream> {
  let source: ChunkSource | undefined;
  try {
    source = new ChunkSource(call, attempt, provider.stream(request, attempt));
    const ahead = await source.open();
    attempt.letGo();
    return new CompletionStream(source, ahead);
  } catch (error) {
    source?.cancel(error);
    throw error;
  }
}
