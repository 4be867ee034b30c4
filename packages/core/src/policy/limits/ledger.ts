import type { Clock } from '../../contract/provider.ts';
import type { Limits } from './limit-settings.ts';
import type { StoreLimits, TakeResult } from './limit-store.ts';
import { type Ahead, MemoryStore } from './memory-store.ts';
import type { Ticket } from './ticket.ts';

/** Where a lane asks whether calls may start, as far as it cannot tell by counting its own. */
export interface Ledger {
  readonly storeErrors: number;
  /** How many calls to ask for at once. */
  readonly batchSize: number;
  take(tickets: readonly Ticket[]): TakeResult | PromiseLike<TakeResult>;
  finish(ticket: Ticket, end: { tokens?: number | undefined; unused?: boolean }): void;
  hold(holdMs: number): void;
  /** What a call would have to wait behind others. */
  estimate(ticket: Ticket, ahead: Ahead): Omit<TakeResult, 'granted'> | undefined;
  isIdle(): boolean;
}

const onlyKey = '';
let lastId = 0;

/** The rates of a lane that shares nothing: answers at once. The lane itself counts what runs. */
export class PrivateLedger implements Ledger {
  readonly storeErrors = 0;
  readonly batchSize = 1;
  readonly #store: MemoryStore;
  readonly #limits: StoreLimits;

  constructor({ requestsPerMinute, tokensPerMinute, burst }: Limits, clock: Clock) {
    this.#store = new MemoryStore({ clock });
    this.#limits = { requestsPerMinute, tokensPerMinute, burst };
  }

  take(tickets: readonly Ticket[]): TakeResult {
    for (const ticket of tickets) ticket.id = String(++lastId);
    return this.#store.take(onlyKey, tickets, this.#limits, Infinity);
  }

  finish({ id }: Ticket, { tokens, unused }: { tokens?: number | undefined; unused?: boolean }): void {
    this.#store.finish(onlyKey, [{ id, tokens, unused }]);
  }

  hold(): void {} // the lane is closed itself

  estimate(ticket: Ticket, ahead: Ahead): Omit<TakeResult, 'granted'> | undefined {
    return this.#store.estimate(onlyKey, ticket, this.#limits, ahead);
  }

  isIdle(): boolean {
    return this.#store.isIdle(onlyKey);
  }
}
