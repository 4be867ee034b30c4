import type { RateLimitBucket } from '../../contract/call-meta.ts';
import type { LimitFeedback } from './limiter.ts';

/** After a pause the first calls leave this far apart, each a tenth sooner than the one before: 20 take 1.8 seconds. */
const firstSpacingMs = 200;
const spacingFactor = 0.9;
/** Below this the pause is over. */
const leastSpacingMs = 5;
const longestSpacingMs = 5_000;
/** Nobody came for so long: what was learnt from the pause is out of date. */
const staleMs = 10_000;

/** A 429 without a hint: twice as long each time, until a call succeeds. */
const firstPauseMs = 1_000;
const longestPauseMs = 60_000;

/** What is in flight and has not been answered: the server may not have counted it yet. */
export interface Unanswered {
  count: number;
  tokens: number;
}

interface Budget {
  isTokens: boolean;
  limit: number | undefined;
  remaining: number;
  untilMs: number;
  windowMs: number;
  /** It is the one that follows the server's, by assumption. */
  assumed: boolean;
}

/**
 * The pace that the server sets for the whole lane. A 429, or a bucket of which nothing is left, closes it until the
 * server's time; then calls leave one by one, ever closer. A bucket of which something is left lets only so much
 * through until its reset, minus what is in flight. Two readings of a reset exist (a window that ends, or the time
 * until a leaking bucket is full); this is safe for both.
 */
export class ServerPace {
  #closedAtMs = Number.NEGATIVE_INFINITY;
  #closedUntilMs = Number.NEGATIVE_INFINITY;
  #nextStartMs = Number.NEGATIVE_INFINITY;
  #spacingMs = 0;
  /** Of 429s in a row, echoes not counted. */
  #refusals = 0;
  readonly #budgets = new Map<string, Budget>();

  /** Whether there is anything to ask `waitMs` for. */
  get isActive(): boolean {
    return this.#spacingMs > 0 || this.#budgets.size > 0;
  }

  get closedUntilMs(): number {
    return this.#closedUntilMs;
  }

  /** Milliseconds until a call of so many tokens may start. */
  waitMs(tokens: number, nowMs: number): number {
    this.refresh(nowMs);
    let untilMs = Math.max(this.#closedUntilMs, this.#nextStartMs);
    for (const budget of this.#budgets.values()) {
      if (!fits(budget, tokens)) untilMs = Math.max(untilMs, budget.untilMs);
    }
    return Math.max(0, untilMs - nowMs);
  }

  /** The same for one behind so many others. */
  estimateMs(tokens: number, nowMs: number, before: number): number {
    const spreadMs = (this.#spacingMs * (1 - spacingFactor ** before)) / (1 - spacingFactor);
    return this.waitMs(tokens, nowMs) + spreadMs;
  }

  started(tokens: number, nowMs: number): void {
    for (const budget of this.#budgets.values()) budget.remaining -= budget.isTokens ? tokens : 1;
    if (this.#spacingMs === 0) return;
    this.#nextStartMs = nowMs + this.#spacingMs;
    this.#spacingMs *= spacingFactor;
    if (this.#spacingMs < leastSpacingMs) this.#endSpacing();
  }

  /**
   * Takes in what the server said in answer to a call that started then.
   * @returns for how many milliseconds it closes the lane; 0 when it does not
   */
  observe(feedback: LimitFeedback, unanswered: Unanswered, startedAtMs: number, nowMs: number): number {
    const isEcho = startedAtMs <= this.#closedAtMs;
    const { outcome, rateLimit = {} } = feedback;
    const hintMs = hintOf(feedback);
    if (outcome === 'ok' && !isEcho) this.#refusals = 0;
    if (outcome === 'rate_limited' && !isEcho) this.#refusals++;
    const exhausted = this.#readBuckets(rateLimit, unanswered, nowMs, hintMs !== undefined);
    const pauseMs = hintMs ?? exhausted.resetMs ?? (outcome === 'rate_limited' && !isEcho ? this.#unhintedPause() : 0);
    if (pauseMs > 0) this.#close(pauseMs, exhausted.spacingMs, nowMs, isEcho);
    return pauseMs;
  }

  /** Forgets what is over. */
  refresh(nowMs: number): void {
    if (this.#spacingMs > 0 && nowMs > this.#nextStartMs + staleMs) this.#endSpacing();
    for (const [name, budget] of this.#budgets) {
      if (budget.untilMs <= nowMs && !renewBudget(budget, nowMs)) this.#budgets.delete(name);
    }
  }

  #endSpacing(): void {
    this.#spacingMs = 0;
    this.#nextStartMs = Number.NEGATIVE_INFINITY;
    this.#closedUntilMs = Number.NEGATIVE_INFINITY;
  }

  #unhintedPause(): number {
    return Math.min(longestPauseMs, firstPauseMs * 2 ** (this.#refusals - 1));
  }

  #close(pauseMs: number, spacingMs: number, nowMs: number, isEcho: boolean): void {
    if (!isEcho) this.#closedAtMs = nowMs;
    this.#closedUntilMs = Math.max(this.#closedUntilMs, nowMs + pauseMs);
    this.#nextStartMs = Math.max(this.#nextStartMs, this.#closedUntilMs);
    const rampMs = firstSpacingMs * 2 ** Math.max(0, this.#refusals - 1);
    this.#spacingMs = Math.min(longestSpacingMs, Math.max(rampMs, spacingMs));
  }

  #readBuckets(snapshot: Record<string, RateLimitBucket>, unanswered: Unanswered, nowMs: number, hinted: boolean) {
    let resetMs: number | undefined;
    let spacingMs = 0;
    for (const name in snapshot) {
      const bucket = snapshot[name] as RateLimitBucket;
      const budget = toBudget(name, bucket, nowMs);
      if (budget === undefined) continue;
      if (bucket.remaining !== 0) {
        this.#budgets.set(name, deduct(budget, unanswered));
        continue;
      }
      if (!budget.isTokens && budget.limit) spacingMs = Math.max(spacingMs, budget.windowMs / budget.limit);
      this.#budgets.delete(name);
      if (hinted) continue; // the server's own word is more exact than the time until the bucket is full
      resetMs = Math.max(resetMs ?? 0, budget.windowMs);
      if (renewBudget(budget, budget.untilMs)) this.#budgets.set(name, budget);
    }
    return { resetMs, spacingMs };
  }
}

/** A server that says "at once" is believed: the calls leave one by one from now on, and no pause grows. */
function hintOf({ outcome, retryAfterMs }: LimitFeedback): number | undefined {
  if (outcome === 'ok') return undefined;
  return outcome === 'rate_limited' && retryAfterMs === 0 ? 1 : positive(retryAfterMs);
}

/** A full budget lets anything through: what is greater than all of it would else wait for ever. */
function fits({ isTokens, remaining, limit }: Budget, tokens: number): boolean {
  return remaining >= (isTokens ? tokens : 1) || (limit !== undefined && remaining >= limit);
}

/** What vendors call `requests`, `req-minute`, `tokens`, `tokens-minute`, …; other buckets are not for starts. */
function toBudget(name: string, { limit, remaining, resetMs }: RateLimitBucket, nowMs: number): Budget | undefined {
  const isTokens = name.includes('token');
  const windowMs = positive(resetMs);
  if ((!isTokens && !name.includes('req')) || windowMs === undefined) return undefined;
  if (remaining === undefined || !(remaining >= 0)) return undefined;
  return { isTokens, limit: positive(limit), remaining, untilMs: nowMs + windowMs, windowMs, assumed: false };
}

function deduct(budget: Budget, unanswered: Unanswered): Budget {
  budget.remaining -= budget.isTokens ? unanswered.tokens : unanswered.count;
  return budget;
}

/** The window after the server's is held to its limit too, until an answer tells more; the next is not. */
function renewBudget(budget: Budget, nowMs: number): boolean {
  budget.untilMs += budget.windowMs;
  if (budget.assumed || budget.limit === undefined || budget.untilMs <= nowMs) return false;
  budget.assumed = true;
  budget.remaining = budget.limit;
  return true;
}

/** Headers can be malformed: what is no number above 0 says nothing. */
function positive(value: number | undefined): number | undefined {
  return value !== undefined && value > 0 && value < Infinity ? value : undefined;
}
