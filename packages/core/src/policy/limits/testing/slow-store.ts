import type { Clock } from '../../../contract/provider.ts';
import type { LimitStore, StoredEnd, StoredStart, StoreLimits, TakeResult } from '../limit-store.ts';
import { MemoryStore } from '../memory-store.ts';

/** A store over a network: each call takes effect halfway through its latency. It can be made to fail or to hang. */
export class SlowStore implements LimitStore {
  state: 'up' | 'failing' | 'hanging' = 'up';
  takes = 0;
  readonly memory: MemoryStore;
  readonly #clock: Clock;
  readonly #latencyMs: number;

  constructor(clock: Clock, latencyMs: number) {
    this.#clock = clock;
    this.#latencyMs = latencyMs;
    this.memory = new MemoryStore({ clock });
  }

  take(key: string, starts: readonly StoredStart[], limits: StoreLimits, leaseMs: number): Promise<TakeResult> {
    this.takes++;
    return this.#call(() => this.memory.take(key, starts, limits, leaseMs));
  }

  finish(key: string, ends: readonly StoredEnd[]): Promise<void> {
    return this.#call(() => this.memory.finish(key, ends));
  }

  renew(key: string, ids: readonly string[], leaseMs: number): Promise<void> {
    return this.#call(() => this.memory.renew(key, ids, leaseMs));
  }

  hold(key: string, holdMs: number): Promise<void> {
    return this.#call(() => this.memory.hold(key, holdMs));
  }

  async #call<T>(effect: () => T): Promise<T> {
    if (this.state === 'failing') throw new Error('redis://user:password@host is down');
    await this.#pass(this.#latencyMs / 2);
    const result = effect();
    await this.#pass(this.state === 'hanging' ? 10_000 : this.#latencyMs / 2);
    return result;
  }

  #pass(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#clock.schedule(resolve, ms));
  }
}
