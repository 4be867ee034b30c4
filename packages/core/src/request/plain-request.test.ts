import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ChatRequest } from '../contract/provider.ts';
import { defineProvider } from '../registry/define-provider.ts';
import { checkCapabilities } from './check-capabilities.ts';
import { fitPlainRequest, validatePlainRequest } from './plain-request.ts';
import { validateRequest } from './validate-request.ts';

const ask = { model: 'openai/gpt', messages: [{ role: 'user', content: 'Hi' }] };

test.each([
  ['a prompt', { model: 'openai/gpt', prompt: 'Hi' }],
  ['messages', ask],
  ['a longer conversation', { ...ask, messages: [{ role: 'system', content: 'Be brief' }, ...ask.messages] }],
  ['a bound for the answer', { ...ask, max_tokens: 5, max_completion_tokens: 5 }],
  ['a temperature', { ...ask, temperature: 0, top_p: 1 }],
  ['a wish for a stream', { ...ask, stream: true }],
])('%s is plain, and read as by its shape', (_, request) => {
  expect(validatePlainRequest(request)).toEqual(validateRequest(request));
});

test.each([
  ['no object', 'Hi'],
  ['nothing', null],
  ['an array', [ask]],
  ['no model', { prompt: 'Hi' }],
  ['several models', { ...ask, model: ['openai/gpt', 'mistral/small'] }],
  ['both a prompt and messages', { ...ask, prompt: 'Hi' }],
  ['neither', { model: 'openai/gpt' }],
  ['no messages', { ...ask, messages: [] }],
  ['a hole', { ...ask, messages: new Array(1) }],
  ['another parameter', { ...ask, seed: 1 }],
  ['a temperature below 0', { ...ask, temperature: -1 }],
  ['a `top_p` above 1', { ...ask, top_p: 1.5 }],
  ['a misspelt one', { ...ask, maxTokens: 1 }],
  ['a wrong number', { ...ask, max_tokens: 0 }],
  ['a picture', { ...ask, messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }] }],
  ['an answer of a tool', { ...ask, messages: [{ role: 'tool', content: 'Hi' }] }],
  ['a message with more in it', { ...ask, messages: [{ role: 'user', content: 'Hi', name: 'Ann' }] }],
])('%s is left to the shape', (_, request) => {
  expect(validatePlainRequest(request)).toBeUndefined();
});

/** Mostly right: what is plain consists of nothing else. */
function mostly<T>(right: fc.Arbitrary<T>) {
  return fc.oneof({ arbitrary: right, weight: 15 }, fc.constantFrom(undefined, null, '', 0, -1, 1.5, true, [], {}));
}

const message = fc.record({ role: mostly(fc.constantFrom('user', 'system')), content: mostly(fc.string()) });
const fields = {
  model: mostly(fc.string()),
  stream: mostly(fc.boolean()),
  max_tokens: mostly(fc.integer({ min: 1 })),
  max_completion_tokens: mostly(fc.integer({ min: 1 })),
  temperature: mostly(fc.double({ min: -0.1, noNaN: true })),
  top_p: mostly(fc.double({ min: -0.1, max: 1.1, noNaN: true })),
};
const requiredKeys: ['model'] = ['model'];
const request = fc.oneof(
  fc.record({ ...fields, prompt: mostly(fc.string()) }, { requiredKeys }),
  fc.record({ ...fields, messages: mostly(fc.array(message)) }, { requiredKeys }),
);
const bare = { id: 'p', complete: () => Promise.reject(), stream: async function* () {} };
const providers = fc.constantFrom(
  defineProvider(bare),
  defineProvider({ ...bare, capabilities: { parameters: ['temperature'] } }),
  defineProvider({ ...bare, capabilities: { parameters: ['temperature', 'top_p'] } }),
);

test('whatever is taken for plain has a right shape, and a provider gets it like every other request', () => {
  fc.assert(
    fc.property(request, providers, fc.boolean(), (input, provider, strict) => {
      const plain = validatePlainRequest(input);
      if (!plain) return;
      const valid = validateRequest(input);
      expect(plain).toEqual(valid);
      const asAny = () =>
        checkCapabilities({ ...valid, model: 'm', stream: undefined } as ChatRequest, provider, strict);
      expect(outcomeOf(() => fitPlainRequest(plain, 'm', provider, strict))).toEqual(outcomeOf(asAny));
    }),
    { numRuns: 3_000 },
  );
});

function outcomeOf(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}
