import type { ContentPart, RefusalPart, TextPart } from '../contract/chat-request.ts';

export function toText(text: string): TextPart {
  return { type: 'text', text };
}

/** One text stands by itself, as most servers like it best. */
export function orText<Part extends ContentPart | RefusalPart>(parts: Part[]): string | Part[] {
  const [only, ...more] = parts;
  if (!only) return '';
  return only.type === 'text' && more.length === 0 ? only.text : parts;
}
