import {
  AuthenticationError,
  ModelNotFoundError,
  OverloadedError,
  PermissionDeniedError,
  QuotaExceededError,
  RateLimitError,
} from '../../errors/errors.ts';
import { countsAsFailure } from '../breaker/counts-as-failure.ts';

const faults = [
  RateLimitError,
  OverloadedError,
  QuotaExceededError,
  AuthenticationError,
  PermissionDeniedError,
  ModelNotFoundError,
];

/**
 * Whether an equal deployment might have answered where this one failed. That is more than a circuit breaker counts:
 * a rate limit, a used-up quota or a wrong key is no reason to stop asking, and one to ask somebody else first.
 */
export function isDeploymentFault(error: unknown): boolean {
  return countsAsFailure(error) || faults.some((fault) => fault.isInstance(error));
}
