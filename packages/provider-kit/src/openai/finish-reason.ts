import type { FinishReason } from '@anyllm/core/provider';

const finishReasons = new Map<string, FinishReason>([
  ['stop', 'stop'],
  ['eos', 'stop'],
  ['end_turn', 'stop'],
  ['length', 'length'],
  ['max_tokens', 'length'],
  ['model_length', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['tool_calls', 'tool_calls'],
  ['function_call', 'tool_calls'],
  ['tool_use', 'tool_calls'],
  ['content_filter', 'content_filter'],
  ['sensitive', 'content_filter'],
  ['safety', 'content_filter'],
]);

/** Words that say the answer has failed, not ended. */
const failures = new Set(['error', 'network_error', 'insufficient_system_resource']);

/** A server's own words. */
export type FinishWords = Readonly<Record<string, FinishReason | 'error'>>;

export function isFailure(raw: string, own?: FinishWords): boolean {
  return failures.has(toKnownWord(raw, own));
}

/**
 * A vendor's word for the end of an answer. One that is not known counts as `stop`. A forced tool call ends with
 * `stop` on the wire; what the caller has to do is to run it.
 */
export function toFinishReason(raw: string, calledTools: boolean, own?: FinishWords): FinishReason {
  const reason = finishReasons.get(toKnownWord(raw, own)) ?? 'stop';
  return reason === 'stop' && calledTools ? 'tool_calls' : reason;
}

function toKnownWord(raw: string, own: FinishWords = {}): string {
  return Object.hasOwn(own, raw) ? String(own[raw]) : raw.toLowerCase();
}
