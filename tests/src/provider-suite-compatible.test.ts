import { createVendor } from '@anyllm/provider-openai-compatible';
import { testProvider } from '@anyllm/provider-testing';
import { describe, test } from 'vitest';

describe('openai-compatible', () => {
  testProvider({
    test,
    createProvider: (config) => createVendor('openai-compatible', config),
    simulate: 'openai',
    model: 'gpt-4o', // by its name the simulator knows that it streams pictures
  });
});

// Of what the vendors share, one is enough; these are the groups in which their quirks can show.
describe.each(['groq', 'deepseek'] as const)('%s', (id) => {
  testProvider({
    test,
    createProvider: (config) => createVendor(id, config),
    simulate: 'openai',
    groups: ['completion', 'streaming', 'tools', 'structured-output', 'reasoning', 'usage'],
  });
});

describe('groq, beside completions', () => {
  testProvider({
    test,
    createProvider: (config) => createVendor('groq', config),
    simulate: 'openai',
    groups: ['audio', 'responses'],
  });
});

describe.each(['vllm', 'llamacpp'] as const)('%s, which counts tokens in its own way', (id) => {
  testProvider({
    test,
    createProvider: (config) => createVendor(id, config),
    simulate: 'openai',
    groups: ['token-counts'],
  });
});

describe('cohere, which has no completions there', () => {
  testProvider({
    test,
    createProvider: (config) => createVendor('cohere', config),
    simulate: 'openai',
    groups: ['rerank'],
  });
});
