import type { ResponseHeaders } from '@anyllm/core/provider';
import { headerValue } from './header-value.ts';

/** In order of preference. `cf-ray` comes from Cloudflare and says nothing to the vendor's own support. */
const names = [
  'x-request-id',
  'apim-request-id', // Azure
  'mistral-correlation-id',
  'x-kong-request-id', // Mistral's gateway
  'x-generation-id', // OpenRouter
  'x-ds-trace-id', // DeepSeek
  'cf-ray',
] as const;

/** The id under which the vendor knows this answer. An id that is not one short printable word is passed over. */
export function parseRequestId(headers: ResponseHeaders): string | undefined {
  for (const name of names) {
    const value = headerValue(headers, name);
    if (isRequestId(value)) return value;
  }
  return undefined;
}

export function isRequestId(value: unknown): value is string {
  return typeof value === 'string' && /^[!-~]{1,128}$/.test(value);
}
