import { createMistral } from '@anyllm/provider-mistral';
import { createOllama } from '@anyllm/provider-ollama';
import { createOpenAI } from '@anyllm/provider-openai';
import { testProvider } from '@anyllm/provider-testing';
import { describe, test } from 'vitest';

describe('openai', () => {
  testProvider({ test, createProvider: createOpenAI, simulate: 'openai', model: 'gpt-4o' });
});

describe('mistral', () => {
  testProvider({
    test,
    createProvider: createMistral,
    simulate: 'mistral',
    model: 'mistral-large-latest',
    reasoningModel: 'magistral-medium-latest',
  });
});

describe('ollama', () => {
  testProvider({ test, createProvider: createOllama, simulate: 'ollama', model: 'llama3', reasoningModel: 'qwen3' });
});
