import type { ErrorCode } from '../errors/error-code.ts';
import type { StructuredOutputMeta } from './structured-output.ts';

/** One try of a call. */
export interface AttemptRecord {
  provider: string;
  model: string;
  /** Milliseconds from the start of the call to the start of this attempt. */
  startMs: number;
  durationMs: number;
  /** HTTP status, when an answer came. */
  status?: number;
  /** Absent for the attempt that succeeded. */
  error?: { code: ErrorCode | 'aborted' | 'unknown'; message: string };
  /** Milliseconds waited after this attempt before the next. */
  waitMs?: number;
}

/** What the server last said of one of its rate limits. */
export interface RateLimitBucket {
  limit?: number;
  remaining?: number;
  /** Milliseconds until the bucket is full again. */
  resetMs?: number;
}

/** By bucket, as the vendor names it: `requests`, `tokens`, … */
export type RateLimitSnapshot = Record<string, RateLimitBucket>;

/** Something that was not done quite as asked. */
export interface Warning {
  code:
    | 'parameter_dropped'
    | 'parameter_adjusted'
    | 'finish_reason_missing'
    | 'content_after_finish'
    | 'usage_dropped'
    | 'other';
  /** The request's field, where it is about one. */
  parameter?: string;
  message: string;
}

/** An account of one call. All durations in milliseconds. */
export interface CallMeta {
  provider: string;
  /** The model id that was sent. */
  model: string;
  attempts: AttemptRecord[];
  /** Time spent waiting for a slot. */
  queueMs: number;
  /** From the start of the call to the first content; streams only. */
  firstTokenMs?: number;
  totalMs: number;
  requestId?: string;
  rateLimit?: RateLimitSnapshot;
  /**
   * What the call cost with all its attempts, in the currency of the client's `prices`. Absent where a price or a count
   * of tokens is not known, and while a stream is read.
   */
  cost?: number;
  warnings: Warning[];
  /** How the answer came to fit its schema, where one was asked for. */
  structuredOutput?: StructuredOutputMeta;
}
