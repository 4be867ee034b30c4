import type { Level, Waiter } from './lane-queue.ts';
import type { AcquireOptions, Lease, LimitFeedback, Settlement } from './limiter.ts';

/** `taking` is to be asked of the store; an `ended` one has been refused, aborted or released. */
export type TicketState = 'queued' | 'taking' | 'running' | 'ended';

/** What a ticket needs of its lane. */
export interface TicketLane {
  abandon(ticket: Ticket): void;
  release(ticket: Ticket, tokens: number | undefined): void;
  observe(feedback: LimitFeedback, ticket: Ticket): void;
}

/** One call on its way through a lane: it waits, holds a place, and is what its owner sees of it. */
export class Ticket implements Lease, Waiter<Ticket> {
  readonly priority: number;
  readonly tokens: number;
  readonly maxWaitMs: number;
  state: TicketState = 'queued';
  /** It has been looked at whether it may wait. */
  admitted = false;
  /** The server has answered it. */
  answered = false;
  /** For the store; given when it is first asked. */
  id = '';
  enqueuedAtMs = 0;
  startedAtMs = 0;
  order = 0;
  next: Ticket | undefined = undefined;
  previous: Ticket | undefined = undefined;
  level: Level<Ticket> | undefined = undefined;
  readonly #lane: TicketLane;
  readonly #signal: AbortSignal | undefined;
  readonly #onBegin: (ticket: Ticket) => void;
  readonly #onRefuse: (reason: unknown) => void;

  constructor(
    lane: TicketLane,
    options: AcquireOptions,
    onBegin: (ticket: Ticket) => void = nobodyWaits,
    onRefuse: (reason: unknown) => void = nobodyWaits,
  ) {
    this.priority = options.priority ?? 0;
    this.tokens = options.tokens ?? 0;
    this.maxWaitMs = options.maxWaitMs ?? Infinity;
    this.#lane = lane;
    this.#signal = options.signal;
    this.#onBegin = onBegin;
    this.#onRefuse = onRefuse;
  }

  get deadlineMs(): number {
    return this.enqueuedAtMs + this.maxWaitMs;
  }

  get waitedMs(): number {
    return this.startedAtMs - this.enqueuedAtMs;
  }

  feedback(feedback: LimitFeedback): void {
    this.#lane.observe(feedback, this);
  }

  release(settlement?: Settlement): void {
    const tokens = settlement?.tokens;
    this.#lane.release(this, isCount(tokens) ? tokens : undefined);
  }

  get isAborted(): boolean {
    return this.#signal?.aborted ?? false;
  }

  listen(): void {
    this.#signal?.addEventListener('abort', this);
  }

  /** The caller aborts the wait. An object as listener saves a closure per call. */
  handleEvent(): void {
    this.#lane.abandon(this);
  }

  abort(): void {
    this.refuse(this.#signal?.reason);
  }

  refuse(reason: unknown): void {
    this.state = 'ended';
    this.#signal?.removeEventListener('abort', this);
    this.#onRefuse(reason);
  }

  /** Its place is there. */
  begin(): void {
    this.#signal?.removeEventListener('abort', this);
    this.#onBegin(this);
  }
}

/** Of a ticket that starts in the step in which it is made. */
function nobodyWaits(): void {}

/** Usage comes from a server: what is no count leaves the estimate in force. */
function isCount(tokens: number | undefined): boolean {
  return tokens !== undefined && tokens >= 0 && tokens < Infinity;
}
