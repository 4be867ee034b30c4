import { AnyLLMError, type ErrorDetails } from '../errors/any-llm-error.ts';
import { type PartialAnswer, StreamInterruptedError, TimeoutError } from '../errors/errors.ts';
import type { Attempt } from '../policy/attempt.ts';

/**
 * A failure as the consumer of a stream is told of it, with what had come: a time-out keeps its class, every other
 * error interrupts the stream. What is no error of ours, as a consumer's own, stays as it is.
 */
export function toStreamFailure(cause: unknown, attempt: Attempt, arrived: () => PartialAnswer): unknown {
  if (TimeoutError.isInstance(cause)) {
    const { provider, model, phase, timeoutMs } = cause;
    return new TimeoutError(cause.message, { provider, model, phase, timeoutMs, cause: cause.cause, ...arrived() });
  }
  if (StreamInterruptedError.isInstance(cause)) {
    return new StreamInterruptedError(cause.message, {
      ...detailsOf(attempt, cause),
      cause: cause.cause,
      ...arrived(),
    });
  }
  if (!AnyLLMError.isInstance(cause)) return cause;
  const why = cause.message.replace(`${attempt.provider.id}: `, '');
  const message = messageOf(attempt, `broke off (${why})`);
  return new StreamInterruptedError(message, { ...detailsOf(attempt, cause), cause, ...arrived() });
}

/** @param how as "ended before the answer did" */
export function interruption(attempt: Attempt, how: string): StreamInterruptedError {
  return new StreamInterruptedError(messageOf(attempt, how), detailsOf(attempt));
}

function messageOf({ provider }: Attempt, how: string): string {
  return `${provider.id}: the stream ${how}`;
}

function detailsOf({ provider, modelId: model, answer }: Attempt, cause?: AnyLLMError): ErrorDetails {
  return { provider: provider.id, model, status: cause?.status, requestId: answer?.requestId };
}
