import { isPromiseLike } from '../../concurrency/is-promise-like.ts';
import { startDeadline } from '../../concurrency/start-deadline.ts';
import type { Clock } from '../../contract/provider.ts';
import type { Ledger } from './ledger.ts';
import type { Limits } from './limit-settings.ts';
import type { LimitStore, StoredEnd, StoreLimits, TakeResult } from './limit-store.ts';
import { type Ahead, MemoryStore } from './memory-store.ts';
import { windowMs } from './rate-window.ts';
import type { Ticket } from './ticket.ts';

/** The place of a process that died is free again after this. Far above a pause for garbage collection. */
const leaseMs = 30_000;
const renewEveryMs = leaseMs / 3;
/** A store is nearby: one that does not answer in this time is down. */
const answerWithinMs = 2_000;
/** After a failure the store is left alone for this long, so that not each call has to wait for it. */
const recoverMs = 1_000;
const largestBatch = 64;

export interface SharedLedgerSettings {
  store: LimitStore;
  /** What the state is called in the store. */
  key: string;
  limits: Limits;
  clock: Clock;
}

/** The limits of a lane that shares them with other processes, and what happens when their store fails. */
export class SharedLedger implements Ledger {
  storeErrors = 0;
  batchSize = 1;
  readonly #store: LimitStore;
  readonly #key: string;
  readonly #limits: StoreLimits;
  readonly #clock: Clock;
  /** Counts while the store does not; absent under the policy `throw`. */
  readonly #local: MemoryStore | undefined;
  readonly #localIds = new Set<string>();
  readonly #runningIds = new Set<string>();
  readonly #idPrefix = `${crypto.randomUUID()}:`;
  #lastId = 0;
  #ends: StoredEnd[] = [];
  #retryAtMs = Number.NEGATIVE_INFINITY;
  #readyAtMs = Number.NEGATIVE_INFINITY;
  #lastLimit: TakeResult['limit'];
  #cancelRenewal: (() => void) | undefined;

  constructor({ store, key, limits, clock }: SharedLedgerSettings) {
    const { concurrency, requestsPerMinute, tokensPerMinute, burst, onStoreError } = limits;
    this.#store = store;
    this.#key = key;
    this.#limits = {
      concurrency: concurrency === Infinity ? undefined : concurrency,
      requestsPerMinute,
      tokensPerMinute,
      burst,
    };
    this.#clock = clock;
    this.#local = onStoreError === 'allow-locally' ? new MemoryStore({ clock }) : undefined;
  }

  take(tickets: readonly Ticket[]): TakeResult | PromiseLike<TakeResult> {
    for (const ticket of tickets) ticket.id = this.#idPrefix + ++this.#lastId;
    if (this.#local && this.#clock.now() < this.#retryAtMs) return this.#takeLocally(this.#local, tickets);
    this.#flush();
    try {
      const starts = tickets.map(({ id, tokens }) => ({ id, tokens }));
      const answer = this.#store.take(this.#key, starts, this.#limits, leaseMs);
      return isPromiseLike(answer) ? this.#await(answer, tickets) : this.#record(answer, tickets);
    } catch (error) {
      return this.#failed(error, tickets);
    }
  }

  finish({ id }: Ticket, end: { tokens?: number | undefined; unused?: boolean }): void {
    this.#runningIds.delete(id);
    if (this.#runningIds.size === 0) this.#stopRenewal();
    if (this.#localIds.delete(id)) this.#local?.finish(this.#key, [{ id, ...end }]);
    else this.#end({ id, ...end });
  }

  hold(holdMs: number): void {
    this.#attempt(() => this.#store.hold(this.#key, holdMs));
  }

  /** What the head of the queue was told last, and a bound that holds even if all the room were for this process. */
  estimate({ tokens }: Ticket, ahead: Ahead): Omit<TakeResult, 'granted'> | undefined {
    const { requestsPerMinute = Infinity, tokensPerMinute = Infinity } = this.#limits;
    const minutes = Math.max((ahead.count + 1) / requestsPerMinute, (ahead.tokens + tokens) / tokensPerMinute);
    const waitMs = Math.max(this.#readyAtMs - this.#clock.now(), (Math.ceil(minutes) - 1) * windowMs);
    return waitMs > 0 ? { waitMs, limit: this.#lastLimit } : undefined;
  }

  isIdle(): boolean {
    return this.#runningIds.size === 0 && this.#ends.length === 0;
  }

  #await(answer: PromiseLike<TakeResult>, tickets: readonly Ticket[]): Promise<TakeResult> {
    return new Promise((resolve, reject) => {
      let isLate = false;
      const fail = (error: unknown) => {
        cancel();
        if (isLate) return;
        isLate = true;
        try {
          resolve(this.#failed(error, tickets));
        } catch (failure) {
          reject(failure);
        }
      };
      const cancel = startDeadline(answerWithinMs, () => fail(new Error('no answer in time')), this.#clock);
      answer.then((result) => {
        cancel();
        if (isLate) return this.#giveBack(result, tickets);
        resolve(this.#record(result, tickets));
      }, fail);
    });
  }

  /** The next batch is larger while all is granted, so that a slow store does not bound the rate. */
  #record(result: TakeResult, tickets: readonly Ticket[]): TakeResult {
    const { granted } = result;
    this.batchSize = granted === tickets.length ? Math.min(largestBatch, this.batchSize * 2) : Math.max(1, granted);
    this.#remember(result);
    for (const { id } of tickets.slice(0, granted)) this.#runningIds.add(id);
    if (granted > 0) this.#startRenewal();
    return result;
  }

  /** Granted after the answer was no longer waited for. */
  #giveBack({ granted }: TakeResult, tickets: readonly Ticket[]): void {
    for (const { id } of tickets.slice(0, granted)) this.#end({ id, unused: true });
  }

  #failed(error: unknown, tickets: readonly Ticket[]): TakeResult {
    this.storeErrors++;
    if (this.#local === undefined) throw error;
    this.#retryAtMs = this.#clock.now() + recoverMs;
    return this.#takeLocally(this.#local, tickets);
  }

  #takeLocally(local: MemoryStore, tickets: readonly Ticket[]): TakeResult {
    const result = local.take(this.#key, tickets, this.#limits, Infinity);
    for (const { id } of tickets.slice(0, result.granted)) this.#localIds.add(id);
    this.#remember(result);
    return result;
  }

  #remember({ waitMs, limit }: TakeResult): void {
    this.#readyAtMs = this.#clock.now() + waitMs;
    this.#lastLimit = limit;
  }

  /** Ends go out together: many calls end in the same moment. */
  #end(end: StoredEnd): void {
    if (this.#ends.push(end) === 1) queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    const ends = this.#ends;
    if (ends.length === 0) return;
    this.#ends = [];
    this.#attempt(() => this.#store.finish(this.#key, ends));
  }

  #startRenewal(): void {
    this.#cancelRenewal ??= this.#clock.schedule(() => this.#renew(), renewEveryMs);
  }

  #renew(): void {
    this.#cancelRenewal = undefined;
    this.#attempt(() => this.#store.renew(this.#key, [...this.#runningIds], leaseMs));
    this.#startRenewal();
  }

  #stopRenewal(): void {
    this.#cancelRenewal?.();
    this.#cancelRenewal = undefined;
  }

  /** For what no caller waits for: a failure is counted, and its lease ends by itself. */
  #attempt(call: () => void | PromiseLike<void>): void {
    const fail = () => void this.storeErrors++;
    try {
      call()?.then(undefined, fail);
    } catch {
      fail();
    }
  }
}
