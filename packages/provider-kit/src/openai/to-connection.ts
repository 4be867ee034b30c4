import type { Connection } from '@anyllm/core/provider';
import type { OpenAICompatibleSettings } from './openai-compatible.ts';
import type { Quirks } from './quirks.ts';

type Settings = Pick<
  OpenAICompatibleSettings<string>,
  'apiKeyEnv' | 'apiKeyOptional' | 'baseURL' | 'baseURLEnv' | 'normalizeBaseURL'
>;

/** Where key and address come from. The query is a part of the address, so that a user's own can win. */
export function toConnection(settings: Settings, { query }: Quirks): Connection {
  const { apiKeyEnv, apiKeyOptional = false, baseURL, baseURLEnv = [], normalizeBaseURL = asIs } = settings;
  return {
    ...(apiKeyEnv !== undefined && { apiKey: { env: toList(apiKeyEnv), required: !apiKeyOptional } }),
    baseURL: {
      env: toList(baseURLEnv),
      ...(baseURL !== undefined && { default: baseURL }),
      normalize: query ? (value) => withQuery(normalizeBaseURL(value), query) : normalizeBaseURL,
    },
  };
}

function asIs(value: string): string {
  return value;
}

function toList(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}

function withQuery(baseURL: string, source: NonNullable<Quirks['query']>): string {
  const parameters = typeof source === 'function' ? source(baseURL) : source;
  const [address, query = ''] = baseURL.split(/\?(.*)/s);
  const given = new URLSearchParams(query);
  const added = new URLSearchParams(Object.entries(parameters).filter(([name]) => !given.has(name)));
  const whole = [query, added.toString()].filter(Boolean).join('&');
  return whole === '' ? baseURL : `${address}?${whole}`;
}
