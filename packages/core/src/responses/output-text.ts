import type { ProviderResponse } from '../contract/responses.ts';

/** The text of all messages of a response. */
export function outputText({ output }: ProviderResponse): string {
  const parts = output.flatMap((item) => (item.type === 'message' && Array.isArray(item.content) ? item.content : []));
  return parts.map((part) => (part.type === 'output_text' ? part.text : '')).join('');
}
