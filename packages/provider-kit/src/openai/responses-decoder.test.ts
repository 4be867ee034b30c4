import type { ResponsesEvent } from '@anyllm/core/provider';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createResponsesDecoder } from './responses-decoder.ts';

function decode(chunks: readonly Uint8Array[]): ResponsesEvent[] {
  const decoder = createResponsesDecoder({ provider: 'openai', model: 'm', apiKey: undefined, requestId: undefined });
  const events: ResponsesEvent[] = [];
  for (const chunk of chunks) decoder.push(chunk, events);
  decoder.end(events);
  return events;
}

const item = { type: 'message', id: 'm', role: 'assistant', status: 'completed', content: [] };
const events = [
  { type: 'response.created', sequence_number: 0, response: { id: 'r', output: [] } },
  { type: 'response.output_text.delta', sequence_number: 1, output_index: 0, delta: 'Größe 😀\u2028' },
  { type: 'response.unheard_of', sequence_number: 2 },
  { type: 'response.output_item.done', sequence_number: 3, output_index: 0, item },
  { type: 'response.completed', sequence_number: 4, response: { id: 'r', status: 'completed', output: [] } },
];
const body = Buffer.from(
  events.map((event) => `event: ${event.type}\r\ndata: ${JSON.stringify(event)}\r\n\r\n`).join(''),
);

test('the events are those that were sent, the last with the items that came before', () => {
  const decoded = decode([body]);
  expect(decoded.slice(0, -1)).toEqual(events.slice(0, -1));
  expect(decoded.at(-1)).toMatchObject({
    type: 'response.completed',
    response: { id: 'r', model: 'm', output: [item] },
  });
});

test('any cut of the bytes gives the same events', () => {
  const whole = withoutTimes(decode([body]));
  fc.assert(
    fc.property(fc.array(fc.nat(body.length), { maxLength: 40 }), (cuts) => {
      const places = [0, ...cuts.toSorted((a, b) => a - b), body.length];
      const chunks = places.slice(1).map((end, at) => body.subarray(places[at], end));
      expect(withoutTimes(decode(chunks))).toEqual(whole);
    }),
  );
});

function withoutTimes(decoded: ResponsesEvent[]): unknown {
  return JSON.parse(JSON.stringify(decoded, (key, value) => (key === 'created_at' ? 0 : value)));
}

test('events without a name line or a type of their own are told apart all the same', () => {
  const nameless = Buffer.from('data: {"type":"response.a","n":1}\n\nevent: response.b\ndata: {"n":2}\n\n');
  expect(decode([nameless])).toEqual([
    { type: 'response.a', n: 1 },
    { type: 'response.b', n: 2 },
  ]);
});

test('what comes after the end is no matter', () => {
  expect(decode([body, Buffer.from('data: junk\n\n')])).toHaveLength(events.length);
});

test('half an event at the end of the body is left to core, which knows that the end is missing', () => {
  expect(decode([body.subarray(0, 200)])).toHaveLength(1);
});

test('an answer beyond the limit is not kept', () => {
  const decoder = createResponsesDecoder({ provider: 'openai', model: 'm', apiKey: undefined, requestId: undefined });
  const chunk = Buffer.alloc(64 * 1024 * 1024, '{');
  const fill = () => {
    for (let at = 0; at < 5; at++) decoder.push(chunk, []);
  };
  expect(fill).toThrow('is larger than');
});
