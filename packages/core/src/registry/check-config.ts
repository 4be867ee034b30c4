import type { ProviderConfig } from '../contract/call-options.ts';
import { anything, type Checks, checkFields } from '../errors/check-fields.ts';
import { parseProviderLimits } from '../policy/limits/limit-lanes.ts';
import { parseTimeouts } from '../policy/time-limits.ts';
import { callChecks } from '../request/check-options.ts';

const { apiKey, baseURL, headers, transport } = callChecks;

const checks: Checks<ProviderConfig> = { apiKey, baseURL, headers, limits: anything, timeout: anything, transport };

/**
 * Checks the settings of a provider where they are given, and not with the first call. What an address or a key may look
 * like is checked when it is used, since the environment's are then known too.
 * @param path of the settings
 * @throws InvalidRequestError with the path of the setting that is misspelt or wrong
 */
export function checkConfig(config: object, path: string): void {
  checkFields(config, checks, path);
  const { timeout, limits } = config as ProviderConfig;
  parseTimeouts(timeout, `${path}.timeout`);
  if (limits !== undefined) parseProviderLimits(limits, `${path}.limits`);
}
