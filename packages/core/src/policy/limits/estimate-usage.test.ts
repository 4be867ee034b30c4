import { expect, test } from 'vitest';
import type { ChatRequest } from '../../contract/provider.ts';
import { estimateUsage } from './estimate-usage.ts';

const estimateTokens = (request: ChatRequest) => {
  const { prompt_tokens, completion_tokens } = estimateUsage(request);
  return prompt_tokens + completion_tokens;
};

const ask = (content: string, rest: Partial<ChatRequest> = {}): ChatRequest => ({
  model: 'm',
  messages: [{ role: 'user', content }],
  ...rest,
});

test('four characters are a token, and the answer is as long as it may be', () => {
  expect(estimateTokens(ask('x'.repeat(400), { max_tokens: 50 }))).toBe(4 + 100 + 50);
});

test('every choice counts, and max_completion_tokens wins', () => {
  expect(estimateTokens(ask('', { max_tokens: 50, max_completion_tokens: 20, n: 3 }))).toBe(4 + 60);
});

test('tools, parts and attachments count', () => {
  const plain = estimateTokens(ask(''));
  const tools: ChatRequest['tools'] = [{ type: 'function', function: { name: 'f'.repeat(400) } }];
  expect(estimateTokens(ask('', { tools }))).toBeGreaterThan(plain + 100);
  const parts = [
    { type: 'text' as const, text: 'x'.repeat(40) },
    { type: 'image_url' as const, image_url: { url: `data:image/png;base64,${'A'.repeat(1e6)}` } },
  ];
  const request: ChatRequest = { model: 'm', messages: [{ role: 'user', content: parts }], max_tokens: 1 };
  expect(estimateTokens(request)).toBe(4 + 10 + 800 + 1);
});
