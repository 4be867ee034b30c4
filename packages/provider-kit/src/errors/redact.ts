/** What stands in place of a key. */
const mask = '[key]';

/** A shorter one is a placeholder such as `none`, and cutting it out would only garble the text. */
const MIN_KEY_LENGTH = 6;

/** Bearer tokens, keys by the usual prefixes, and keys that the server has masked in part (`abcd****wxyz`). */
const keyLike =
  /\bBearer\s+[^\s"',;]+|\b(?:sk|pk|rk|gsk|xai|pplx|csk|nvapi|hf|r8|AIza)(?:[-_]|(?<=AIza))[\w*.-]{8,}|[\w-]{0,64}\*{3,}[\w-]{0,64}/gi;

/** Cuts out `apiKey` and whatever looks like a key. For short texts: it takes a few passes over each. */
export function redact(text: string, apiKey: string | undefined): string {
  return redactKey(text, apiKey).replaceAll(keyLike, mask);
}

/** Cuts out just `apiKey`; cheap for texts of any size. */
export function redactKey(text: string, apiKey: string | undefined): string {
  return apiKey === undefined || apiKey.length < MIN_KEY_LENGTH ? text : text.replaceAll(apiKey, mask);
}

/** One line of at most `length` characters. */
export function foldLine(text: string, length: number): string {
  const line = text
    .slice(0, 4 * length)
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return line.length <= length ? line : `${line.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
