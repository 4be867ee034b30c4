import type { Dialect } from './dialect.ts';

const head = (object: string) => ({
  id: '0123456789abcdef0123456789abcdef',
  object,
  created: 1_764_000_000,
  model: 'mistral-small-latest',
});
const usage = { prompt_tokens: 19, total_tokens: 219, completion_tokens: 200, num_cached_tokens: 0 };

export const mistral: Dialect = {
  path: '/v1/chat/completions',
  headers: [
    'date: Mon, 24 Nov 2025 12:00:00 GMT',
    'mistral-correlation-id: 01234567-89ab-cdef-0123-456789abcdef',
    'x-kong-request-id: 01234567-89ab-cdef-0123-456789abcdef',
    'x-kong-proxy-latency: 8',
    'x-kong-upstream-latency: 312',
    'x-envoy-upstream-service-time: 311',
    'x-ratelimit-limit-req-minute: 360',
    'x-ratelimit-remaining-req-minute: 359',
    'x-ratelimit-limit-tokens-minute: 2000000',
    'x-ratelimit-remaining-tokens-minute: 1999781',
    'x-ratelimit-tokens-query-cost: 219',
    'access-control-allow-origin: *',
    'strict-transport-security: max-age=15552000; includeSubDomains; preload',
    'x-content-type-options: nosniff',
    'server: cloudflare',
    'cf-ray: 9a0000000000abcd-FRA',
  ],
  whole: { contentType: 'application/json', toBody },
  stream: { contentType: 'text/event-stream; charset=utf-8', toEvents },
};

function toBody(words: string[]): string {
  const message = { role: 'assistant', tool_calls: null, content: words.join('') };
  const choices = [{ index: 0, finish_reason: 'stop', message }];
  return JSON.stringify({ ...head('chat.completion'), usage, choices });
}

/** A role, the words, a finish reason with the usage, `[DONE]`. */
function toEvents(words: string[]): string[] {
  const chunks = [
    toChunk({ role: 'assistant', content: '' }),
    ...words.map((content) => toChunk({ content })),
    { ...toChunk({ content: '' }, 'stop'), usage },
  ];
  return [...chunks.map((chunk) => JSON.stringify(chunk)), '[DONE]'].map((data) => `data: ${data}\n\n`);
}

function toChunk(delta: object, finish_reason: string | null = null): object {
  return { ...head('chat.completion.chunk'), choices: [{ index: 0, delta, finish_reason }] };
}
