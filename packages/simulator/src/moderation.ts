import { isObject } from './answer.ts';
import type { JsonObject } from './recorded-request.ts';

/** A text is violent when it speaks of killing, and so on: enough for a test to know what will come. */
const SIGNS: Record<string, RegExp> = {
  harassment: /\bidiot/i,
  hate: /\bhate\b/i,
  pii: /[\w.]+@[\w.]+/,
  'self-harm': /hurt myself/i,
  sexual: /\bnude/i,
  violence: /\bkill/i,
};

export const OPENAI_CATEGORIES =
  `harassment harassment/threatening hate hate/threatening illicit illicit/violent self-harm
  self-harm/intent self-harm/instructions sexual sexual/minors violence violence/graphic`.split(/\s+/);

export const MISTRAL_CATEGORIES = `sexual hate_and_discrimination violence_and_threats dangerous_and_criminal_content
  selfharm health financial law pii`.split(/\s+/);

/** Mistral's words for what has a sign. */
const SIGN_OF: Record<string, string> = {
  hate_and_discrimination: 'hate',
  violence_and_threats: 'violence',
  selfharm: 'self-harm',
};

export interface Verdict {
  categories: Record<string, boolean>;
  category_scores: Record<string, number>;
}

export function verdictOn(text: string, categories: readonly string[]): Verdict {
  const found = (name: string) => SIGNS[SIGN_OF[name] ?? name]?.test(text) ?? false;
  return {
    categories: Object.fromEntries(categories.map((name) => [name, found(name)])),
    category_scores: Object.fromEntries(categories.map((name) => [name, found(name) ? 0.98 : 0.001])),
  };
}

/** The text of a content that may have parts. */
export function textOfContent(content: unknown): string {
  if (!Array.isArray(content)) return String(content ?? '');
  return content
    .filter(isObject)
    .map((part: JsonObject) => String(part.text ?? ''))
    .join(' ');
}
