import { InvalidRequestError } from '../errors/errors.ts';
import { invalidField } from '../errors/invalid-field.ts';
import { parseRetryOptions } from '../policy/retry/retry-policy.ts';
import { parseTimeouts } from '../policy/time-limits.ts';
import { checkConfig } from '../registry/check-config.ts';
import type { ClientSettings } from './create-client.ts';

const checks: { [Name in keyof Required<ClientSettings>]: (value: unknown) => void } = {
  providers: (value) => expect(Array.isArray(value), 'providers', 'an array of providers'),
  timeout: (value) => void parseTimeouts(value, 'timeout'),
  unsupported: (value) => expect(value === 'warn' || value === 'error', 'unsupported', '"warn" or "error"'),
  retries: (value) => void parseRetryOptions(value, 'retries'),
  fallbacks: checkedInUse,
  balance: (value) => expect(isRecord(value), 'balance', 'an object of balances by name'),
  limits: checkedInUse,
  hedge: checkedInUse,
  breaker: checkedInUse,
  prices: checkedInUse,
  budgets: checkedInUse,
  settings: checkSettings,
};

/** By the parts of the policy, which the client makes at once. */
function checkedInUse(): void {}

/**
 * A misspelt setting would silently not be in force.
 * @throws InvalidRequestError with the path of the setting
 */
export function checkClientSettings(settings: unknown): asserts settings is ClientSettings {
  if (!isRecord(settings)) throw new InvalidRequestError("a client's settings must be an object", { path: 'settings' });
  for (const [name, value] of Object.entries(settings)) {
    if (!Object.hasOwn(checks, name)) {
      throw invalidField(name, `is not a client's setting; known are ${Object.keys(checks).join(', ')}`);
    }
    if (value !== undefined) checks[name as keyof ClientSettings](value);
  }
}

function checkSettings(settings: unknown): void {
  if (!isRecord(settings)) throw invalidField('settings', 'must be an object of settings by provider');
  for (const [id, config] of Object.entries(settings)) {
    if (config !== undefined) checkConfig(config as object, `settings.${id}`);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function expect(holds: boolean, name: string, expected: string): void {
  if (!holds) throw invalidField(name, `must be ${expected}`);
}
