import { systemClock } from '../../clock.ts';
import type { Clock } from '../../contract/provider.ts';
import { AnyLLMError } from '../../errors/any-llm-error.ts';
import { OverloadedError } from '../../errors/errors.ts';
import type { BreakerSettings } from './breaker-options.ts';
import { FailureWindow } from './failure-window.ts';

/** What a breaker needs to know of the calls that it guards. */
export interface BreakerContext {
  /** For the refusal. */
  provider?: string;
  /** For the refusal. */
  model?: string;
  /** What the refusal calls the task. Default `provider/model`. */
  name?: string;
  clock?: Clock;
  random?: () => number;
}

/** A call may be made. Of the three ends the first one counts. One that never ends does not block the circuit. */
export interface Permit {
  readonly allowed: true;
  /** The server has answered. */
  succeed(): void;
  /**
   * An answer that is not the server's failure (a wrong key, a rate limit) is a success here, and an error that never
   * reached the server is nothing, like `cancel`.
   */
  fail(error: unknown): void;
  /** The call was aborted, or did not take place: nothing is known, and the place of a probe is free again. */
  cancel(): void;
}

/** The call is skipped. */
export interface Refusal {
  readonly allowed: false;
  /** The earliest that another try makes sense, in milliseconds. */
  readonly retryAfterMs: number;
  /** What to throw where there is nothing to fall back to; retryable, with `retryAfterMs`. */
  toError(): OverloadedError;
}

/** Knows whether a server is well. Made by `createCircuitBreaker`. */
export interface CircuitBreaker {
  /** `half-open`: a probe may start or is under way. */
  readonly state: 'closed' | 'open' | 'half-open';
  /** Nothing would be lost with it: closed, and no calls in the window. */
  readonly idle: boolean;
  /** Asks whether a call may be made. A permit has to be told how the call ended. */
  tryEnter(): Permit | Refusal;
  /**
   * Runs the task if the circuit lets it, and counts how it ends; the signal tells an abort from a failure.
   * @throws OverloadedError at once while the circuit is open
   */
  run<T>(task: () => T | PromiseLike<T>, options?: { signal?: AbortSignal | undefined }): Promise<T>;
}

/** Probes of many clients that opened together are spread over this share of the hold. */
const holdSpread = 0.2;

/** The circuit of calls that tell it themselves how they end. */
export class Circuit implements Omit<CircuitBreaker, 'run'> {
  readonly #settings: BreakerSettings;
  readonly #context: BreakerContext;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #window: FailureWindow;
  /** Grows when the circuit opens or closes: how calls end that began before says nothing about now. */
  #era = 0;
  #closed = true;
  #holdMs: number;
  /** While open: the end of the hold, or of the time that the probe has. */
  #blockedUntil = 0;
  #probe: CircuitPermit | undefined;
  #openedBy = { calls: 0, failures: 0 };

  constructor(settings: BreakerSettings, context: BreakerContext) {
    this.#settings = settings;
    this.#context = context;
    this.#clock = context.clock ?? systemClock;
    this.#random = context.random ?? Math.random;
    this.#window = new FailureWindow(settings.windowMs, this.#clock);
    this.#holdMs = settings.holdMs;
  }

  get state(): CircuitBreaker['state'] {
    if (this.#closed) return 'closed';
    return this.#probe || this.#clock.now() >= this.#blockedUntil ? 'half-open' : 'open';
  }

  get idle(): boolean {
    return this.#closed && this.#window.totals().calls === 0;
  }

  tryEnter(): Permit | Refusal {
    if (this.#closed) return new CircuitPermit(this, this.#era);
    const now = this.#clock.now();
    if (now < this.#blockedUntil) return this.#refuse(this.#blockedUntil - now);
    this.#blockedUntil = now + this.#settings.maxHoldMs;
    this.#probe = new CircuitPermit(this, this.#era);
    return this.#probe;
  }

  succeed(permit: CircuitPermit): void {
    if (permit.era !== this.#era) return;
    if (this.#closed) this.#window.record(false);
    else this.#close();
  }

  fail(permit: CircuitPermit, error: unknown): void {
    if (!this.#settings.countsAsFailure(error)) {
      if (isAnswer(error)) this.succeed(permit);
      else this.cancel(permit);
    } else if (permit.era === this.#era) {
      if (this.#closed) this.#recordFailure();
      else this.#reopen();
    }
  }

  cancel(permit: CircuitPermit): void {
    if (permit !== this.#probe) return; // another probe has taken its place
    this.#probe = undefined;
    this.#blockedUntil = this.#clock.now();
  }

  #recordFailure(): void {
    const { minimumCalls, failureRatio } = this.#settings;
    this.#window.record(true);
    const totals = this.#window.totals();
    if (totals.calls < minimumCalls || totals.failures < totals.calls * failureRatio) return;
    this.#openedBy = totals;
    this.#open();
  }

  #reopen(): void {
    this.#holdMs = Math.min(this.#settings.maxHoldMs, this.#holdMs * 2);
    this.#open();
  }

  #open(): void {
    this.#era++;
    this.#closed = false;
    this.#probe = undefined;
    this.#blockedUntil = this.#clock.now() + this.#holdMs * (1 - this.#random() * holdSpread);
  }

  #close(): void {
    this.#era++;
    this.#closed = true;
    this.#probe = undefined;
    this.#holdMs = this.#settings.holdMs;
    this.#window.clear();
  }

  /** A probe may end at any moment: those who wait for it are not told to wait for all of its time. */
  #refuse(blockedMs: number): Refusal {
    const retryAfterMs = this.#probe ? Math.min(blockedMs, this.#settings.holdMs) : blockedMs;
    return { allowed: false, retryAfterMs, toError: () => this.#toError(retryAfterMs) };
  }

  #toError(retryAfterMs: number): OverloadedError {
    const { provider, model } = this.#context;
    const name = this.#context.name ?? ([provider, model].filter(Boolean).join('/') || 'the task');
    const { calls, failures } = this.#openedBy;
    const message =
      `${name}: skipped, its circuit is open after ${failures} of ${calls} calls failed; ` +
      `next try in ${Math.ceil(retryAfterMs)} ms`;
    return new OverloadedError(message, { provider, model, retryable: true, retryAfterMs });
  }
}

class CircuitPermit implements Permit {
  readonly allowed = true;
  readonly era: number;
  #circuit: Circuit | undefined;

  constructor(circuit: Circuit, era: number) {
    this.#circuit = circuit;
    this.era = era;
  }

  succeed(): void {
    this.#leave()?.succeed(this);
  }

  fail(error: unknown): void {
    this.#leave()?.fail(this, error);
  }

  cancel(): void {
    this.#leave()?.cancel(this);
  }

  #leave(): Circuit | undefined {
    const circuit = this.#circuit;
    this.#circuit = undefined;
    return circuit;
  }
}

/** The server has answered, if only to refuse. */
function isAnswer(error: unknown): boolean {
  return AnyLLMError.isInstance(error) && error.status !== undefined;
}
