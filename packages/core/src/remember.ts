/** More model ids and addresses than a program uses. */
const usualBound = 1_000;

/** More characters than such a text has. */
const longest = 256;

/**
 * The same function, with the answers at hand that it has given before. For what is asked of the same few texts with
 * every call. What it throws it throws again.
 * @param most how many answers are kept, and none of a long text: the texts may be anybody's
 */
export function remember<T>(answer: (text: string) => T, most = usualBound): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined || known.has(text)) return found as T;
    const given = answer(text);
    if (known.size < most && text.length <= longest) known.set(text, given);
    return given;
  };
}
