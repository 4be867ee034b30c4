import type { Clock } from '../../contract/provider.ts';
import { AdaptiveLimit } from './adaptive-limit.ts';
import { Alarm } from './alarm.ts';
import type { LaneSettings } from './lane.ts';
import type { LaneCount } from './lane-count.ts';
import { LaneQueue } from './lane-queue.ts';
import { type Ledger, PrivateLedger } from './ledger.ts';
import { type DeskLane, LedgerDesk } from './ledger-desk.ts';
import type { Limits } from './limit-settings.ts';
import type { LimiterStats, LimitFeedback } from './limiter.ts';
import type { Ahead } from './memory-store.ts';
import { type Estimate, queueFull, waitedInVain, waitTooLong } from './refusals.ts';
import { ServerPace } from './server-pace.ts';
import { SharedLedger } from './shared-ledger.ts';
import type { Ticket } from './ticket.ts';
import { WaitEstimate } from './wait-estimate.ts';

/** Deadlines that pass close together are looked at together: each look goes through the whole queue. */
const deadlineSlackMs = 10;

const nobody: Ahead = { count: 0, tokens: 0 };

/**
 * A lane in which something is, or may be, in the way: a queue, a rate, a store, the server's own pace. A call that meets
 * nothing starts in the same synchronous step; otherwise it waits in the queue, and whatever makes room (an end, the
 * lane's one timer, an answer of the store) starts as many as fit.
 */
export class BusyLane implements DeskLane {
  readonly #settings: LaneSettings;
  readonly #limits: Limits;
  readonly #clock: Clock;
  readonly #queue = new LaneQueue<Ticket>();
  readonly #pace = new ServerPace();
  readonly #adaptive: AdaptiveLimit | undefined;
  readonly #ledger: Ledger | undefined;
  readonly #desk: LedgerDesk | undefined;
  readonly #estimates: WaitEstimate;
  /** Taken over from the lane, which counts no more. */
  readonly #count: LaneCount;
  #isPumping = false;
  #nextDeadlineMs = Infinity;
  readonly #alarm: Alarm;

  constructor(settings: LaneSettings, count: LaneCount) {
    const { limits, clock } = settings;
    this.#settings = settings;
    this.#count = count;
    this.#limits = limits;
    this.#clock = clock;
    this.#adaptive = limits.adaptive && new AdaptiveLimit(limits.adaptive, limits.concurrency);
    const ledger = createLedger(settings);
    this.#ledger = ledger;
    this.#desk = ledger && new LedgerDesk({ ledger, queue: this.#queue, lane: this, identity: settings, clock });
    this.#estimates = new WaitEstimate(limits, this.#pace, this.#ledger);
    this.#alarm = new Alarm(clock, () => this.#ring());
  }

  get stats(): LimiterStats {
    return {
      running: this.#count.running,
      queued: this.#queue.length + (this.#desk?.asking ?? 0),
      limit: this.#limit,
      closedMs: Math.max(0, this.#pace.closedUntilMs - this.#clock.now()),
      storeErrors: this.#ledger?.storeErrors ?? 0,
    };
  }

  /** Nothing runs or waits, and nothing of the past would hold up a call: the lane may be forgotten. */
  get isIdle(): boolean {
    if (this.#count.running > 0 || this.#queue.length > 0 || this.#desk?.asking) return false;
    this.#pace.refresh(this.#clock.now());
    return !this.#pace.isActive && (this.#ledger?.isIdle() ?? true);
  }

  enter(ticket: Ticket, nowMs: number): void {
    if (ticket.isAborted) ticket.abort();
    else if (this.isFree(ticket.tokens, nowMs)) this.start(ticket, nowMs);
    else this.#wait(ticket, nowMs);
  }

  /** The usual case: nothing is in the way, the server's word on what is left included. */
  isFree(tokens: number, nowMs: number): boolean {
    if (this.#queue.length > 0 || this.#ledger || this.#count.running >= this.#limit) return false;
    return !this.#pace.isActive || this.#pace.waitMs(tokens, nowMs) === 0;
  }

  feedback(feedback: LimitFeedback): void {
    this.#observe(feedback, this.#clock.now());
  }

  /** In answer to a call. */
  observe(feedback: LimitFeedback, ticket: Ticket): void {
    if (feedback.outcome === 'ok' && !feedback.rateLimit && !this.#adaptive && !this.#pace.isActive) return;
    this.#observe(feedback, ticket.startedAtMs);
  }

  /** A place has become free. */
  released(ticket: Ticket, tokens: number | undefined): void {
    this.#ledger?.finish(ticket, { tokens });
    this.#desk?.unblock();
    if (this.#queue.length > 0) this.#replace(ticket, this.#clock.now());
  }

  /** Durations count only where somebody waits: nobody else asks for them. */
  #replace({ startedAtMs }: Ticket, nowMs: number): void {
    this.#estimates.released(nowMs - startedAtMs);
    this.pump(nowMs);
  }

  /** The caller aborts: also while the store is being asked, whose answer is then given back. */
  abandon(ticket: Ticket): void {
    if (ticket.state === 'queued') this.#queue.remove(ticket);
    ticket.abort();
    this.pump(this.#clock.now()); // the next in line may need less
  }

  get #limit(): number {
    return this.#adaptive?.current ?? this.#limits.concurrency;
  }

  #wait(ticket: Ticket, nowMs: number): void {
    this.#queue.push(ticket);
    if (this.#isPumping)
      queueMicrotask(() => this.admit(ticket, nowMs)); // a task's own call: the loop may start it yet
    else if (this.#count.running < this.#limit) this.pump(nowMs);
    if (!this.#isPumping) this.admit(ticket, nowMs);
    if (ticket.state === 'queued' || ticket.state === 'taking') ticket.listen();
  }

  /** Whether it may wait is asked after it could not start, so that nobody is refused who need not wait. */
  admit(ticket: Ticket, nowMs: number, ahead?: Ahead): void {
    if (ticket.state !== 'queued') return;
    const isNew = !ticket.admitted;
    ticket.admitted = true;
    if (isNew && this.#queue.length > this.#limits.maxQueue) {
      const { waitMs } = this.#estimate(ticket, ahead ?? this.#aheadOf(ticket), nowMs);
      this.#refuse(ticket, queueFull(this.#settings, this.#limits.maxQueue, waitMs));
    } else if (ticket.maxWaitMs < Infinity) {
      if (isNew) this.#refuseIfLate(ticket, ahead ?? this.#aheadOf(ticket), nowMs);
      if (ticket.state === 'queued') this.#watchDeadline(ticket.deadlineMs, nowMs);
    }
  }

  #refuseIfLate(ticket: Ticket, ahead: Ahead, nowMs: number): void {
    const estimate = this.#estimate(ticket, ahead, nowMs);
    const leftMs = ticket.deadlineMs - nowMs;
    if (leftMs <= 0) this.#refuse(ticket, waitedInVain(this.#settings, estimate, ticket.maxWaitMs));
    else if (estimate.waitMs > leftMs) this.#refuse(ticket, waitTooLong(this.#settings, estimate, leftMs));
  }

  #refuse(ticket: Ticket, reason: unknown): void {
    if (ticket.state === 'queued') this.#queue.remove(ticket);
    ticket.refuse(reason);
    if (this.#queue.length === 0) this.#disarm();
  }

  /** Of a ticket that has just been added to the queue. */
  #aheadOf({ priority, tokens }: Ticket): Ahead {
    const before = this.#queue.before(priority);
    return { count: before.count - 1, tokens: before.tokens - tokens };
  }

  #estimate(ticket: Ticket, ahead: Ahead, nowMs: number): Estimate {
    return this.#estimates.of(ticket, ahead, { limit: this.#limit, running: this.#count.running }, nowMs);
  }

  #observe(feedback: LimitFeedback, startedAtMs: number): void {
    const nowMs = this.#clock.now();
    if (feedback.outcome === 'ok') this.#adaptive?.succeed(this.#count.running);
    else if (feedback.outcome !== undefined) this.#adaptive?.fail(startedAtMs, nowMs);
    const closedMs = this.#pace.observe(feedback, this.#count.unanswered, startedAtMs, nowMs);
    if (closedMs > 0) {
      this.#ledger?.hold(closedMs);
      this.#refuseLate(nowMs);
    }
    if (this.#queue.length > 0) this.pump(nowMs);
  }

  /** Starts what fits. A task that ends at once comes back here: the loop goes on, the stack does not grow. */
  pump(nowMs: number): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    let readyAtMs = 0;
    while (readyAtMs === 0) readyAtMs = this.#startNext(nowMs);
    this.#isPumping = false;
    this.#arm(readyAtMs, nowMs);
  }

  /** @returns 0 after a start, else when to look again; `Infinity` when an end or an answer will bring it about */
  #startNext(nowMs: number): number {
    const ticket = this.#queue.peek();
    if (!ticket || this.#count.running >= this.#limit || this.#desk?.asking) return Infinity;
    if (this.#pace.isActive) {
      const waitMs = this.#pace.waitMs(ticket.tokens, nowMs);
      if (waitMs > 0) return nowMs + waitMs;
    }
    if (this.#desk) return this.#desk.ask(ticket, this.#pace.isActive ? 1 : this.#limit - this.#count.running, nowMs);
    this.#queue.shift();
    this.start(ticket, nowMs);
    return 0;
  }

  /** For how long the server keeps the lane closed; 0 when it is open. */
  pauseMs(nowMs: number): number {
    return this.#pace.isActive ? this.#pace.waitMs(0, nowMs) : 0;
  }

  /** Another process has met a 429: the calls of this one too leave one by one afterwards. */
  heldElsewhere(waitMs: number, nowMs: number): void {
    this.#pace.observe({ retryAfterMs: waitMs }, this.#count.unanswered, nowMs, nowMs);
  }

  start(ticket: Ticket, nowMs: number): void {
    this.#count.start(ticket, nowMs);
    if (this.#pace.isActive) this.#pace.started(ticket.tokens, nowMs);
    ticket.begin();
  }

  #watchDeadline(deadlineMs: number, nowMs: number): void {
    if (deadlineMs >= this.#nextDeadlineMs) return;
    this.#nextDeadlineMs = deadlineMs;
    this.#arm(deadlineMs, nowMs);
  }

  /** Goes through the queue for calls that cannot start in time any more. */
  #refuseLate(nowMs: number): void {
    let next = Infinity;
    for (const ticket of this.#queue) {
      if (ticket.maxWaitMs === Infinity) continue;
      if (ticket.deadlineMs <= Math.max(nowMs, this.#pace.closedUntilMs)) this.#refuseIfLate(ticket, nobody, nowMs);
      if (ticket.state === 'queued') next = Math.min(next, ticket.deadlineMs);
    }
    this.#nextDeadlineMs = Math.max(next, nowMs + deadlineSlackMs);
  }

  #arm(atMs: number, nowMs: number): void {
    if (this.#queue.length > 0) this.#alarm.set(Math.min(atMs, this.#nextDeadlineMs), nowMs);
    else this.#disarm();
  }

  #disarm(): void {
    this.#nextDeadlineMs = Infinity;
    this.#alarm.clear();
  }

  #ring(): void {
    const nowMs = this.#clock.now();
    const isLate = nowMs >= this.#nextDeadlineMs;
    if (isLate) this.#nextDeadlineMs = Infinity;
    this.pump(nowMs); // first, for what may start at its deadline
    if (!isLate) return;
    this.#refuseLate(nowMs);
    this.pump(nowMs);
  }
}

function createLedger({ limits, clock, storeKey: key }: LaneSettings): Ledger | undefined {
  if (limits.store) return new SharedLedger({ store: limits.store, key, limits, clock });
  if (limits.requestsPerMinute || limits.tokensPerMinute) return new PrivateLedger(limits, clock);
  return undefined;
}
