import type { Warning } from '@anyllm/core';
import type { ModelWarning } from '../specification.ts';

export function toWarning({ code, parameter = '', message }: Warning): ModelWarning {
  if (code === 'parameter_dropped') return { type: 'unsupported', feature: parameter, details: message };
  if (code === 'parameter_adjusted') return { type: 'compatibility', feature: parameter, details: message };
  return { type: 'other', message };
}
