import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldCompletion } from '../completion/completion-fold.ts';
import type { Warning } from '../contract/call-meta.ts';
import type { ChatCompletionChunk, ChunkChoice, ChunkDelta, Usage } from '../contract/chat-completion.ts';
import type { MessagesEvent } from '../contract/messages.ts';
import { translateWhole } from '../over-chat/translate-stream.ts';
import { foldMessage } from './message-fold.ts';
import { MessageTranslator } from './message-translator.ts';
import { toChatRequest } from './to-chat-request.ts';

const head = { id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm' } as const;
const chunk = (delta: ChunkDelta, more: Partial<ChunkChoice> = {}): ChatCompletionChunk => ({
  ...head,
  choices: [{ index: 0, delta, finish_reason: null, ...more }],
});
const finish = (finish_reason: ChunkChoice['finish_reason'], more: Partial<ChunkChoice> = {}) =>
  chunk({}, { finish_reason, ...more });

function translate(chunks: readonly ChatCompletionChunk[], warnings: Warning[] = []): MessagesEvent[] {
  const translator = new MessageTranslator('asked', (warning) => warnings.push(warning));
  for (const each of chunks) translator.add(each);
  translator.end();
  return translator.take();
}

const usage: Usage = {
  prompt_tokens: 105,
  completion_tokens: 7,
  total_tokens: 112,
  prompt_tokens_details: { cached_tokens: 90, cache_write_tokens: 5 },
  completion_tokens_details: { reasoning_tokens: 3 },
};

const rich = [
  chunk({ role: 'assistant', content: '' }),
  chunk({ reasoning: 'Hm', reasoning_details: [{ type: 'reasoning.text', text: 'Hm', index: 0, format: 'v1' }] }),
  chunk({ reasoning: '.', reasoning_details: [{ type: 'reasoning.text', text: '.', index: 0, signature: 'sig' }] }),
  chunk({ reasoning_details: [{ type: 'reasoning.encrypted', data: 'opaque', id: 'r1' }] }),
  chunk({ content: 'Look' }),
  chunk({ content: 'ing.' }),
  chunk({ tool_calls: [{ index: 0, id: 'call_a', type: 'function', function: { name: 'f', arguments: '' } }] }),
  chunk({ tool_calls: [{ index: 0, function: { arguments: '{"a"' } }] }),
  chunk({ tool_calls: [{ index: 1, id: 'call_b', type: 'function', function: { name: 'g', arguments: '' } }] }),
  chunk({ tool_calls: [{ index: 0, function: { arguments: ':1}' } }] }),
  finish('tool_calls'),
  { ...head, choices: [], usage },
];

describe('the events', () => {
  test('come in the order of the protocol, each block after the other', () => {
    const kinds = translate(rich).map((event) => {
      if (event.type === 'content_block_start') return `start ${event.index} ${event.content_block.type}`;
      if (event.type === 'content_block_delta') return `delta ${event.index} ${event.delta.type}`;
      return event.type === 'content_block_stop' ? `stop ${event.index}` : event.type;
    });
    expect(kinds).toEqual([
      'message_start',
      'start 0 thinking',
      'delta 0 thinking_delta',
      'delta 0 thinking_delta',
      'delta 0 signature_delta',
      'stop 0',
      'start 1 redacted_thinking',
      'stop 1',
      'start 2 text',
      'delta 2 text_delta',
      'delta 2 text_delta',
      'stop 2',
      'start 3 tool_use',
      'delta 3 input_json_delta',
      'delta 3 input_json_delta',
      'stop 3',
      'start 4 tool_use',
      'stop 4',
      'message_delta',
      'message_stop',
    ]);
  });

  test('have the usage at the end, what was cached counted apart', () => {
    const last = translate(rich).at(-2);
    expect(last).toMatchObject({
      delta: { stop_reason: 'tool_use', stop_sequence: null },
      usage: {
        input_tokens: 10,
        cache_read_input_tokens: 90,
        cache_creation_input_tokens: 5,
        output_tokens: 7,
        output_tokens_details: { thinking_tokens: 3 },
      },
    });
  });

  test('of an answer that was cut have no end', () => {
    const types = translate(rich.slice(0, 6)).map(({ type }) => type);
    expect(types).not.toContain('message_delta');
    expect(types).not.toContain('message_stop');
  });

  test('of an empty answer have one empty text', () => {
    expect(foldMessage(translate([finish('stop')])).content).toEqual([{ type: 'text', text: '' }]);
  });
});

test.each<[Partial<ChunkChoice>, string]>([
  [{ finish_reason: 'stop' }, 'end_turn'],
  [{ finish_reason: 'length' }, 'max_tokens'],
  [{ finish_reason: 'tool_calls' }, 'tool_use'],
  [{ finish_reason: 'content_filter' }, 'refusal'],
  [{ finish_reason: 'stop', raw_finish_reason: 'stop_sequence' }, 'stop_sequence'],
  [{ finish_reason: 'stop', raw_finish_reason: 'pause_turn' }, 'pause_turn'],
  [{ finish_reason: 'length', raw_finish_reason: 'model_length' }, 'max_tokens'],
  [{ finish_reason: 'stop', delta: { refusal: 'I will not.' } }, 'refusal'],
])('%j stops with %s', (choice, reason) => {
  expect(foldMessage(translate([chunk({}, choice)])).stop_reason).toBe(reason);
});

test('a refusal is text, and its explanation', () => {
  const message = foldMessage(translate([chunk({ refusal: 'I will not.' }), finish('stop')]));
  expect(message.content).toEqual([{ type: 'text', text: 'I will not.' }]);
  expect(message.stop_details).toEqual({ type: 'refusal', category: null, explanation: 'I will not.' });
});

test('arguments that are no JSON object are told of, and folded as an empty one', () => {
  const warnings: Warning[] = [];
  const call = { index: 0, id: 'call_a', type: 'function', function: { name: 'f', arguments: '{"a' } } as const;
  const message = foldMessage(translate([chunk({ tool_calls: [call] }), finish('length')], warnings));
  expect(message.content).toEqual([{ type: 'tool_use', id: 'call_a', name: 'f', input: {} }]);
  expect(warnings).toMatchObject([{ code: 'other', message: expect.stringContaining('`f`') }]);
});

test('a citation of a page is one of a search result', () => {
  const annotations = [{ type: 'url_citation', url_citation: { url: 'https://a.example', title: 'A' } }];
  const message = foldMessage(translate([chunk({ content: 'Yes' }), chunk({ annotations }), finish('stop')]));
  expect(message.content).toMatchObject([
    { citations: [{ type: 'web_search_result_location', url: 'https://a.example' }] },
  ]);
});

test('a whole answer is the same as its chunks folded', () => {
  const whole = translateWhole(foldCompletion(rich), new MessageTranslator('asked', () => {}));
  expect(foldMessage(whole)).toEqual(foldMessage(translate(rich)));
});

test('the message of an answer comes back as the one that the model wrote', () => {
  const { content } = foldMessage(translate(rich));
  const { request } = toChatRequest({ max_tokens: 1, messages: [{ role: 'assistant', content }] });
  expect(request.messages).toEqual([foldCompletion(rich).choices[0]?.message]);
});

const callArguments = fc.array(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), {
  minLength: 1,
  maxLength: 4,
});

test('however the fragments of several calls are cut and mixed, the calls are told one after the other', () => {
  fc.assert(
    fc.property(callArguments, fc.infiniteStream(fc.nat(5)), (inputs, picks) => {
      const chunks = mixed(
        inputs.map((input) => JSON.stringify(input)),
        () => picks.next().value as number,
      );
      const events = translate([...chunks, finish('tool_calls')]);
      expect(foldMessage(events).content.map((block) => block.type === 'tool_use' && block.input)).toEqual(
        inputs.map((input) => JSON.parse(JSON.stringify(input))),
      );
      const open = events.flatMap((event) => ('index' in event ? [event.index] : []));
      expect(open).toEqual(open.toSorted((a, b) => a - b));
    }),
  );
});

/** Fragments of one to six characters, of a call chosen anew each time; the calls begin in their order. */
function mixed(texts: string[], pick: () => number): ChatCompletionChunk[] {
  const rest = [...texts];
  const chunks = texts.map((_, index) =>
    chunk({ tool_calls: [{ index, id: `call_${index}`, type: 'function', function: { name: 'f', arguments: '' } }] }),
  );
  while (rest.some((text) => text !== '')) {
    const index = pick() % texts.length;
    const length = pick() + 1;
    const text = rest[index] ?? '';
    if (text !== '') chunks.push(chunk({ tool_calls: [{ index, function: { arguments: text.slice(0, length) } }] }));
    rest[index] = text.slice(length);
  }
  return chunks;
}
