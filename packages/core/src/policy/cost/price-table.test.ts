import { expect, test } from 'vitest';
import { costOf, type ModelPrice, Prices } from './price-table.ts';

const price: ModelPrice = { input: 2, output: 10, cachedInput: 1, cacheWrite: 3, audioInput: 40, audioOutput: 80 };

test.each([
  ['plain tokens', { prompt_tokens: 1_000_000, completion_tokens: 500_000 }, 7],
  [
    'cached and written tokens are parts of the prompt',
    { prompt_tokens: 100, completion_tokens: 0, prompt_tokens_details: { cached_tokens: 60, cache_write_tokens: 10 } },
    (30 * 2 + 60 * 1 + 10 * 3) / 1e6,
  ],
  [
    'audio tokens are parts of both',
    {
      prompt_tokens: 100,
      completion_tokens: 100,
      prompt_tokens_details: { audio_tokens: 50 },
      completion_tokens_details: { audio_tokens: 20 },
    },
    (50 * 2 + 50 * 40 + 80 * 10 + 20 * 80) / 1e6,
  ],
  [
    'reasoning tokens are paid once, as part of the completion',
    { prompt_tokens: 0, completion_tokens: 100, completion_tokens_details: { reasoning_tokens: 90 } },
    1000 / 1e6,
  ],
  ['embeddings generate nothing', { prompt_tokens: 10, total_tokens: 10 }, 20 / 1e6],
])('%s', (_, usage, cost) => {
  expect(costOf(usage, price)).toBeCloseTo(cost, 12);
});

test.each([
  ['no price', { prompt_tokens: 1, completion_tokens: 1 }, undefined],
  ['no usage', undefined, price],
  ['no price for what was generated', { prompt_tokens: 1, completion_tokens: 1 }, { input: 1 }],
])('with %s the cost is absent, not zero', (_, usage, given) => {
  expect(costOf(usage, given)).toBeUndefined();
});

test('a model that is free costs zero', () => {
  expect(costOf({ prompt_tokens: 5, completion_tokens: 5 }, { input: 0, output: 0 })).toBe(0);
});

test('the exact name wins over a pattern, the longer pattern over the shorter', () => {
  const at = (input: number) => ({ input, output: 0 });
  const prices = new Prices({ 'openai/*': at(1), 'openai/gpt-4o*': at(2), 'openai/gpt-4o': at(3) });
  const of = (model: string) => prices.of('openai', model)?.input;
  expect([of('gpt-4o'), of('gpt-4o-mini'), of('o3')]).toEqual([3, 2, 1]);
  expect(prices.of('mistral', 'gpt-4o')).toBeUndefined();
});

test.each([
  [null, 'prices'],
  [{ 'gpt-4o': price }, 'prices["gpt-4o"]'],
  [{ 'openai/gpt-4o': 3 }, 'prices["openai/gpt-4o"]'],
  [{ 'openai/gpt-4o': { output: 1 } }, 'prices["openai/gpt-4o"].input'],
  [{ 'openai/gpt-4o': { input: -1 } }, 'prices["openai/gpt-4o"].input'],
  [{ 'openai/gpt-4o': { input: 1, cached: 1 } }, 'prices["openai/gpt-4o"].cached'],
])('%j is refused with the path of what is wrong', (table, path) => {
  expect(() => new Prices(table as never)).toThrow(expect.objectContaining({ code: 'invalid_request', path }));
});
