import type { Warning } from '../contract/call-meta.ts';
import type { Provider } from '../contract/provider.ts';
import { UnsupportedParameterError } from '../errors/errors.ts';

/** What the caller is told of a parameter that a provider does not have. */
export function unsupported(provider: Provider, parameter: string, what: string): UnsupportedParameterError {
  const named = `\`${parameter}\``;
  const message = `${provider.id}: ${what} is not supported${what === named ? '' : ` (${named})`}`;
  return new UnsupportedParameterError(message, { provider: provider.id, parameter });
}

export function dropped(provider: Provider, parameter: string): Warning {
  return {
    code: 'parameter_dropped',
    parameter,
    message: `${provider.id} has no \`${parameter}\`; it was left out`,
  };
}
