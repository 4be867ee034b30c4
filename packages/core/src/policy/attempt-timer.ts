import type { TimeoutPhase } from '../contract/call-options.ts';
import type { Clock } from '../contract/provider.ts';
import type { TimeLimits } from './time-limits.ts';

/** The phases of an attempt that follow one another. */
export type AttemptPhase = 'connect' | 'headers' | 'idle';

/** Longer delays fire at once (the delay is a signed 32-bit integer): they are waited for in steps. */
const longestDelayMs = 2 ** 31 - 1;

export interface AttemptTimerSettings {
  clock: Clock;
  limits: TimeLimits;
  /** When the call began, of which the total counts. */
  callStartedAt: number;
  streamed: boolean;
  onTimeout: (phase: TimeoutPhase) => void;
}

/**
 * Every time limit of an attempt, and the rest of the call's total, on one timer. Entering a phase mostly only notes when it is due: the timer is set anew
 * only for an earlier point, and a timer that comes too early sets itself again for the rest.
 */
export class AttemptTimer {
  readonly #clock: Clock;
  readonly #limits: TimeLimits;
  readonly #onTimeout: (phase: TimeoutPhase) => void;
  readonly #totalDue: number;
  readonly #attemptDue: number;
  #firstTokenDue = Number.POSITIVE_INFINITY;
  #phase: AttemptPhase = 'connect';
  #phaseDue = Number.POSITIVE_INFINITY;
  #timerDue = Number.POSITIVE_INFINITY;
  #cancelTimer: (() => void) | undefined;
  #hold = true;

  constructor({ clock, limits, callStartedAt, streamed, onTimeout }: AttemptTimerSettings) {
    this.#clock = clock;
    this.#limits = limits;
    this.#onTimeout = onTimeout;
    const now = clock.now();
    this.#totalDue = callStartedAt + limits.total;
    this.#attemptDue = now + limits.attempt;
    if (streamed) this.#firstTokenDue = now + limits.firstToken;
    this.#enter('connect', now, 0);
  }

  firstTokenArrived(): void {
    this.#firstTokenDue = Number.POSITIVE_INFINITY;
  }

  /** @param alreadyMs how much of the phase's time has been used before */
  enter(phase: AttemptPhase, alreadyMs = 0): void {
    this.#enter(phase, this.#clock.now(), alreadyMs);
  }

  /** No phase is under way: only the limits that span several count. */
  leavePhase(): void {
    this.#phaseDue = Number.POSITIVE_INFINITY;
  }

  /**
   * From here on the limits keep the process alive no longer. For a stream in the hands of its consumer: who reads is
   * held by the socket, and one that nobody reads would hold the process until its deadline.
   */
  letGo(): void {
    this.#hold = false;
    this.stop();
    this.#arm(this.#clock.now());
  }

  stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#timerDue = Number.POSITIVE_INFINITY;
  }

  #enter(phase: AttemptPhase, now: number, alreadyMs: number): void {
    this.#phase = phase;
    this.#phaseDue = now + this.#limits[phase] - alreadyMs;
    this.#arm(now);
  }

  #arm(now: number): void {
    const due = Math.min(this.#totalDue, this.#attemptDue, this.#firstTokenDue, this.#phaseDue);
    if (due >= this.#timerDue) return;
    this.#cancelTimer?.();
    this.#timerDue = due;
    const delayMs = Math.min(Math.max(Math.ceil(due - now), 0), longestDelayMs);
    this.#cancelTimer = this.#clock.schedule(() => this.#fire(), delayMs, { hold: this.#hold });
  }

  #fire(): void {
    this.#cancelTimer = undefined;
    this.#timerDue = Number.POSITIVE_INFINITY;
    const now = this.#clock.now();
    if (now >= this.#totalDue) this.#onTimeout('total');
    else if (now >= this.#attemptDue) this.#onTimeout('attempt');
    else if (now >= this.#firstTokenDue) this.#onTimeout('firstToken');
    else if (now >= this.#phaseDue) this.#onTimeout(this.#phase);
    else this.#arm(now);
  }
}
