import type { AttemptRecord, CallMeta } from '../contract/call-meta.ts';
import type { Clock } from '../contract/provider.ts';
import { AnyLLMError } from '../errors/any-llm-error.ts';
import { atCaller } from '../errors/at-caller.ts';
import { TimeoutError } from '../errors/errors.ts';
import { type Attempt, leftByCaller } from './attempt.ts';
import type { Bill } from './cost/spending.ts';
import type { TimeLimits } from './time-limits.ts';

export interface CallSettings {
  clock: Clock;
  limits: TimeLimits;
  /** The caller's. */
  signal: AbortSignal | undefined;
  /** Of a part: when the whole began, whose deadline is its own. Default: now. */
  startedAt?: number | undefined;
  /** Where the client keeps an account of what is spent. */
  bill?: Bill | undefined;
}

/**
 * One call from its start to its end, with what is common to its attempts: the caller's signal, the total deadline and
 * the account that becomes `meta`.
 */
export class Call {
  readonly clock: Clock;
  readonly limits: TimeLimits;
  readonly startedAt: number;
  readonly bill: Bill | undefined;
  /** Time spent waiting for a slot, in milliseconds. */
  queueMs = 0;
  /** From the start to the first content of a stream, in milliseconds. */
  firstTokenMs: number | undefined;
  readonly #records: AttemptRecord[] = [];
  readonly #callerSignal: AbortSignal | undefined;
  /** Made when something waits for it. */
  #controller: AbortController | undefined;
  #cancelled: { reason: unknown } | undefined;
  /** Those under way: one, or two while a call is hedged. */
  readonly #attempts = new Set<Attempt>();

  /** @throws the signal's reason when it is aborted already */
  constructor({ clock, limits, signal, bill, startedAt = clock.now() }: CallSettings) {
    signal?.throwIfAborted();
    this.clock = clock;
    this.limits = limits;
    this.bill = bill;
    this.#callerSignal = signal;
    this.startedAt = startedAt;
    signal?.addEventListener('abort', this.#abort);
  }

  /** Aborts with the call, for whatever waits between its attempts. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#cancelled) this.#controller.abort(this.#cancelled.reason);
    return this.#controller.signal;
  }

  get aborted(): boolean {
    return this.#cancelled !== undefined;
  }

  get elapsedMs(): number {
    return this.clock.now() - this.startedAt;
  }

  /** Until the total deadline, in milliseconds; not below 0. */
  get timeLeftMs(): number {
    return Math.max(0, this.limits.total - this.elapsedMs);
  }

  attemptBegins(attempt: Attempt): void {
    this.#attempts.add(attempt);
    if (this.#cancelled) attempt.abort(this.#cancelled.reason, leftByCaller); // between two of our own turns
  }

  attemptEnds(attempt: Attempt, record: AttemptRecord): void {
    this.#attempts.delete(attempt);
    this.#records.push(record);
  }

  /** The next attempt begins after this wait. */
  waits(delayMs: number): void {
    const last = this.#records.at(-1);
    if (last) last.waitMs = delayMs;
  }

  /** The first content of a stream has come. */
  firstToken(): void {
    this.firstTokenMs ??= this.elapsedMs;
  }

  /** The call is over: nothing of it stays behind. */
  end(): void {
    this.#callerSignal?.removeEventListener('abort', this.#abort);
  }

  /**
   * Ends the call with this error, which gets the account of the attempts, and a stack that leads to the caller: it was
   * made where a socket was read or a timer fired. The reason of the caller's abort gets neither, since it may be the
   * error of another call.
   */
  fail(error: unknown): unknown {
    this.end();
    if (!AnyLLMError.isInstance(error) || this.isCallersReason(error)) return error;
    error.attempts = this.#records;
    return atCaller(error, this.fail);
  }

  /** Whether it is why the caller aborted: that stays as it is. */
  isCallersReason(error: unknown): boolean {
    return this.#callerSignal?.aborted === true && error === this.#callerSignal.reason;
  }

  /** The total deadline has passed between two attempts, or in the queue. */
  deadlinePassed(provider: string, model: string, cause: unknown): TimeoutError {
    const timeoutMs = this.limits.total;
    const message = `${provider}: no complete answer within ${timeoutMs} ms (timeout.total)`;
    return new TimeoutError(message, { provider, model, phase: 'total', timeoutMs, cause });
  }

  meta({ provider, modelId, answer, warnings }: Attempt): CallMeta {
    const { queueMs, firstTokenMs, elapsedMs: totalMs } = this;
    const meta: CallMeta = {
      provider: provider.id,
      model: modelId,
      attempts: this.#records,
      queueMs,
      totalMs,
      warnings,
    };
    if (firstTokenMs !== undefined) meta.firstTokenMs = firstTokenMs;
    if (this.bill?.cost !== undefined) meta.cost = this.bill.cost;
    if (answer?.requestId !== undefined) meta.requestId = answer.requestId;
    if (answer?.rateLimit !== undefined) meta.rateLimit = answer.rateLimit;
    return meta;
  }

  /** Ends whatever is under way, and begins nothing more. */
  cancel(reason: unknown): void {
    if (this.#cancelled) return;
    this.#cancelled = { reason };
    this.end();
    this.#controller?.abort(reason);
    for (const attempt of this.#attempts) attempt.abort(reason, leftByCaller);
  }

  readonly #abort = (): void => this.cancel(this.#callerSignal?.reason);
}
