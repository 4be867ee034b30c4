import { expect, test } from 'vitest';
import type { ChatCompletionChunk, ChunkDelta } from '../contract/chat-completion.ts';
import type { ProviderResponse, ResponsesEvent } from '../contract/responses.ts';
import { outputText } from './output-text.ts';
import { ResponseFold } from './response-fold.ts';
import { foldResponse, ResponseTranslator } from './response-translator.ts';

const head = { id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm' } as const;
const deltas: ChunkDelta[] = [
  { reasoning: 'H' },
  { reasoning: 'm' },
  { content: 'Look' },
  { content: 'ing.' },
  { annotations: [{ type: 'url_citation', url_citation: { url: 'https://a.example' } }] },
  { refusal: 'I will' },
  { refusal: ' not.' },
  { tool_calls: [{ index: 0, id: 'call_a', type: 'function', function: { name: 'f', arguments: '{"a"' } }] },
  { tool_calls: [{ index: 0, function: { arguments: ':1}' } }] },
  { tool_calls: [{ index: 1, id: 'call_b', type: 'custom', custom: { name: 'g', input: 'free' } }] },
];

function translate(): ResponsesEvent[] {
  const translator = new ResponseTranslator({ input: 'Hi' }, 'm');
  const add = (more: Pick<ChatCompletionChunk, 'choices'>) => translator.add({ ...head, ...more });
  for (const delta of deltas) add({ choices: [{ index: 0, delta, finish_reason: null }] });
  add({ choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] });
  translator.end();
  return translator.take();
}

function fold(events: readonly object[]): ProviderResponse {
  const response = new ResponseFold();
  for (const event of events) response.add(event as ResponsesEvent);
  return response.result();
}

test('with its last event it is what that brings', () => {
  expect(fold(translate())).toEqual(foldResponse(translate()));
});

test('without its last event it is `incomplete`, with all items', () => {
  const whole = foldResponse(translate());
  expect(fold(translate().slice(0, -1))).toEqual({ ...whole, status: 'incomplete', output: whole.output });
});

test('an item that has not ended is `incomplete`, with all that had come of it', () => {
  const withoutEnds = translate().filter(({ type }) => !type.endsWith('.done') && type !== 'response.completed');
  expect(fold(withoutEnds).output).toMatchObject([
    { type: 'reasoning', status: 'incomplete', content: [{ text: 'Hm' }] },
    { status: 'incomplete', content: [{ text: 'Looking.', annotations: [{ url: 'https://a.example' }] }] },
    { status: 'incomplete', content: [{ refusal: 'I will not.' }] },
    { type: 'function_call', status: 'incomplete', call_id: 'call_a', arguments: '{"a":1}' },
    { type: 'custom_tool_call', status: 'incomplete', call_id: 'call_b', input: 'free' },
  ]);
});

test('at any cut its text is the beginning of the whole', () => {
  const texts = translate().map((_, cut) => outputText(fold(translate().slice(0, cut))));
  expect([...new Set(texts)]).toEqual(['', 'Look', 'Looking.']);
});

test('a summary of reasoning grows by its parts', () => {
  const summary = (summary_index: number, delta: string) => ({
    ...{ type: 'response.reasoning_summary_text.delta', item_id: 'rs', output_index: 0 },
    ...{ summary_index, delta },
  });
  const item = { type: 'reasoning', id: 'rs', summary: [] };
  const begun = { type: 'response.output_item.added', output_index: 0, item };
  expect(fold([begun, summary(0, 'First'), summary(1, 'Sec'), summary(1, 'ond')]).output).toEqual([
    {
      ...item,
      status: 'incomplete',
      summary: [
        { type: 'summary_text', text: 'First' },
        { type: 'summary_text', text: 'Second' },
      ],
      content: [],
    },
  ]);
});

test('the events stay as they are', () => {
  const events = translate();
  fold(events);
  expect(events).toEqual(translate());
});
