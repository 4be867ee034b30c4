import type { ResponseHeaders } from '@anyllm/core/provider';

/** The first value of a header, trimmed; `undefined` when it is missing or empty. */
export function headerValue(headers: ResponseHeaders, name: string): string | undefined {
  const value = headers[name];
  const first = typeof value === 'object' ? value[0] : value;
  return typeof first === 'string' && first !== '' ? first.trim() || undefined : undefined;
}

/** A number as headers write it: digits, perhaps with a fraction. No sign, exponent, blank or other base. */
export function parseDecimal(text: string): number | undefined {
  return /^\d{1,15}(?:\.\d{0,15})?$/.test(text) ? Number(text) : undefined;
}
