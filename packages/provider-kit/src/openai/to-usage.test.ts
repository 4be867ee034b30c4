import { expect, test } from 'vitest';
import { toUsage } from './to-usage.ts';

const plain = { prompt_tokens: 5, completion_tokens: 3, total_tokens: 8 };
const cached = { ...plain, prompt_tokens_details: { cached_tokens: 2 } };
const reasoned = { ...plain, completion_tokens_details: { reasoning_tokens: 2 } };

test.each([
  ['OpenAI', { ...plain, prompt_tokens_details: { cached_tokens: 2, audio_tokens: null } }, cached],
  ['details that are null', { ...plain, prompt_tokens_details: null, completion_tokens_details: null }, plain],
  [
    'details that are zero',
    { ...plain, prompt_tokens_details: { cached_tokens: 0 } },
    { ...plain, prompt_tokens_details: { cached_tokens: 0 } },
  ],
  ['no total', { prompt_tokens: 5, completion_tokens: 3 }, plain],
  [
    'names of the Responses API',
    { input_tokens: 5, output_tokens: 3, input_tokens_details: { cached_tokens: 2 } },
    cached,
  ],
  ["Ollama's own names", { prompt_eval_count: 5, eval_count: 3 }, plain],
  ['DeepSeek', { ...plain, prompt_cache_hit_tokens: 2, prompt_cache_miss_tokens: 3 }, cached],
  ['Mistral', { ...plain, num_cached_tokens: 2, prompt_audio_seconds: null }, cached],
  ['Mistral in places', { ...plain, prompt_token_details: { cached_tokens: 2 } }, cached],
  ['Mistral with both', { ...plain, prompt_tokens_details: {}, prompt_token_details: { cached_tokens: 2 } }, cached],
  ['Moonshot', { ...plain, cached_tokens: 2 }, cached],
  ['reasoning as a part', { ...plain, completion_tokens_details: { reasoning_tokens: 2 } }, reasoned],
  ['reasoning at the top', { ...plain, reasoning_tokens: 2 }, reasoned],
  [
    'reasoning beside the completion (xAI)',
    { prompt_tokens: 5, completion_tokens: 1, total_tokens: 8, completion_tokens_details: { reasoning_tokens: 2 } },
    reasoned,
  ],
  ['costs and times', { ...plain, cost: 0.1, queue_time: 0.2 }, plain],
  ['counts that cannot be', { ...plain, prompt_tokens: -5 }, { ...plain, prompt_tokens: -5 }],
  ['counts of the wrong type', { ...plain, cached_tokens: '2', reasoning_tokens: -1 }, plain],
])('usage: %s', (_, wire, expected) => {
  expect(toUsage(wire)).toEqual(expected);
});

test.each([undefined, null, 7, 'x', [], [1], {}, { cost: 1 }, { prompt_tokens: null }])('%j is no usage', (wire) => {
  expect(toUsage(wire)).toBeUndefined();
});
