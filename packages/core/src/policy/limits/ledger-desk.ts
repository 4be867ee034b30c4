import type { Clock } from '../../contract/provider.ts';
import type { LaneQueue } from './lane-queue.ts';
import type { Ledger } from './ledger.ts';
import type { TakeResult } from './limit-store.ts';
import type { Ahead } from './memory-store.ts';
import { type LaneIdentity, storeFailed } from './refusals.ts';
import type { Ticket } from './ticket.ts';

/** What the desk asks of its lane. */
export interface DeskLane {
  /** For how long the server keeps it closed; 0 when it is open. */
  pauseMs(nowMs: number): number;
  start(ticket: Ticket, nowMs: number): void;
  /** This one was not granted and is in the queue again, behind so many of those that were asked for with it. */
  admit(ticket: Ticket, nowMs: number, ahead: Ahead): void;
  /** Another process has met a 429 and closed the lane for all. */
  heldElsewhere(waitMs: number, nowMs: number): void;
  /** An answer has come: the next may be asked for. */
  pump(nowMs: number): void;
}

export interface DeskSettings {
  ledger: Ledger;
  queue: LaneQueue<Ticket>;
  lane: DeskLane;
  identity: LaneIdentity;
  clock: Clock;
}

/**
 * Where a lane with rates or a store asks whether the first of its queue may start: one question at a time, whose answer
 * may take a while. Who is refused goes back to where they were.
 */
export class LedgerDesk {
  readonly #ledger: Ledger;
  readonly #queue: LaneQueue<Ticket>;
  readonly #lane: DeskLane;
  readonly #identity: LaneIdentity;
  readonly #clock: Clock;
  /** The ledger is being asked for these. */
  #asked: readonly Ticket[] = [];
  /** It said that this one has to wait until then. */
  #blocked: { ticket: Ticket; untilMs: number } | undefined;

  constructor({ ledger, queue, lane, identity, clock }: DeskSettings) {
    this.#ledger = ledger;
    this.#queue = queue;
    this.#lane = lane;
    this.#identity = identity;
    this.#clock = clock;
  }

  /** How many calls it is being asked for. */
  get asking(): number {
    return this.#asked.length;
  }

  /** Tokens may have come back: who had to wait may ask again. */
  unblock(): void {
    this.#blocked = undefined;
  }

  /**
   * Asks for the first of the queue, and as many behind it as may start.
   * @param most how many there is room for
   * @returns 0 when there was an answer, else when to look again; `Infinity` when an answer will bring it about
   */
  ask(head: Ticket, most: number, nowMs: number): number {
    if (this.#blocked?.ticket === head && this.#blocked.untilMs > nowMs) return this.#blocked.untilMs;
    const tickets = this.#shift(Math.min(most, this.#ledger.batchSize));
    try {
      const result = this.#ledger.take(tickets);
      if ('granted' in result) {
        this.#settle(tickets, result, nowMs);
        return 0;
      }
      this.#asked = tickets;
      result.then(this.#answered, this.#failed);
      return Infinity;
    } catch (error) {
      this.#refuse(tickets, error);
      return 0;
    }
  }

  #shift(count: number): Ticket[] {
    const tickets: Ticket[] = [];
    while (tickets.length < count) {
      const ticket = this.#queue.shift();
      if (!ticket) break;
      ticket.state = 'taking';
      tickets.push(ticket);
    }
    return tickets;
  }

  readonly #answered = (result: TakeResult): void => {
    const tickets = this.#asked;
    this.#asked = [];
    const nowMs = this.#clock.now();
    const pauseMs = this.#lane.pauseMs(nowMs);
    if (pauseMs > 0) this.#decline(tickets, result, pauseMs, nowMs);
    else this.#settle(tickets, result, nowMs);
    this.#lane.pump(nowMs);
  };

  /** The server has closed the lane in the meantime. */
  #decline(tickets: readonly Ticket[], { granted }: TakeResult, waitMs: number, nowMs: number): void {
    for (const ticket of tickets.slice(0, granted)) this.#ledger.finish(ticket, { unused: true });
    this.#settle(tickets, { granted: 0, waitMs }, nowMs);
  }

  readonly #failed = (error: unknown): void => {
    const tickets = this.#asked;
    this.#asked = [];
    this.#refuse(tickets, error);
    this.#lane.pump(this.#clock.now());
  };

  #refuse(tickets: readonly Ticket[], error: unknown): void {
    const failure = storeFailed(this.#identity, error);
    for (const ticket of tickets) if (ticket.state === 'taking') ticket.refuse(failure);
  }

  #settle(tickets: readonly Ticket[], { granted, waitMs, limit }: TakeResult, nowMs: number): void {
    const back = tickets.slice(granted).filter(({ state }) => state === 'taking');
    for (const ticket of back.toReversed()) {
      ticket.state = 'queued';
      this.#queue.unshift(ticket);
    }
    const [next] = back;
    this.#blocked = next && { ticket: next, untilMs: nowMs + Math.max(1, waitMs) };
    if (limit === 'hold') this.#lane.heldElsewhere(waitMs, nowMs);
    for (const [index, ticket] of back.entries()) this.#lane.admit(ticket, nowMs, { count: index, tokens: 0 });
    for (const ticket of tickets.slice(0, granted)) this.#start(ticket, nowMs);
  }

  /** A caller may have left while the ledger was being asked: what it granted is then given back. */
  #start(ticket: Ticket, nowMs: number): void {
    if (ticket.state === 'taking') this.#lane.start(ticket, nowMs);
    else this.#ledger.finish(ticket, { unused: true });
  }
}
