import { expect, test } from 'vitest';
import { toResponseItem } from './to-response-item.ts';

const said = { type: 'output_text', text: 'a', annotations: [{ type: 'url_citation', url: 'x' }] };

test.each([
  ['a message', { type: 'message', id: 'm', role: 'assistant', status: 'completed', content: [said] }],
  ['a part of an unknown type', { type: 'message', role: 'assistant', content: [{ type: 'novel', n: 1 }] }],
  ['a call', { type: 'function_call', call_id: 'c', name: 'f', arguments: '{' }],
  ['reasoning', { type: 'reasoning', summary: [{ type: 'summary_text', text: 's' }], encrypted_content: 'e' }],
  ["the vendor's own tool", { type: 'web_search_call', action: { query: 'q' } }],
  ['an unknown item', { type: 'constructor', n: 1 }],
])('%s stays as it is', (_, item) => {
  expect(toResponseItem(item)).toEqual(item);
});

test.each([
  [{ type: 'message' }, { type: 'message', role: 'assistant', content: [] }],
  [
    { type: 'message', content: [{ type: 'output_text', text: 'a', annotations: [7, {}] }] },
    { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'a', annotations: [] }] },
  ],
  [
    { type: 'reasoning', summary: ['x'] },
    { type: 'reasoning', summary: [] },
  ],
])('%j gets what every one has', (item, whole) => {
  expect(toResponseItem(item)).toEqual(whole);
});

test.each([
  null,
  7,
  [],
  {},
  { type: 7 },
  { type: 'function_call', call_id: 'c', name: 'f' },
  { type: 'custom_tool_call', call_id: 'c', name: 'f', input: {} },
  { type: 'message', content: [{ type: 'output_text', text: 7 }] },
  { type: 'message', content: [null] },
])('%j is no item', (item) => {
  expect(toResponseItem(item)).toBeUndefined();
});
