import type { AttemptRecord, CallMeta, Warning } from '../contract/call-meta.ts';
import type { TimeoutPhase } from '../contract/call-options.ts';
import type { Clock } from '../contract/provider.ts';
import { AnyLLMError } from '../errors/any-llm-error.ts';
import { TimeoutError } from '../errors/errors.ts';
import { Attempt, type Target } from './attempt.ts';
import { CallTimer } from './call-timer.ts';
import type { TimeLimits } from './time-limits.ts';

export interface CallSettings {
  clock: Clock;
  limits: TimeLimits;
  /** The caller's. */
  signal: AbortSignal | undefined;
  warnings: Warning[];
}

/**
 * One call from its start to its end, with what is common to its attempts: the caller's signal, the total deadline and
 * the account that becomes `meta`.
 */
export class Call {
  readonly clock: Clock;
  readonly limits: TimeLimits;
  readonly timer: CallTimer;
  readonly #signal: AbortSignal | undefined;
  readonly #warnings: Warning[];
  readonly #attempts: AttemptRecord[] = [];
  #attempt: Attempt | undefined;
  #firstTokenMs: number | undefined;

  /** @throws the signal's reason when it is aborted already */
  constructor({ clock, limits, signal, warnings }: CallSettings) {
    signal?.throwIfAborted();
    this.clock = clock;
    this.limits = limits;
    this.#signal = signal;
    this.#warnings = warnings;
    this.timer = new CallTimer(clock, limits, this.#timeOut);
    signal?.addEventListener('abort', this.#abort);
  }

  get elapsedMs(): number {
    return this.clock.now() - this.timer.startedAt;
  }

  begin(target: Target): Attempt {
    this.#attempt = new Attempt(this, target);
    this.timer.startAttempt(target.streamed);
    return this.#attempt;
  }

  warn(warning: Warning): void {
    this.#warnings.push(warning);
  }

  /** The first content of a stream has come. */
  firstToken(): void {
    this.#firstTokenMs ??= this.elapsedMs;
    this.timer.firstTokenArrived();
  }

  /** An attempt is over, its record complete. */
  recordAttempt(record: AttemptRecord): void {
    this.#attempts.push(record);
    this.timer.endAttempt();
  }

  /** The call is over: nothing of it stays behind. */
  end(): void {
    this.timer.stop();
    this.#signal?.removeEventListener('abort', this.#abort);
  }

  /** Ends the call with this error, which gets the account of the attempts. */
  fail(error: unknown): unknown {
    this.end();
    if (AnyLLMError.isInstance(error)) error.attempts = this.#attempts;
    return error;
  }

  meta({ provider, modelId, answer }: Attempt): CallMeta {
    return {
      provider: provider.id,
      model: modelId,
      attempts: this.#attempts,
      queueMs: 0,
      ...(this.#firstTokenMs !== undefined && { firstTokenMs: this.#firstTokenMs }),
      totalMs: this.elapsedMs,
      ...(answer?.requestId !== undefined && { requestId: answer.requestId }),
      ...(answer?.rateLimit !== undefined && { rateLimit: answer.rateLimit }),
      warnings: this.#warnings,
    };
  }

  readonly #abort = (): void => {
    this.end();
    this.#attempt?.abort(this.#signal?.reason);
  };

  readonly #timeOut = (phase: TimeoutPhase): void => {
    const attempt = this.#attempt;
    if (!attempt) return;
    const { provider, modelId } = attempt;
    const timeoutMs = this.limits[phase];
    if (phase === 'total') this.end();
    attempt.abort(
      new TimeoutError(`${provider.id}: no ${awaited[phase]} within ${timeoutMs} ms (timeout.${phase})`, {
        provider: provider.id,
        model: modelId,
        phase,
        timeoutMs,
        retryable: phase !== 'total',
      }),
    );
  };
}

const awaited: Record<TimeoutPhase, string> = {
  total: 'complete answer',
  attempt: 'complete answer to one attempt',
  connect: 'connection',
  headers: 'response headers',
  firstToken: 'first token',
  idle: 'further token',
};
