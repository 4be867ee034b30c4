import { createVendor } from '@anyllm/provider-openai-compatible';
import { testProvider } from '@anyllm/provider-testing';
import { describe, test } from 'vitest';

describe('openai-compatible', () => {
  testProvider({ test, createProvider: (config) => createVendor('openai-compatible', config), simulate: 'openai' });
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
