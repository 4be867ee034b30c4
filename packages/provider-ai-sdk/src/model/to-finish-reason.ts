import type { FinishReason } from '@anyllm/core';
import type { ModelFinishReason } from '../specification.ts';

const unified = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool-calls',
  content_filter: 'content-filter',
} as const satisfies Record<FinishReason, ModelFinishReason['unified']>;

/** A refusal, which is a text there, shows only by its reason. */
export function toFinishReason(reason: FinishReason, raw: string | undefined, hasRefusal: boolean): ModelFinishReason {
  return { unified: hasRefusal && reason === 'stop' ? 'content-filter' : unified[reason], raw: raw ?? reason };
}
