import type { Warning } from '@anyllm/core/provider';
import type { ModelWarning } from '../specification.ts';

export function toWarning(warning: ModelWarning, providerId: string): Warning {
  if (warning.type === 'other') return { code: 'other', message: `${providerId}: ${warning.message}` };
  if (warning.type === 'deprecated')
    return { code: 'other', parameter: warning.setting, message: `${providerId}: ${warning.message}` };
  const { type, feature, details } = warning;
  const parameter = toParameter(feature);
  const says = type === 'unsupported' ? 'is not supported' : 'is only imitated';
  return {
    code: type === 'unsupported' ? 'parameter_dropped' : 'parameter_adjusted',
    parameter,
    message: `${providerId}: \`${parameter}\` ${says}${details === undefined ? '' : ` (${details})`}`,
  };
}

const renamed: Record<string, string> = {
  maxOutputTokens: 'max_tokens',
  stopSequences: 'stop',
  reasoning: 'reasoning_effort',
};

/** `frequencyPenalty` → `frequency_penalty`. What is no name of a setting stays as it is. */
function toParameter(feature: string): string {
  if (!/^[a-z]+(?:[A-Z][a-z]+)*$/.test(feature)) return feature;
  return renamed[feature] ?? feature.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
