import { systemClock } from '../../clock.ts';
import type { Clock } from '../../contract/provider.ts';
import { checkNames } from '../../errors/check-names.ts';
import { invalidField } from '../../errors/invalid-field.ts';
import { checkDelay, type HedgeRunOptions, type HedgeTask, hedge } from './hedge.ts';
import { LatencyWindow } from './latency-window.ts';

/** When a second copy of a call is sent: exactly one of `afterMs` and `percentile`. */
export type HedgeOptions = (
  | {
      /** Milliseconds after which the first copy is late. */
      afterMs: number;
      percentile?: never;
    }
  | {
      /**
       * The first copy is late when it takes longer than this percentage of the last calls did, from 50 to below 100.
       * Nothing is hedged before 20 calls have succeeded.
       */
      percentile: number;
      afterMs?: never;
    }
) & {
  /** Second copies per call, above 0 up to 1. Default 0.1. */
  maxShare?: number;
};

/** Hedges many calls that are alike, since the share of traffic and the latencies are common to them. */
export interface Hedger {
  /** As `hedge`, within the share and after the delay of this hedger. */
  run<T>(task: HedgeTask<T>, options?: Omit<HedgeRunOptions<T>, 'clock'>): Promise<T>;
}

const minimumSamples = 20;
/** What calls leave unused is kept for no more than this many second copies in a row. */
const creditsKept = 10;
/** Ten times 0.1 comes out a hair below 1. */
const almostOne = 0.999_999_999;

/** @throws InvalidRequestError with path `hedge` or `hedge.<option>` */
export function createHedger(options: HedgeOptions, { clock = systemClock }: { clock?: Clock } = {}): Hedger {
  const { maxShare, delayMs, latencies } = resolveHedgeOptions(options);
  let credits = 0;
  const spend = () => {
    if (credits < almostOne) return false;
    credits -= 1;
    return true;
  };

  return {
    async run(task, run = {}) {
      credits = Math.min(creditsKept, credits + maxShare);
      const watched = latencies ? watch(task, latencies, clock) : task;
      const { mayHedge } = run;
      // The caller is asked first: a copy that is not sent costs nothing of the share.
      return hedge(watched, delayMs(), { ...run, clock, mayHedge: () => (mayHedge?.() ?? true) && spend() });
    },
  };
}

/**
 * Records how long first copies take. One that lost counts with the time that it had run, since leaving the slowest
 * calls out would make the delay shorter and shorter; one that failed or was aborted by the caller tells nothing.
 */
function watch<T>(task: HedgeTask<T>, latencies: LatencyWindow, clock: Clock): HedgeTask<T> {
  let settled = false;
  const startedAt = clock.now();
  const record = () => {
    if (!settled) latencies.add(clock.now() - startedAt);
    settled = true;
  };
  return async (context) => {
    try {
      const value = await task(context);
      if (!context.signal.aborted) record();
      return value;
    } catch (error) {
      if (context.copy === 1 && !context.signal.aborted) settled = true;
      throw error;
    }
  };
}

interface ResolvedHedge {
  maxShare: number;
  delayMs: () => number;
  /** Recorded only where they are asked for. */
  latencies?: LatencyWindow;
}

function resolveHedgeOptions(options: HedgeOptions): ResolvedHedge {
  if (typeof options !== 'object' || options === null) throw invalidField('hedge', 'must be an object');
  checkNames(options, ['afterMs', 'percentile', 'maxShare'], 'hedge');
  const { afterMs, percentile, maxShare = 0.1 } = options;
  if (!isNumber(maxShare) || maxShare <= 0 || maxShare > 1)
    throw invalidField('hedge.maxShare', 'must be above 0 and at most 1');
  if ((afterMs === undefined) === (percentile === undefined)) {
    throw invalidField('hedge', 'must have exactly one of `afterMs` and `percentile`');
  }
  if (percentile !== undefined) return { maxShare, ...byPercentile(percentile) };
  checkDelay(afterMs, 'hedge.afterMs');
  return { maxShare, delayMs: () => afterMs as number };
}

function byPercentile(percentile: number): { delayMs: () => number; latencies: LatencyWindow } {
  if (!isNumber(percentile) || percentile < 50 || percentile >= 100) {
    throw invalidField('hedge.percentile', 'must be a percentage from 50 to below 100');
  }
  const latencies = new LatencyWindow();
  const quantile = () => latencies.quantile(percentile / 100) ?? Infinity;
  return { latencies, delayMs: () => (latencies.count < minimumSamples ? Infinity : quantile()) };
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}
