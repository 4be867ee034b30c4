import { ConnectionError, RateLimitError } from '../../errors/errors.ts';

/** Whom a refusal names. */
export interface LaneIdentity {
  name: string;
  provider: string | undefined;
}

/** What a call waits for, and how long it will. */
export interface Estimate {
  waitMs: number;
  /** As `concurrency (10)`. */
  reason: string;
  /** What may be done about it. */
  advice: string;
}

/** The call would wait longer than it may, or already has. */
export function waitTooLong(lane: LaneIdentity, { waitMs, reason, advice }: Estimate, leftMs: number): RateLimitError {
  const message = `${lane.name}: not started, since the wait of about ${Math.ceil(waitMs)} ms for ${reason} is longer than the ${Math.floor(leftMs)} ms that are left; allow more time or ${advice}`;
  return late(refusal(lane, message, waitMs));
}

export function waitedInVain(
  lane: LaneIdentity,
  { reason, advice, waitMs }: Estimate,
  waitedMs: number,
): RateLimitError {
  const message = `${lane.name}: not started within ${Math.floor(waitedMs)} ms because of ${reason}; allow more time or ${advice}`;
  return late(refusal(lane, message, waitMs));
}

export function queueFull(lane: LaneIdentity, maxQueue: number, waitMs: number): RateLimitError {
  const message = `${lane.name}: not started, since ${maxQueue} calls wait already (limits.maxQueue); start fewer at once or raise limits.maxQueue`;
  return refusal(lane, message, waitMs);
}

/** Retryable: the store may be back by then. Its own message stays in `cause`, since it may hold an address with a password. */
export function storeFailed({ name, provider }: LaneIdentity, cause: unknown): ConnectionError {
  const message = `${name}: the limit store failed or did not answer; see \`cause\`, or set limits.onStoreError to "allow-locally"`;
  return new ConnectionError(message, { provider, cause, retryable: true });
}

/** Not retryable: the caller's own retry would only wait in the same lane again, and has no time for it. */
function refusal({ provider }: LaneIdentity, message: string, waitMs: number): RateLimitError {
  return new RateLimitError(message, { provider, retryable: false, retryAfterMs: Math.ceil(waitMs) });
}

function late(error: RateLimitError): RateLimitError {
  error.gaveUp = 'deadline';
  return error;
}
