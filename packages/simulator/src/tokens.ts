// A word or a sign, with the blanks before it. Long words break up, as they do in a real tokenizer.
const TOKEN = /\s*[\p{L}\p{N}]{1,12}|\s*[^\s\p{L}\p{N}]|\s+/gu;

/** Splits `text` into word-like tokens; joined, they give the text again. Lazy, for texts of any length. */
export function* splitTokens(text: string): Generator<string> {
  for (const match of text.matchAll(TOKEN)) yield match[0];
}

export function countTokens(text: string): number {
  return text.match(TOKEN)?.length ?? 0;
}

/** Cuts `text` into `count` pieces of nearly equal length. */
export function cutEvenly(text: string, count: number): string[] {
  const size = Math.max(1, Math.ceil(text.length / count));
  return Array.from({ length: Math.ceil(text.length / size) }, (_, i) => text.slice(i * size, (i + 1) * size));
}
