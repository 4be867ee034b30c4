import type { RateLimitSnapshot } from '../../contract/call-meta.ts';
import type { Clock } from '../../contract/provider.ts';
import { busyLanes } from '../../late-parts.ts';
import type { BusyLane } from './busy-lane.ts';
import { LaneCount } from './lane-count.ts';
import type { Limits } from './limit-settings.ts';
import type { AcquireOptions, Lease, Limiter, LimiterStats, LimitFeedback } from './limiter.ts';
import type { LaneIdentity } from './refusals.ts';
import { Ticket, type TicketLane } from './ticket.ts';

export interface LaneSettings extends LaneIdentity {
  limits: Limits;
  clock: Clock;
  /** What the lane is called in the store. */
  storeKey: string;
}

/**
 * The calls that share limits. As long as nothing is in the way it only counts them, and each starts in the same
 * synchronous step. When one has to wait, or the server asks for it, it becomes a busy lane for good. While that is
 * loaded for the first time, new calls wait: what is in the way may concern them.
 */
export class Lane implements Omit<Limiter, 'run'>, TicketLane {
  readonly #settings: LaneSettings;
  readonly #count = new LaneCount();
  #busy: BusyLane | undefined;
  #becomingBusy: Promise<BusyLane> | undefined;
  /** How many wait for it. */
  #entering = 0;

  constructor(settings: LaneSettings) {
    this.#settings = settings;
    if (needsMoreThanCounting(settings.limits)) this.#whenBusy(() => {});
  }

  get countsTokens(): boolean {
    return this.#settings.limits.tokensPerMinute !== undefined;
  }

  get stats(): LimiterStats {
    if (this.#busy) return this.#busy.stats;
    const { concurrency: limit } = this.#settings.limits;
    return { running: this.#count.running, queued: this.#entering, limit, closedMs: 0, storeErrors: 0 };
  }

  /** Nothing runs or waits, and nothing of the past would hold up a call: the lane may be forgotten. */
  get isIdle(): boolean {
    return this.#busy?.isIdle ?? (this.#count.running === 0 && !this.#becomingBusy);
  }

  acquire(options: AcquireOptions = {}): Promise<Lease> {
    return new Promise((resolve, reject) => this.enter(new Ticket(this, options, resolve, reject)));
  }

  /** A place that is free at this moment, without a promise; `undefined` when it has to be waited for. */
  tryAcquire(tokens = 0): Lease | undefined {
    const nowMs = this.#settings.clock.now();
    if (!(this.#busy?.isFree(tokens, nowMs) ?? this.#isFree)) return undefined;
    const ticket = new Ticket(this, { tokens });
    ticket.enqueuedAtMs = nowMs;
    if (this.#busy) this.#busy.start(ticket, nowMs);
    else this.#start(ticket, nowMs);
    return ticket;
  }

  feedback(feedback: LimitFeedback): void {
    if (this.#busy || !this.#isHarmless(feedback)) this.#whenBusy((busy) => busy.feedback(feedback));
  }

  /** @internal */
  observe(feedback: LimitFeedback, ticket: Ticket): void {
    this.#count.answer(ticket);
    if (this.#busy) this.#busy.observe(feedback, ticket);
    else if (!this.#isHarmless(feedback)) this.#whenBusy((busy) => busy.observe(feedback, ticket));
  }

  /** @internal */
  release(ticket: Ticket, tokens: number | undefined): void {
    if (this.#count.end(ticket)) this.#busy?.released(ticket, tokens);
  }

  /** @internal */
  abandon(ticket: Ticket): void {
    this.#busy?.abandon(ticket);
  }

  /** @internal */
  enter(ticket: Ticket): void {
    const nowMs = this.#settings.clock.now();
    ticket.enqueuedAtMs = nowMs;
    if (this.#busy) this.#busy.enter(ticket, nowMs);
    else if (ticket.isAborted) ticket.abort();
    else if (this.#isFree) this.#start(ticket, nowMs);
    else this.#waitToEnter(ticket);
  }

  get #isFree(): boolean {
    return this.#becomingBusy === undefined && this.#count.running < this.#settings.limits.concurrency;
  }

  #start(ticket: Ticket, nowMs: number): void {
    this.#count.start(ticket, nowMs);
    ticket.begin();
  }

  #waitToEnter(ticket: Ticket): void {
    this.#entering++;
    const enter = (busy: BusyLane) => {
      this.#entering--;
      busy.enter(ticket, this.#settings.clock.now());
    };
    const refuse = (error: unknown) => {
      this.#entering--;
      ticket.refuse(error);
    };
    this.#whenBusy(enter, refuse);
  }

  /** @param failed told when it could not be loaded. Default: nobody; whoever needs it next tries again. */
  #whenBusy(go: (busy: BusyLane) => void, failed: (error: unknown) => void = () => {}): void {
    const busy = this.#becomeBusy();
    if (busy instanceof Promise) busy.then(go, failed);
    else go(busy);
  }

  #becomeBusy(): BusyLane | Promise<BusyLane> {
    if (this.#busy) return this.#busy;
    const module = busyLanes();
    if (!(module instanceof Promise)) return this.#handOver(module);
    this.#becomingBusy ??= this.#load(module);
    return this.#becomingBusy;
  }

  async #load(module: Promise<typeof import('./busy-lane.ts')>): Promise<BusyLane> {
    try {
      return this.#handOver(await module);
    } finally {
      this.#becomingBusy = undefined;
    }
  }

  #handOver({ BusyLane }: typeof import('./busy-lane.ts')): BusyLane {
    this.#busy ??= new BusyLane(this.#settings, this.#count);
    return this.#busy;
  }

  /** Whether it holds nobody up. A timeout or an overload without a hint only count where the limit is adaptive. */
  #isHarmless({ outcome, retryAfterMs = 0, rateLimit }: LimitFeedback): boolean {
    const demands = outcome !== 'ok' && (outcome === 'rate_limited' || retryAfterMs > 0);
    return !demands && !(rateLimit && isScarce(rateLimit, this.#settings.limits.concurrency));
  }
}

/** So little is left that the calls which may run at once could use it up before the next answer tells. */
function isScarce(snapshot: RateLimitSnapshot, concurrency: number): boolean {
  return Object.values(snapshot).some(({ remaining = Infinity }) => remaining < 2 * concurrency);
}

function needsMoreThanCounting({ store, requestsPerMinute, tokensPerMinute, adaptive }: Limits): boolean {
  return Boolean(store || requestsPerMinute || tokensPerMinute || adaptive);
}
