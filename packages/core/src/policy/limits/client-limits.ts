import { invalidField } from '../../errors/invalid-field.ts';
import { type CheckedLimits, type ProviderLimits, parseProviderLimits } from './limit-lanes.ts';

/**
 * A client's limits by provider id.
 * @throws InvalidRequestError with the path of a wrong setting, as `limits.mistral.concurrency`
 */
export function parseClientLimits(limits: Record<string, ProviderLimits | undefined>): Map<string, CheckedLimits> {
  if (typeof limits !== 'object' || limits === null) {
    throw invalidField('limits', 'must be an object of limits by provider');
  }
  const entries = Object.entries(limits).filter(([, given]) => given !== undefined) as [string, ProviderLimits][];
  return new Map(entries.map(([provider, given]) => [provider, parseProviderLimits(given, `limits.${provider}`)]));
}
