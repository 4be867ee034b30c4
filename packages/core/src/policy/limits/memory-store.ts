import { systemClock } from '../../clock.ts';
import type { Clock } from '../../contract/provider.ts';
import { Gcra } from './gcra.ts';
import type { LimitStore, StoredEnd, StoredStart, StoreLimits, TakeResult } from './limit-store.ts';
import { RateWindow, windowMs } from './rate-window.ts';

/** How soon to ask again for a place that another limiter holds: nobody tells when it becomes free. */
const placePollMs = 50;

/** Keys of which nothing is left are dropped once in so many calls. */
const sweepEvery = 1024;

/** What comes before a start in its queue. */
export interface Ahead {
  count: number;
  tokens: number;
}

interface LeaseRecord {
  tokens: number;
  takenAtMs: number;
  expiresAtMs: number;
}

type Blocked = Omit<TakeResult, 'granted'>;

/** The state of one key. */
class KeyState {
  readonly leases = new Map<string, LeaseRecord>();
  heldUntilMs = Number.NEGATIVE_INFINITY;
  #requests: RateWindow | undefined;
  #tokens: RateWindow | undefined;
  #spread: Gcra | undefined;
  #limits: StoreLimits = {};

  /** The limits of the last caller are in force; what was spent before counts for them too. */
  configure(limits: StoreLimits): void {
    if (limits === this.#limits) return;
    const { requestsPerMinute, tokensPerMinute, burst } = limits;
    if (requestsPerMinute !== this.#limits.requestsPerMinute || burst !== this.#limits.burst) {
      this.#spread = requestsPerMinute && burst ? new Gcra(windowMs / requestsPerMinute, burst) : undefined;
    }
    this.#requests = adjustWindow(this.#requests, requestsPerMinute);
    this.#tokens = adjustWindow(this.#tokens, tokensPerMinute);
    this.#limits = limits;
  }

  blocked({ tokens }: { tokens: number }, nowMs: number, ahead: Ahead): Blocked | undefined {
    if (this.heldUntilMs > nowMs) return { waitMs: this.heldUntilMs - nowMs, limit: 'hold' };
    const tokensMs = this.#tokens?.waitMs(tokens, nowMs, ahead.tokens) ?? 0;
    const requestsMs = this.#requests?.waitMs(1, nowMs, ahead.count) ?? 0;
    const spreadMs = this.#spread?.waitMs(nowMs, ahead.count) ?? 0;
    const waitMs = Math.max(tokensMs, requestsMs, spreadMs);
    if (waitMs > 0) return { waitMs, limit: waitMs === tokensMs ? 'tokensPerMinute' : 'requestsPerMinute' };
    this.#dropExpired(nowMs);
    if (this.leases.size >= (this.#limits.concurrency ?? Infinity))
      return { waitMs: placePollMs, limit: 'concurrency' };
    return undefined;
  }

  start({ id, tokens }: StoredStart, nowMs: number, leaseMs: number): void {
    this.#requests?.spend(1, nowMs);
    this.#tokens?.spend(tokens, nowMs);
    this.#spread?.pass(nowMs);
    this.leases.set(id, { tokens, takenAtMs: nowMs, expiresAtMs: nowMs + leaseMs });
  }

  end({ id, tokens, unused }: StoredEnd, nowMs: number): void {
    const lease = this.leases.get(id);
    if (lease === undefined) return;
    this.leases.delete(id);
    if (unused) this.#undo(lease, nowMs);
    else if (tokens !== undefined) this.#settle(lease, tokens, nowMs);
  }

  renew(id: string, expiresAtMs: number): void {
    const lease = this.leases.get(id);
    if (lease === undefined) return;
    this.leases.delete(id); // to the end: the map is in the order of expiry
    this.leases.set(id, { ...lease, expiresAtMs });
  }

  isIdle(nowMs: number): boolean {
    this.#dropExpired(nowMs);
    if (this.leases.size > 0 || this.heldUntilMs > nowMs) return false;
    const isPaced = this.#spread ? !this.#spread.isIdle(nowMs) : false;
    return !isPaced && (this.#requests?.isEmpty(nowMs) ?? true) && (this.#tokens?.isEmpty(nowMs) ?? true);
  }

  #undo(lease: LeaseRecord, nowMs: number): void {
    this.#requests?.refund(1, lease.takenAtMs, nowMs);
    this.#tokens?.refund(lease.tokens, lease.takenAtMs, nowMs);
    this.#spread?.unpass();
  }

  /** What was used above the estimate counts from now: then it became known, and the server may have counted it late. */
  #settle(lease: LeaseRecord, tokens: number, nowMs: number): void {
    if (tokens < lease.tokens) this.#tokens?.refund(lease.tokens - tokens, lease.takenAtMs, nowMs);
    else if (tokens > lease.tokens) this.#tokens?.spend(tokens - lease.tokens, nowMs);
  }

  #dropExpired(nowMs: number): void {
    for (const [id, { expiresAtMs }] of this.leases) {
      if (expiresAtMs > nowMs) break;
      this.leases.delete(id);
    }
  }
}

function adjustWindow(window: RateWindow | undefined, limit: number | undefined): RateWindow | undefined {
  if (limit === undefined) return undefined;
  if (window === undefined) return new RateWindow(limit);
  window.limit = limit;
  return window;
}

const nobody: Ahead = { count: 0, tokens: 0 };
const allGranted = { waitMs: 0 };

/** The store of one process; it answers at once. Share one among limiters to let them share their limits. */
export class MemoryStore implements LimitStore {
  readonly #clock: Clock;
  readonly #keys = new Map<string, KeyState>();
  #calls = 0;

  constructor({ clock = systemClock }: { clock?: Clock } = {}) {
    this.#clock = clock;
  }

  /** How many keys there is a state of. */
  get size(): number {
    return this.#keys.size;
  }

  take(key: string, starts: readonly StoredStart[], limits: StoreLimits, leaseMs: number): TakeResult {
    const nowMs = this.#clock.now();
    const state = this.#stateOf(key, limits, nowMs);
    for (const [granted, start] of starts.entries()) {
      const blocked = state.blocked(start, nowMs, nobody);
      if (blocked) return { granted, ...blocked };
      state.start(start, nowMs, leaseMs);
    }
    return { granted: starts.length, ...allGranted };
  }

  finish(key: string, ends: readonly StoredEnd[]): void {
    const nowMs = this.#clock.now();
    for (const end of ends) this.#keys.get(key)?.end(end, nowMs);
  }

  renew(key: string, ids: readonly string[], leaseMs: number): void {
    const expiresAtMs = this.#clock.now() + leaseMs;
    for (const id of ids) this.#keys.get(key)?.renew(id, expiresAtMs);
  }

  hold(key: string, holdMs: number): void {
    const nowMs = this.#clock.now();
    const state = this.#stateOf(key, undefined, nowMs);
    state.heldUntilMs = Math.max(state.heldUntilMs, nowMs + holdMs);
  }

  /** What a start would have to wait behind others, as far as the rates tell. */
  estimate(key: string, start: { tokens: number }, limits: StoreLimits, ahead: Ahead): Blocked | undefined {
    const nowMs = this.#clock.now();
    return this.#stateOf(key, limits, nowMs).blocked(start, nowMs, ahead);
  }

  /** Nothing of this key would make a start wait or is under way. */
  isIdle(key: string): boolean {
    return this.#keys.get(key)?.isIdle(this.#clock.now()) ?? true;
  }

  #stateOf(key: string, limits: StoreLimits | undefined, nowMs: number): KeyState {
    if (++this.#calls % sweepEvery === 0) this.#sweep(nowMs);
    const state = this.#keys.get(key) ?? new KeyState();
    this.#keys.set(key, state);
    if (limits) state.configure(limits);
    return state;
  }

  #sweep(nowMs: number): void {
    for (const [key, state] of this.#keys) if (state.isIdle(nowMs)) this.#keys.delete(key);
  }
}
