import { createOpenAI } from '@ai-sdk/openai';
import type { ProviderConfig } from '@anyllm/core/provider';
import { fromAISDK } from '@anyllm/provider-ai-sdk';
import { testProvider } from '@anyllm/provider-testing';
import { test } from 'vitest';

/** Their OpenAI provider, as one of ours. The address and the key are for it, not for the bridge. */
function createBridge({ baseURL = 'http://localhost', apiKey = 'none' }: ProviderConfig) {
  const theirs = createOpenAI({ baseURL, apiKey });
  return fromAISDK((model) => theirs.chat(model), { id: 'theirs', optionsKey: 'openai' });
}

const redirects = 'AI SDK asks by `fetch`, which follows redirects; a `fetch` of your own can refuse them';
const bounds = 'AI SDK reads bodies and lines to their end, however long they are';

testProvider({
  test,
  createProvider: createBridge,
  simulate: 'openai',
  model: 'gpt-4o',
  // Their model of OpenAI's chat completions looks for no reasoning, which OpenAI itself does not send there.
  capabilities: { ...createBridge({}).capabilities, reasoning: false },
  skip: [
    { case: 'errors/connection-refused', reason: 'an AI SDK model keeps the address that it was made with' },
    { case: 'deadlines/headers-came', reason: 'AI SDK tells of the headers only together with a whole answer' },
    ...[301, 302, 303, 307, 308].map((status) => ({ case: `security/redirect-${status}`, reason: redirects })),
    ...['large-error-body', 'endless-line', 'endless-answer', 'endless-error'].map((name) => ({ case: `security/${name}`, reason: bounds })), // biome-ignore format: one line
  ],
});
