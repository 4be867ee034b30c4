import type { Dialect } from './dialect.ts';

/** In OpenAI's order. */
const head = (object: string) => ({
  id: 'chatcmpl-CkXyz0123456789abcdefghijkl',
  object,
  created: 1_764_000_000,
  model: 'gpt-4o-mini-2024-07-18',
});
const fingerprint = { service_tier: 'default', system_fingerprint: 'fp_0123456789' };
const usage = {
  prompt_tokens: 19,
  completion_tokens: 200,
  total_tokens: 219,
  prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
  completion_tokens_details: {
    reasoning_tokens: 0,
    audio_tokens: 0,
    accepted_prediction_tokens: 0,
    rejected_prediction_tokens: 0,
  },
};

/** OpenAI hides the length of each event behind padding, so that no two end alike. */
const padding = 'xQ3p9aZk71LmVb0TsRd5YhGfN2cWqE8uJoI';

export const openai: Dialect = {
  path: '/v1/chat/completions',
  headers: [
    'date: Mon, 24 Nov 2025 12:00:00 GMT',
    'openai-organization: org-example',
    'openai-processing-ms: 312',
    'openai-project: proj_example',
    'openai-version: 2020-10-01',
    'x-envoy-upstream-service-time: 330',
    'x-ratelimit-limit-requests: 10000',
    'x-ratelimit-limit-tokens: 2000000',
    'x-ratelimit-remaining-requests: 9999',
    'x-ratelimit-remaining-tokens: 1999970',
    'x-ratelimit-reset-requests: 6ms',
    'x-ratelimit-reset-tokens: 0s',
    'x-request-id: req_0123456789abcdef0123456789abcdef',
    'strict-transport-security: max-age=31536000; includeSubDomains; preload',
    'server: cloudflare',
    'cf-ray: 9a0000000000abcd-FRA',
  ],
  whole: { contentType: 'application/json', toBody },
  stream: { contentType: 'text/event-stream; charset=utf-8', toEvents },
};

function toBody(words: string[]): string {
  const message = { role: 'assistant', content: words.join(''), refusal: null, annotations: [] };
  const choices = [{ index: 0, message, logprobs: null, finish_reason: 'stop' }];
  return JSON.stringify({ ...head('chat.completion'), choices, usage, ...fingerprint }, null, 2);
}

/** A role, the words, a finish reason, the usage, `[DONE]`: what comes with `include_usage`. */
function toEvents(words: string[]): string[] {
  const chunks = [
    toChunk({ role: 'assistant', content: '', refusal: null }),
    ...words.map((content) => toChunk({ content })),
    toChunk({}, 'stop'),
    { ...toChunk({}), choices: [], usage },
  ].map((chunk, at) => ({ ...chunk, obfuscation: padding.slice(at % 13, 4 + ((at * 7) % 31)) }));
  return [...chunks.map((chunk) => JSON.stringify(chunk)), '[DONE]'].map((data) => `data: ${data}\n\n`);
}

function toChunk(delta: object, finish_reason: string | null = null): object {
  const choices = [{ index: 0, delta, logprobs: null, finish_reason }];
  return { ...head('chat.completion.chunk'), ...fingerprint, choices, usage: null };
}
