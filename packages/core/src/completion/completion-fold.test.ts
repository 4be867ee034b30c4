import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ChatCompletionChunk, ChunkChoice } from '../contract/chat-completion.ts';
import { CompletionFold, foldCompletion } from './completion-fold.ts';

function chunk(more: Partial<ChatCompletionChunk> = {}): ChatCompletionChunk {
  return { id: 'c1', object: 'chat.completion.chunk', created: 7, model: 'm', choices: [], ...more };
}

function step(delta: ChunkChoice['delta'], more: Partial<ChunkChoice> = {}): ChatCompletionChunk {
  return chunk({ choices: [{ index: 0, delta, finish_reason: null, ...more }] });
}

const stop = step({}, { finish_reason: 'stop' });
const only = (chunks: ChatCompletionChunk[]) => foldCompletion(chunks).choices[0];

test('text, reasoning and refusal grow piece by piece', () => {
  const pieces = [
    { role: 'assistant' as const, content: '' },
    { reasoning: 'Let me ' },
    { reasoning: 'see' },
    { content: 'Hel' },
    { content: null },
    { content: 'lo' },
    { refusal: 'No' },
  ];
  expect(only([...pieces.map((delta) => step(delta)), stop])?.message).toEqual({
    role: 'assistant',
    content: 'Hello',
    reasoning: 'Let me see',
    refusal: 'No',
  });
});

test('without text the content is null; an empty text stays one unless a tool call or refusal is the answer', () => {
  const call = { index: 0, id: 'a', type: 'function' as const, function: { name: 'f', arguments: '{}' } };
  expect(only([stop])?.message.content).toBeNull();
  expect(only([step({ content: '' }), stop])?.message.content).toBe('');
  expect(only([step({ content: '' }), step({ tool_calls: [call] }), stop])?.message.content).toBeNull();
  expect(only([step({ content: '' }), step({ refusal: 'No' }), stop])?.message.content).toBeNull();
});

test('fragments of tool calls are sorted by index', () => {
  const { message } = only([
    step({ tool_calls: [{ index: 1, id: 'b', type: 'function', function: { name: 'g', arguments: '' } }] }),
    step({ tool_calls: [{ index: 0, id: 'a', type: 'function', function: { name: 'f', arguments: '{"x"' } }] }),
    step({ tool_calls: [{ index: 0, function: { arguments: ':1}' } }] }),
    step({ tool_calls: [{ index: 3, id: 'c', type: 'custom', custom: { name: 'h', input: 'in' } }] }),
    step({ tool_calls: [{ index: 3, custom: { input: 'put' } }] }),
    stop,
  ]) ?? { message: {} as never };
  expect(message.tool_calls).toEqual([
    { id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":1}' } },
    { id: 'b', type: 'function', function: { name: 'g', arguments: '{}' } },
    { id: 'c', type: 'custom', custom: { name: 'h', input: 'input' } },
  ]);
});

test('a tool may be called `__proto__`', () => {
  const call = {
    index: 0,
    id: '__proto__',
    type: 'function' as const,
    function: { name: '__proto__', arguments: '{}' },
  };
  expect(only([step({ tool_calls: [call] }), stop])?.message.tool_calls).toMatchObject([
    { id: '__proto__', function: { name: '__proto__' } },
  ]);
});

test('choices come in order of their index, however they arrive', () => {
  const part = (index: number, content: string) => step({ content }, { index });
  const chunks = [part(2, 'c'), part(0, 'a'), part(1, 'b'), part(0, 'A')];
  expect(foldCompletion(chunks).choices.map(({ index, message }) => [index, message.content])).toEqual([
    [0, 'aA'],
    [1, 'b'],
    [2, 'c'],
  ]);
});

test('it is complete when every choice that has begun has finished', () => {
  const fold = new CompletionFold();
  expect(fold.complete).toBe(false);
  fold.add(chunk({ usage: { prompt_tokens: 1, completion_tokens: 0, total_tokens: 1 } }));
  expect(fold.complete).toBe(false);
  fold.add(step({}, { index: 1 }));
  fold.add(stop);
  expect(fold.complete).toBe(false);
  fold.add(step({}, { index: 1, finish_reason: 'length' }));
  expect(fold.complete).toBe(true);
});

test('an unfinished choice counts as cut short', () => {
  expect(only([step({ content: 'Hel' })])).toMatchObject({ finish_reason: 'length', message: { content: 'Hel' } });
});

test('the last usage holds, one that is missing or null changes nothing', () => {
  const usage = (total_tokens: number) => ({ prompt_tokens: 0, completion_tokens: total_tokens, total_tokens });
  const chunks = [chunk({ usage: usage(1) }), chunk({ usage: usage(2) }), chunk({ usage: null }), stop];
  expect(foldCompletion(chunks).usage).toEqual(usage(2));
  expect(foldCompletion([stop])).not.toHaveProperty('usage');
});

test('reasoning grows until its signature, then begins anew', () => {
  const detail = (more: object) => step({ reasoning_details: [{ type: 'text', ...more }] });
  expect(
    only([detail({ text: 'a' }), detail({ text: 'b', signature: 's1' }), detail({ text: 'c' }), stop])?.message,
  ).toMatchObject({
    reasoning_details: [
      { text: 'ab', signature: 's1' },
      { type: 'text', text: 'c' },
    ],
  });
});

test('log probabilities, annotations and audio add up', () => {
  const token = (token: string) => ({ token, logprob: -1, bytes: null, top_logprobs: [] });
  const choice = only([
    step({ annotations: [{ type: 'a' }] }, { logprobs: { content: [token('x')] } }),
    step({ annotations: [{ type: 'b' }] }, { logprobs: { content: [token('y')], refusal: null } }),
    step({ audio: { id: 'au', data: 'AA', transcript: 'He' } }),
    step({ audio: { data: 'BB', transcript: 'y', expires_at: 5 } }),
    stop,
  ]);
  expect(choice?.logprobs).toEqual({ content: [token('x'), token('y')], refusal: null });
  expect(choice?.message.annotations).toEqual([{ type: 'a' }, { type: 'b' }]);
  expect(choice?.message.audio).toEqual({ id: 'au', data: 'AABB', transcript: 'Hey', expires_at: 5 });
});

test('the chunks stay as they were', () => {
  const chunks = [
    step(
      { annotations: [{ type: 'a' }], reasoning_details: [{ type: 't', text: 'a' }] },
      { logprobs: { content: [] } },
    ),
    step(
      { annotations: [{ type: 'b' }], reasoning_details: [{ type: 't', text: 'b' }] },
      { logprobs: { content: [] } },
    ),
  ];
  const before = structuredClone(chunks);
  foldCompletion(chunks);
  foldCompletion(chunks);
  expect(chunks).toEqual(before);
});

test('any cut of the pieces folds to the same answer', () => {
  const pieces = fc.array(fc.string(), { minLength: 1, maxLength: 5 });
  const cut = (text: string, at: number[]) => {
    const ends = [...new Set(at.map((end) => end % (text.length + 1))), text.length].sort((a, b) => a - b);
    return ends.map((end, index) => text.slice(ends[index - 1] ?? 0, end));
  };
  const cuts = fc.array(fc.nat(50), { maxLength: 5 });
  fc.assert(
    fc.property(pieces, pieces, cuts, cuts, (texts, inputs, textCuts, inputCuts) => {
      const text = texts.join('');
      const input = `[${inputs.join('')}]`;
      const opening = { index: 0, id: 'a', type: 'function' as const, function: { name: 'f', arguments: '' } };
      const fragments = (parts: string[]) => parts.map((part) => step({ tool_calls: [{ index: 0, function: { arguments: part } }] })); // biome-ignore format: one line
      const whole = [
        step({ content: text, tool_calls: [{ ...opening, function: { name: 'f', arguments: input } }] }),
        stop,
      ];
      const inPieces = [
        ...cut(text, textCuts).map((part) => step({ content: part })),
        step({ tool_calls: [opening] }),
        ...fragments(cut(input, inputCuts)),
        stop,
      ];
      expect(foldCompletion(inPieces)).toEqual(foldCompletion(whole));
    }),
  );
});
