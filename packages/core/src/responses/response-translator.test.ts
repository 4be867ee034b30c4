import { describe, expect, test } from 'vitest';
import { foldCompletion } from '../completion/completion-fold.ts';
import type { ChatCompletionChunk, ChunkChoice, ChunkDelta } from '../contract/chat-completion.ts';
import type { ResponsesEvent, ResponsesParameters } from '../contract/responses.ts';
import { translateWhole } from '../over-chat/translate-stream.ts';
import { outputText } from './output-text.ts';
import { foldResponse, ResponseTranslator } from './response-translator.ts';
import { toChatRequest } from './to-chat-request.ts';

const head = { id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm' } as const;
const chunk = (delta: ChunkDelta, finish_reason: ChunkChoice['finish_reason'] = null): ChatCompletionChunk => ({
  ...head,
  choices: [{ index: 0, delta, finish_reason }],
});
const usage = {
  prompt_tokens: 10,
  completion_tokens: 5,
  total_tokens: 15,
  prompt_tokens_details: { cached_tokens: 4 },
  completion_tokens_details: { reasoning_tokens: 2 },
};
const asked: ResponsesParameters = { input: 'Hi', temperature: 0.5, text: { verbosity: 'low' } };

function translate(chunks: readonly ChatCompletionChunk[]): ResponsesEvent[] {
  const translator = new ResponseTranslator(asked, 'asked');
  for (const each of chunks) translator.add(each);
  translator.end();
  return translator.take();
}

const rich = [
  chunk({ role: 'assistant', content: '' }),
  chunk({ reasoning: 'Hm', reasoning_details: [{ type: 'reasoning.text', text: 'Hm', index: 0 }] }),
  chunk({ reasoning: '.', reasoning_details: [{ type: 'reasoning.text', text: '.', index: 0, signature: 'sig' }] }),
  chunk({ reasoning_details: [{ type: 'reasoning.encrypted', data: 'opaque' }] }),
  chunk({ content: 'Look' }),
  chunk({ content: 'ing.' }),
  chunk({ annotations: [{ type: 'url_citation', url_citation: { url: 'https://a.example' } }] }),
  chunk({ tool_calls: [{ index: 0, id: 'call_a', type: 'function', function: { name: 'f', arguments: '{"a"' } }] }),
  chunk({ tool_calls: [{ index: 0, function: { arguments: ':1}' } }] }),
  chunk({ tool_calls: [{ index: 1, id: 'call_b', type: 'custom', custom: { name: 'g', input: 'free' } }] }),
  chunk({}, 'tool_calls'),
  { ...head, choices: [], usage },
];

/** `2 output_text.delta`: the item that it is about, where there is one. */
function nameOf(event: ResponsesEvent): string {
  const item = 'output_index' in event ? `${event.output_index} ` : '';
  return item + event.type.replace('response.', '');
}

describe('the events', () => {
  test('come in the order of the protocol, counted from 0', () => {
    const events = translate(rich);
    expect(events.map(nameOf)).toEqual([
      'created',
      'in_progress',
      '0 output_item.added',
      '0 content_part.added',
      '0 reasoning_text.delta',
      '0 reasoning_text.delta',
      '0 reasoning_text.done',
      '0 content_part.done',
      '0 output_item.done',
      '1 output_item.added',
      '1 output_item.done',
      '2 output_item.added',
      '2 content_part.added',
      '2 output_text.delta',
      '2 output_text.delta',
      '2 output_text.annotation.added',
      '2 output_text.done',
      '2 content_part.done',
      '2 output_item.done',
      '3 output_item.added',
      '3 function_call_arguments.delta',
      '3 function_call_arguments.delta',
      '3 function_call_arguments.done',
      '3 output_item.done',
      '4 output_item.added',
      '4 custom_tool_call_input.delta',
      '4 custom_tool_call_input.done',
      '4 output_item.done',
      'completed',
    ]);
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, at) => at));
  });

  test('of an item have its id throughout', () => {
    const ids = translate(rich).flatMap((event) => {
      if (event.type === 'response.output_item.added' || event.type === 'response.output_item.done') {
        return [`${event.output_index} ${(event.item as { id?: string }).id}`];
      }
      return 'item_id' in event ? [`${event.output_index} ${event.item_id}`] : [];
    });
    expect(new Set(ids).size).toBe(5);
  });

  test('begin with a response that has nothing yet', () => {
    const [created] = translate(rich);
    expect(created).toMatchObject({ response: { id: 'resp_c1', status: 'in_progress', output: [], usage: null } });
  });

  test('of an answer that was cut have no end', () => {
    expect(translate(rich.slice(0, 6)).map(({ type }) => type)).not.toContain('response.completed');
  });
});

test('the last event brings the whole response, with what was asked', () => {
  const response = foldResponse(translate(rich));
  expect(response).toMatchObject({
    object: 'response',
    status: 'completed',
    model: 'm',
    temperature: 0.5,
    store: false,
    text: { format: { type: 'text' }, verbosity: 'low' },
    usage: {
      input_tokens: 10,
      input_tokens_details: { cached_tokens: 4 },
      output_tokens: 5,
      output_tokens_details: { reasoning_tokens: 2 },
      total_tokens: 15,
    },
  });
  expect(response.output).toMatchObject([
    { type: 'reasoning', content: [{ type: 'reasoning_text', text: 'Hm.' }], encrypted_content: expect.any(String) },
    { type: 'reasoning', content: [], encrypted_content: expect.stringContaining('opaque') },
    {
      type: 'message',
      content: [
        { type: 'output_text', text: 'Looking.', annotations: [{ type: 'url_citation', url: 'https://a.example' }] },
      ],
    },
    { type: 'function_call', call_id: 'call_a', name: 'f', arguments: '{"a":1}' },
    { type: 'custom_tool_call', call_id: 'call_b', name: 'g', input: 'free' },
  ]);
  expect(outputText(response)).toBe('Looking.');
});

test.each([
  ['stop', 'completed', null, 'completed'],
  ['length', 'incomplete', { reason: 'max_output_tokens' }, 'incomplete'],
  ['content_filter', 'incomplete', { reason: 'content_filter' }, 'incomplete'],
] as const)('an answer that ends by %s is %s', (finish, status, incomplete_details, itemStatus) => {
  const events = translate([chunk({ content: 'A' }), chunk({}, finish)]);
  expect(events.at(-1)?.type).toBe(`response.${status}`);
  const response = foldResponse(events);
  expect(response).toMatchObject({ status, incomplete_details, output: [{ status: itemStatus }] });
});

test('a refusal is a part of its own', () => {
  const { output } = foldResponse(translate([chunk({ refusal: 'I will not.' }), chunk({}, 'stop')]));
  expect(output).toMatchObject([{ type: 'message', content: [{ type: 'refusal', refusal: 'I will not.' }] }]);
});

test('a call without arguments has empty ones', () => {
  const call = { index: 0, id: 'call_a', type: 'function', function: { name: 'f', arguments: '' } } as const;
  const { output } = foldResponse(translate([chunk({ tool_calls: [call] }), chunk({}, 'tool_calls')]));
  expect(output).toMatchObject([{ arguments: '{}' }]);
});

test('a whole answer is the same as its chunks folded', () => {
  const whole = translateWhole(foldCompletion(rich), new ResponseTranslator(asked, 'asked'));
  expect(foldResponse(whole)).toEqual(foldResponse(translate(rich)));
});

test('the output of an answer comes back as the message that the model wrote', () => {
  const { output } = foldResponse(translate(rich));
  const { annotations: _, ...message } = foldCompletion(rich).choices[0]?.message ?? {};
  expect(toChatRequest({ input: output }).request.messages).toEqual([message]);
});
