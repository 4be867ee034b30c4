import { systemClock } from '../clock.ts';
import { ChunkSource, type OpenedStream } from '../completion/chunk-source.ts';
import { CompletionStream } from '../completion/completion-stream.ts';
import { RestartingSource } from '../completion/restarting-source.ts';
import { toChatCompletion } from '../completion/to-chat-completion.ts';
import type { CallOptions } from '../contract/call-options.ts';
import type { ChatCompletion } from '../contract/chat-completion.ts';
import { type Attempt, fasterCopy, type Target } from '../policy/attempt.ts';
import { Call } from '../policy/call.ts';
import type { Candidate, ClientPolicy } from '../policy/client-policy.ts';
import { type Fallback, resolveFallback } from '../policy/fallback.ts';
import { type RetryPolicy, resolveRetryPolicy } from '../policy/retry/retry-policy.ts';
import { type CallPlan, runCall } from '../policy/run-call.ts';
import { resolveTimeLimits } from '../policy/time-limits.ts';
import { checkOptions } from '../request/check-options.ts';
import { type ValidRequest, validateRequest } from '../request/validate-request.ts';
import type { ClientRuntime } from './client-runtime.ts';
import { optionsFor, resolveTarget } from './resolve-target.ts';

type Answer = ChatCompletion | CompletionStream;

/**
 * The path of a request: validate, resolve, check, then the attempts under policy. The provider translates, sends and
 * decodes; its chunks are folded on the way back.
 */
export async function dispatch(runtime: ClientRuntime, input: unknown, options: CallOptions): Promise<Answer> {
  checkOptions(options);
  const request = validateRequest(input);
  const fallback = options.fallbacks === undefined ? runtime.fallback : resolveFallback(options.fallbacks);
  const retries =
    options.retries === undefined ? runtime.retries : resolveRetryPolicy(runtime.retries, options.retries);
  const { policy } = runtime;
  const ids = typeof request.model === 'string' ? [request.model] : request.model;
  const own = ids.flatMap((id) => policy.candidates(id, options.provider));
  const candidates = [...own, ...fallback.models.flatMap((id) => policy.candidates(id))];
  const [chosen] = candidates;
  chosen?.balanced?.begin(); // at once, so that calls which are made at the same moment do not all choose it
  try {
    return await ask(runtime, { candidates, request, options, fallback, retries });
  } catch (error) {
    chosen?.balanced?.fail(error);
    throw error;
  }
}

interface Question {
  candidates: readonly Candidate[];
  request: ValidRequest;
  options: CallOptions;
  fallback: Fallback;
  retries: RetryPolicy;
}

async function ask(runtime: ClientRuntime, question: Question): Promise<Answer> {
  const { options, fallback, retries } = question;
  const { first, others } = await resolveFirst(runtime, question);
  const call = new Call({
    clock: systemClock,
    limits: resolveTimeLimits(...first.timeouts, runtime.timeout, options.timeout),
    signal: options.signal,
  });
  if (retries.budget) retries.budget.recordCall();
  const plan = {
    first,
    others,
    retries,
    fallback,
    hedged: options.hedge !== false,
    priority: options.priority ?? 0,
  };
  try {
    if (!first.streamed) return await runCall(call, runtime.policy, { ...plan, open: completeWhole, discard() {} });
    return await stream(call, runtime.policy, { ...plan, open: openStream, discard: closeLate }, options);
  } catch (error) {
    throw call.fail(error);
  }
}

/** The first that can be asked at all. One that cannot is passed over only where the caller's `when` says so. */
async function resolveFirst(runtime: ClientRuntime, { candidates, request, options, fallback }: Question) {
  const owner = candidates[0] as Candidate;
  const targets = candidates.map(
    (candidate) => () => resolveTarget(runtime, candidate, request, optionsFor(candidate, options, owner)),
  );
  for (let at = 0; ; at++) {
    try {
      const first = await (targets[at] as (typeof targets)[0])();
      return { first, others: targets.slice(at + 1) };
    } catch (error) {
      if (at + 1 === targets.length || !fallback.shouldFallBack(error)) throw error;
    }
  }
}

async function stream(call: Call, policy: ClientPolicy, plan: CallPlan<OpenedStream>, { onInterrupt }: CallOptions) {
  const opened = await runCall(call, policy, plan);
  if (onInterrupt !== 'restart') return new CompletionStream(opened);
  let restarts = plan.retries.attempts - 1;
  const { budget } = plan.retries;
  const mayRestart = () => restarts-- > 0 && (!budget || budget.tryRetry());
  const source = new RestartingSource(opened.source, mayRestart, () => runCall(call, policy, plan));
  return new CompletionStream({ ...opened, source });
}

async function completeWhole(call: Call, attempt: Attempt, { provider, request }: Target): Promise<ChatCompletion> {
  const answer = await attempt.guard(() => provider.complete(request, attempt));
  attempt.succeed(answer.usage);
  call.end();
  return toChatCompletion(answer, call.meta(attempt));
}

async function openStream(call: Call, attempt: Attempt, { provider, request }: Target): Promise<OpenedStream> {
  let source: ChunkSource | undefined;
  try {
    source = new ChunkSource(call, attempt, provider.stream(request, attempt));
    const ahead = await source.open();
    attempt.letGo();
    return { source, ahead };
  } catch (error) {
    source?.cancel(error);
    throw error;
  }
}

function closeLate({ source }: OpenedStream): void {
  source.cancel(fasterCopy);
  source.attempt.fail(fasterCopy);
}
