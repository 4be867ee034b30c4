const unitMs: Readonly<Record<string, number>> = {
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
  us: 1e-3,
  µs: 1e-3, // U+00B5, the micro sign
  μs: 1e-3, // U+03BC, the Greek letter
  ns: 1e-6,
};

// `ms` stands before `m`, which would take its first letter.
const part = /(\d{1,15}(?:\.\d*)?)(ms|us|µs|μs|ns|[dhms])/gy;

/** Milliseconds of a duration as Go writes it, like `6m0s`, `59.2s` or `12ms`; `undefined` for anything else. */
export function parseDuration(text: string): number | undefined {
  let total = 0;
  part.lastIndex = 0;
  for (let end = 0; end < text.length; end = part.lastIndex) {
    const match = part.exec(text);
    if (match === null) return undefined;
    total += Number(match[1]) * (unitMs[match[2] ?? ''] ?? Number.NaN);
  }
  return text === '' ? undefined : total;
}
