import { checkFunction } from '../../concurrency/check-function.ts';
import type { Clock } from '../../contract/provider.ts';
import { invalidValue } from '../../errors/invalid-field.ts';
import { AdaptiveLimit } from './adaptive-limit.ts';
import { Alarm } from './alarm.ts';
import { LaneQueue } from './lane-queue.ts';
import { type Ledger, PrivateLedger } from './ledger.ts';
import { type DeskLane, LedgerDesk } from './ledger-desk.ts';
import type { Limits } from './limit-settings.ts';
import type { AcquireOptions, Lease, Limiter, LimiterStats, LimitFeedback } from './limiter.ts';
import type { Ahead } from './memory-store.ts';
import { type Estimate, type LaneIdentity, queueFull, waitedInVain, waitTooLong } from './refusals.ts';
import { ServerPace } from './server-pace.ts';
import { SharedLedger } from './shared-ledger.ts';
import { type Task, Ticket, type TicketLane } from './ticket.ts';
import { WaitEstimate } from './wait-estimate.ts';

/** Deadlines that pass close together are looked at together: each look goes through the whole queue. */
const deadlineSlackMs = 10;

const noOptions: AcquireOptions = {};
const nobody: Ahead = { count: 0, tokens: 0 };

export interface LaneSettings extends LaneIdentity {
  limits: Limits;
  clock: Clock;
  /** What the lane is called in the store. */
  storeKey: string;
}

/**
 * The calls that share limits. In the usual case a call starts in the same synchronous step; otherwise it waits in the
 * queue, and whatever makes room (an end, the lane's one timer, an answer of the store) starts as many as fit.
 */
export class Lane implements Limiter, TicketLane, DeskLane {
  readonly #settings: LaneSettings;
  readonly #limits: Limits;
  readonly #clock: Clock;
  readonly #queue = new LaneQueue<Ticket>();
  readonly #pace = new ServerPace();
  readonly #adaptive: AdaptiveLimit | undefined;
  readonly #ledger: Ledger | undefined;
  readonly #desk: LedgerDesk | undefined;
  readonly #estimates: WaitEstimate;
  readonly #unanswered = { count: 0, tokens: 0 };
  #running = 0;
  #isPumping = false;
  #nextDeadlineMs = Infinity;
  readonly #alarm: Alarm;

  constructor(settings: LaneSettings) {
    const { limits, clock } = settings;
    this.#settings = settings;
    this.#limits = limits;
    this.#clock = clock;
    this.#adaptive = limits.adaptive && new AdaptiveLimit(limits.adaptive, limits.concurrency);
    const ledger = createLedger(settings);
    this.#ledger = ledger;
    this.#desk = ledger && new LedgerDesk({ ledger, queue: this.#queue, lane: this, identity: settings, clock });
    this.#estimates = new WaitEstimate(limits, this.#pace, this.#ledger);
    this.#alarm = new Alarm(clock, () => this.#ring());
  }

  get countsTokens(): boolean {
    return this.#limits.tokensPerMinute !== undefined;
  }

  get stats(): LimiterStats {
    return {
      running: this.#running,
      queued: this.#queue.length + (this.#desk?.asking ?? 0),
      limit: this.#limit,
      closedMs: Math.max(0, this.#pace.closedUntilMs - this.#clock.now()),
      storeErrors: this.#ledger?.storeErrors ?? 0,
    };
  }

  /** Nothing runs or waits, and nothing of the past would hold up a call: the lane may be forgotten. */
  get isIdle(): boolean {
    if (this.#running > 0 || this.#queue.length > 0 || this.#desk?.asking) return false;
    this.#pace.refresh(this.#clock.now());
    return !this.#pace.isActive && (this.#ledger?.isIdle() ?? true);
  }

  run<T>(task: Task<T>, options: AcquireOptions = noOptions): Promise<T> {
    return new Promise((resolve, reject) => {
      checkFunction(task, 'task');
      checkAcquire(options);
      this.#enter(new Ticket(this, options, task, resolve, reject));
    });
  }

  acquire(options: AcquireOptions = noOptions): Promise<Lease> {
    return new Promise((resolve, reject) => {
      checkAcquire(options);
      this.#enter(new Ticket(this, options, undefined, resolve, reject));
    });
  }

  /** A place that is free at this moment, without a promise; `undefined` when it has to be waited for. */
  tryAcquire(tokens = 0): Lease | undefined {
    const nowMs = this.#clock.now();
    if (!this.#isFree(tokens, nowMs)) return undefined;
    const ticket = new Ticket(this, { tokens });
    ticket.enqueuedAtMs = nowMs;
    this.start(ticket, nowMs);
    return ticket;
  }

  feedback(feedback: LimitFeedback): void {
    this.#observe(feedback, this.#clock.now());
  }

  /** @internal */
  observe(feedback: LimitFeedback, ticket: Ticket): void {
    if (!ticket.answered && ticket.state === 'running') this.#countAnswered(ticket);
    if (feedback.outcome === 'ok' && !feedback.rateLimit && !this.#adaptive && !this.#pace.isActive) return;
    this.#observe(feedback, ticket.startedAtMs);
  }

  /** @internal */
  release(ticket: Ticket, tokens: number | undefined): void {
    if (ticket.state !== 'running') return;
    ticket.state = 'ended';
    this.#running--;
    if (!ticket.answered) this.#countAnswered(ticket);
    this.#ledger?.finish(ticket, { tokens });
    this.#desk?.unblock();
    if (this.#queue.length > 0) this.#replace(ticket, this.#clock.now());
  }

  /** Durations count only where somebody waits: nobody else asks for them. */
  #replace({ startedAtMs }: Ticket, nowMs: number): void {
    this.#estimates.released(nowMs - startedAtMs);
    this.pump(nowMs);
  }

  /** @internal The caller aborts: also while the store is being asked, whose answer is then given back. */
  abandon(ticket: Ticket): void {
    if (ticket.state === 'queued') this.#queue.remove(ticket);
    ticket.abort();
    this.pump(this.#clock.now()); // the next in line may need less
  }

  get #limit(): number {
    return this.#adaptive?.current ?? this.#limits.concurrency;
  }

  #enter(ticket: Ticket): void {
    const nowMs = this.#clock.now();
    ticket.enqueuedAtMs = nowMs;
    if (ticket.isAborted) ticket.abort();
    else if (this.#isFree(ticket.tokens, nowMs)) this.start(ticket, nowMs);
    else this.#wait(ticket, nowMs);
  }

  /** The usual case: nothing is in the way, the server's word on what is left included. */
  #isFree(tokens: number, nowMs: number): boolean {
    if (this.#queue.length > 0 || this.#ledger || this.#running >= this.#limit) return false;
    return !this.#pace.isActive || this.#pace.waitMs(tokens, nowMs) === 0;
  }

  #wait(ticket: Ticket, nowMs: number): void {
    this.#queue.push(ticket);
    if (this.#isPumping)
      queueMicrotask(() => this.admit(ticket, nowMs)); // a task's own call: the loop may start it yet
    else if (this.#running < this.#limit) this.pump(nowMs);
    if (!this.#isPumping) this.admit(ticket, nowMs);
    if (ticket.state === 'queued' || ticket.state === 'taking') ticket.listen();
  }

  /** @internal Whether it may wait is asked after it could not start, so that nobody is refused who need not wait. */
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
    return this.#estimates.of(ticket, ahead, { limit: this.#limit, running: this.#running }, nowMs);
  }

  #observe(feedback: LimitFeedback, startedAtMs: number): void {
    const nowMs = this.#clock.now();
    if (feedback.outcome === 'ok') this.#adaptive?.succeed(this.#running);
    else if (feedback.outcome !== undefined) this.#adaptive?.fail(startedAtMs, nowMs);
    const closedMs = this.#pace.observe(feedback, this.#unanswered, startedAtMs, nowMs);
    if (closedMs > 0) {
      this.#ledger?.hold(closedMs);
      this.#refuseLate(nowMs);
    }
    if (this.#queue.length > 0) this.pump(nowMs);
  }

  #countAnswered(ticket: Ticket): void {
    ticket.answered = true;
    this.#unanswered.count--;
    this.#unanswered.tokens -= ticket.tokens;
  }

  /** @internal Starts what fits. A task that ends at once comes back here: the loop goes on, the stack does not grow. */
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
    if (!ticket || this.#running >= this.#limit || this.#desk?.asking) return Infinity;
    if (this.#pace.isActive) {
      const waitMs = this.#pace.waitMs(ticket.tokens, nowMs);
      if (waitMs > 0) return nowMs + waitMs;
    }
    if (this.#desk) return this.#desk.ask(ticket, this.#pace.isActive ? 1 : this.#limit - this.#running, nowMs);
    this.#queue.shift();
    this.start(ticket, nowMs);
    return 0;
  }

  /** @internal For how long the server keeps the lane closed; 0 when it is open. */
  pauseMs(nowMs: number): number {
    return this.#pace.isActive ? this.#pace.waitMs(0, nowMs) : 0;
  }

  /** @internal Another process has met a 429: the calls of this one too leave one by one afterwards. */
  heldElsewhere(waitMs: number, nowMs: number): void {
    this.#pace.observe({ retryAfterMs: waitMs }, this.#unanswered, nowMs, nowMs);
  }

  /** @internal */
  start(ticket: Ticket, nowMs: number): void {
    this.#running++;
    this.#unanswered.count++;
    this.#unanswered.tokens += ticket.tokens;
    ticket.state = 'running';
    ticket.startedAtMs = nowMs;
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

/** @throws InvalidRequestError with the path of the wrong option */
function checkAcquire(options: AcquireOptions): void {
  if (options === noOptions) return;
  const { priority = 0, tokens = 0, maxWaitMs = 0 } = options;
  if (!Number.isFinite(priority)) throw invalidValue('priority', 'a finite number', priority);
  if (!(tokens >= 0 && tokens < Infinity)) throw invalidValue('tokens', 'a number of at least 0', tokens);
  if (!(maxWaitMs >= 0)) throw invalidValue('maxWaitMs', 'milliseconds of at least 0, or Infinity', maxWaitMs);
}
