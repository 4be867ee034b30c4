import type { Ledger } from './ledger.ts';
import type { Limits } from './limit-settings.ts';
import type { TakeResult } from './limit-store.ts';
import type { Ahead } from './memory-store.ts';
import type { Estimate } from './refusals.ts';
import type { ServerPace } from './server-pace.ts';
import type { Ticket } from './ticket.ts';

/** The weight of the newest duration in the average. */
const newestWeight = 0.1;

/** How long a call would have to wait: what a lane knows of its limits, its server and the calls before. */
export class WaitEstimate {
  readonly #limits: Limits;
  readonly #pace: ServerPace;
  readonly #ledger: Ledger | undefined;
  /** How long calls hold their places, on average. */
  #heldMs = 0;

  constructor(limits: Limits, pace: ServerPace, ledger: Ledger | undefined) {
    this.#limits = limits;
    this.#pace = pace;
    this.#ledger = ledger;
  }

  /** A call has given back a place that somebody waits for. */
  released(heldMs: number): void {
    this.#heldMs += (heldMs - this.#heldMs) * (this.#heldMs === 0 ? 1 : newestWeight);
  }

  /**
   * Of a call behind others, by what makes it wait longest.
   * @param places how many may run, and how many do
   */
  of(ticket: Ticket, ahead: Ahead, places: { limit: number; running: number }, nowMs: number): Estimate {
    const serverMs = this.#pace.estimateMs(ticket.tokens, nowMs, ahead.count);
    const ledger = this.#ledger?.estimate(ticket, ahead) ?? { waitMs: 0, limit: 'concurrency' };
    const placesMs = this.#estimatePlaceMs(ahead.count, places);
    const waitMs = Math.max(serverMs, ledger.waitMs, placesMs);
    if (waitMs === serverMs && serverMs > 0) return { waitMs, ...serverPause };
    return { waitMs, ...describeLimit(waitMs === placesMs ? 'concurrency' : ledger.limit, this.#limits) };
  }

  #estimatePlaceMs(ahead: number, { limit, running }: { limit: number; running: number }): number {
    const short = ahead + 1 - (limit - running);
    return short > 0 ? (short * this.#heldMs) / limit : 0;
  }
}

const serverPause = { reason: 'the server, which asked for a pause', advice: 'use another key or provider' };

function describeLimit(limit: TakeResult['limit'], limits: Limits): Pick<Estimate, 'reason' | 'advice'> {
  if (limit === undefined || limit === 'hold') return { reason: 'the shared limits', advice: 'raise them' };
  if (limits[limit] === Infinity) return { reason: 'the calls before it', advice: 'start fewer at once' };
  return { reason: `limits.${limit} (${limits[limit]})`, advice: `raise limits.${limit}` };
}
