import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readPlainAnswer } from './plain-answer.ts';
import { toCompletion } from './to-completion.ts';

/** As OpenAI documents it, with all that it says where there is nothing to say. */
const documented = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1_741_569_952,
  model: 'gpt-4o-2024-08-06',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: 'Hello!', refusal: null, annotations: [] },
      logprobs: null,
      finish_reason: 'stop',
    },
  ],
  usage: {
    prompt_tokens: 19,
    completion_tokens: 10,
    total_tokens: 29,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: {
      ...{ reasoning_tokens: 0, audio_tokens: 0, accepted_prediction_tokens: 0, rejected_prediction_tokens: 0 },
    },
  },
  service_tier: 'default',
  system_fingerprint: null,
};

test('an answer as OpenAI documents it is plain', () => {
  expect(readPlainAnswer(documented)).toStrictEqual({
    ...{ id: 'chatcmpl-1', object: 'chat.completion', created: 1_741_569_952, model: 'gpt-4o-2024-08-06' },
    choices: [{ index: 0, message: { role: 'assistant', content: 'Hello!' }, finish_reason: 'stop' }],
    usage: documented.usage,
    service_tier: 'default',
  });
});

test.each<[string, object]>([
  ['several texts', { choices: [0, 1].map((index) => ({ ...documented.choices[0], index })) }],
  ['an empty text', { choices: [{ ...documented.choices[0], message: { role: 'assistant', content: '' } }] }],
  [
    'no tool calls',
    { choices: [{ ...documented.choices[0], message: { ...documented.choices[0]?.message, tool_calls: [] } }] },
  ],
  ['no usage', { usage: null }],
  ['nothing of what its server adds', { prompt_logprobs: null, prompt_filter_results: [] }],
])('an answer with %s is plain', (_, changed) => {
  expect(readPlainAnswer({ ...documented, ...changed })).toBeDefined();
});

/** Mostly what is documented, and in its place what servers may send instead. */
const mostly = <T>(usual: T, ...others: fc.Arbitrary<unknown>[]) =>
  fc.oneof({ weight: 12, arbitrary: fc.constant(usual) }, fc.constantFrom(null, [], '', 0, {}), ...others);
const text = fc.constantFrom('a', 'stop', 'tool_calls', 'error', '<think>a</think>b');
const count = fc.constantFrom(0, 1, 10, 19, 29, -1, 1.5, Infinity);
const field = fc.tuple(
  fc.constantFrom('error', 'reasoning', 'reasoning_content', 'tool_calls', 'audio', 'x_groq', 'base_resp', 'usage'),
  fc.oneof(text, count, fc.constantFrom(null, [], { cached_tokens: 1 }, [{ function: { name: 'f' } }])),
);
const and = <T extends object>(object: fc.Arbitrary<T>) =>
  fc
    .tuple(object, fc.oneof({ weight: 9, arbitrary: fc.constant([]) }, fc.array(field, { maxLength: 2 })))
    .map(([base, fields]) => ({ ...base, ...Object.fromEntries(fields) }));
const details = and(
  fc.record({ cached_tokens: mostly(3, count), reasoning_tokens: mostly(3, count) }, { requiredKeys: [] }),
);
const usage = and(
  fc.record(
    {
      prompt_tokens: mostly(19, count),
      completion_tokens: mostly(10, count),
      total_tokens: mostly(29, count),
      prompt_tokens_details: mostly({ cached_tokens: 3 }, details),
      completion_tokens_details: mostly({ reasoning_tokens: 4 }, details),
    },
    { requiredKeys: ['prompt_tokens', 'completion_tokens', 'total_tokens'] },
  ),
);
const message = and(
  fc.record({ role: mostly('assistant', text), content: mostly('Hi', text), refusal: mostly(null, text) }),
);
const choice = and(
  fc.record({ index: mostly(0, count), message, finish_reason: mostly('stop', text), logprobs: mostly(null) }),
);
const answer = and(
  fc.record({
    id: mostly('chatcmpl-1', text),
    object: mostly('chat.completion', text),
    created: mostly(1_741_569_952, count),
    model: mostly('gpt-4o', text),
    choices: mostly(
      documented.choices,
      fc.array(choice, { maxLength: 3 }),
      choice.map((only) => [only]),
    ),
    usage: mostly(documented.usage, usage, usage, usage),
    service_tier: mostly('default', text),
    system_fingerprint: mostly('fp_1', text),
  }),
);

test('whatever is taken for plain is what the full reading makes of it, without a warning', () => {
  let plainOnes = 0;
  const property = fc.property(answer, (json) => {
    const plain = readPlainAnswer(json);
    if (!plain) return;
    plainOnes++;
    const observer = {
      connected() {},
      responded() {},
      warn: ({ message }: { message: string }) => expect(message).toBe(''),
    };
    const context = { provider: 'p', model: 'm', requestId: undefined, apiKey: undefined, observer };
    expect(plain).toStrictEqual(toCompletion(structuredClone(json), context));
  });
  fc.assert(property, { numRuns: 3_000 });
  expect(plainOnes).toBeGreaterThan(100);
});
