import { OverloadedError } from '../errors/errors.ts';
import { leftByCaller, type Target } from './attempt.ts';
import type { Call } from './call.ts';
import { fallsBack } from './falls-back.ts';
import { nextRetry } from './retry/next-retry.ts';
import { wait } from './retry/wait.ts';
import type { CallPlan } from './run-call.ts';

type Plan<To extends Target> = Pick<CallPlan<unknown, To>, 'fallback' | 'others' | 'retries'>;

/** What a call does about its failed attempts: first the same model again (retry), then the next one (fallback). */
export class Recovery<To extends Target> {
  readonly #call: Call;
  readonly #plan: Plan<To>;
  readonly #random: () => number;
  /** At the present target, from 1. */
  #attempts = 1;
  /** How many of the others have had their turn. */
  #passed = 0;

  constructor(call: Call, plan: Plan<To>, random: () => number) {
    this.#call = call;
    this.#plan = plan;
    this.#random = random;
  }

  /**
   * Waits until the next attempt may begin.
   * @returns whom it asks
   * @throws the error when no further attempt follows it
   */
  async next(error: unknown, target: To): Promise<To> {
    try {
      this.#call.signal.throwIfAborted(); // while this was being loaded
      await this.#waitForRetry(error);
      this.#attempts++;
      return target;
    } catch (final) {
      target.balanced?.fail(this.#call.aborted ? leftByCaller : final);
      return this.#fallBack(final);
    }
  }

  /** @throws the error when there is no retry */
  async #waitForRetry(error: unknown): Promise<void> {
    const isLast = this.#passed === this.#plan.others.length;
    if (!isLast && isOpenCircuit(error)) throw error;
    const { timeLeftMs, limits, signal, clock } = this.#call;
    const policy = this.#plan.retries;
    const attempt = this.#attempts;
    const retry = nextRetry({ error, attempt, policy, timeLeftMs, timeoutMs: limits.total, random: this.#random });
    if (!retry) throw error;
    const { delayMs } = retry;
    this.#call.waits(delayMs);
    policy.onRetry?.({ attempt, delayMs, error });
    await wait(delayMs, { signal, clock });
  }

  /** @throws the error when nobody else is asked, or that of the last who cannot be */
  async #fallBack(error: unknown): Promise<To> {
    const { others, fallback } = this.#plan;
    const { when = fallsBack } = fallback;
    const next = others[this.#passed];
    if (!next || this.#call.aborted || !when(error)) throw error;
    this.#passed++;
    try {
      const target = await next();
      this.#attempts = 1;
      target.balanced?.begin();
      return target;
    } catch (failure) {
      return this.#fallBack(failure);
    }
  }
}

/** Refused by the circuit, and not by a server: there is no need to wait for it while another model can be asked. */
function isOpenCircuit(error: unknown): boolean {
  return OverloadedError.isInstance(error) && error.status === undefined;
}
