import { createClient, type Transport } from '@anyllm/core';
import { createMistral } from '@anyllm/provider-mistral';
import { createOllama } from '@anyllm/provider-ollama';
import { createOpenAI } from '@anyllm/provider-openai';
import fc from 'fast-check';
import { describe, test } from 'vitest';
import { cut, serving } from '../serving.ts';
import { answers } from './chat-answers.ts';
import { anything, mutated } from './mutated.ts';
import { holds, typedOrError } from './outcome.ts';
import { messagesAnswer, messagesEvent, response, responsesEvent } from './response-shapes.ts';

// The Responses API as OpenAI has it, and both other interfaces over the chat of the three.

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const count = fc.nat({ max: 1_000 });
const some = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const part = fc.oneof(
  fc.record({ type: fc.constant('output_text'), text, annotations: fc.constant([{ type: 'url_citation', url: 'x' }]) }),
  fc.record({ type: fc.constant('refusal'), refusal: text }),
);
const item = fc.oneof(
  fc.record({
    type: fc.constant('message'),
    id: text,
    role: fc.constant('assistant'),
    status: fc.constant('completed'),
    content: fc.array(part, { maxLength: 2 }),
  }),
  fc.record({ type: fc.constant('function_call'), id: text, call_id: text, name: text, arguments: fc.json() }),
  fc.record({ type: fc.constant('custom_tool_call'), call_id: text, name: text, input: text }),
  fc.record({
    type: fc.constant('reasoning'),
    id: text,
    summary: fc.array(fc.record({ type: fc.constant('summary_text'), text }), { maxLength: 2 }),
  }),
  fc.record({ type: fc.constant('web_search_call'), id: text, status: text }),
);
const whole = fc.record({
  id: text,
  object: fc.constant('response'),
  created_at: count,
  status: fc.constantFrom('completed', 'incomplete'),
  incomplete_details: fc.option(fc.record({ reason: text })),
  error: fc.constant(null),
  model: text,
  output: fc.array(item, { maxLength: 3 }),
  usage: some(
    fc.record({
      input_tokens: count,
      input_tokens_details: fc.record({ cached_tokens: count }),
      output_tokens: count,
      output_tokens_details: fc.record({ reasoning_tokens: count }),
      total_tokens: count,
    }),
  ),
});
const inPart = { item_id: text, output_index: fc.nat(2), content_index: fc.nat(2), sequence_number: count };
const event = fc.oneof(
  fc.record({
    type: fc.constantFrom('response.created', 'response.in_progress'),
    response: whole,
    sequence_number: count,
  }),
  fc.record({ type: fc.constantFrom('response.output_item.added', 'response.output_item.done'), output_index: fc.nat(2), item, sequence_number: count }), // biome-ignore format: one line
  fc.record({ type: fc.constantFrom('response.output_text.delta', 'response.refusal.delta'), delta: text, ...inPart }),
  fc.record({ type: fc.constant('response.output_text.done'), text, ...inPart }),
  fc.record({ type: fc.constant('response.function_call_arguments.delta'), delta: text, item_id: text, output_index: fc.nat(2), sequence_number: count }), // biome-ignore format: one line
);
const end = fc.record({ type: fc.constantFrom('response.completed', 'response.incomplete'), response: whole, sequence_number: count }); // biome-ignore format: one line

const config = { apiKey: 'test-key', baseURL: 'http://127.0.0.1:9/v1' };
const client = createClient({
  retries: 0,
  providers: [createOpenAI(config), createMistral(config), createOllama(config)],
});
const places = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 });
const asBody = (right: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 9, arbitrary: mutated(right) }, { weight: 1, arbitrary: anything });

const frame = (json: string, lines = false) => (lines ? `${json}\n` : `data: ${json}\n\n`);

async function ofResponse(model: string, stream: boolean, transport: Transport) {
  const request = { model: model as 'openai/x', input: 'Hi' };
  if (!stream) return client.responses(request, { transport });
  const events = await client.responses({ ...request, stream: true }, { transport });
  for await (const each of events) await typedOrError(responsesEvent, async () => each);
  return events.response();
}

async function ofMessage(model: string, stream: boolean, transport: Transport) {
  const request = { model: model as 'openai/x', max_tokens: 9, messages: [{ role: 'user' as const, content: 'Hi' }] };
  if (!stream) return client.messages(request, { transport });
  const events = await client.messages({ ...request, stream: true }, { transport });
  for await (const each of events) await typedOrError(messagesEvent, async () => each);
  return events.message();
}

describe('a response of OpenAI', () => {
  test('of any JSON is a response or a typed error', () =>
    holds(fc.tuple(asBody(whole), places), ([json, at]) =>
      typedOrError(response, () => ofResponse('openai/gpt-5', false, serving(cut(Buffer.from(json), at)))),
    ));

  test('in events of any JSON is a response or a typed error', () =>
    holds(fc.tuple(fc.array(asBody(event), { maxLength: 4 }), asBody(end), places), ([events, last, at]) => {
      const bytes = Buffer.from([...events, last].map((json) => frame(json)).join(''));
      return typedOrError(response, () =>
        ofResponse('openai/gpt-5', true, serving(cut(bytes, at), 'text/event-stream')),
      );
    }));
});

const dialects = [
  { model: 'openai/gpt-4o', ...answers.openai, lines: false },
  { model: 'mistral/mistral-small-latest', ...answers.mistral, lines: false },
  { model: 'ollama/llama3', ...answers.ollama, lines: true },
];

/** A whole answer of chat or a stream of pieces, and which of them. */
function chatOf({ whole: chat, chunk, lines }: (typeof dialects)[number]) {
  return fc
    .tuple(asBody(chat), fc.array(asBody(chunk), { minLength: 1, maxLength: 4 }), places, fc.boolean())
    .map(([body, chunks, at, stream]) => {
      const streamed = chunks.map((json) => frame(json, lines)).join('') + (lines ? '' : frame('[DONE]'));
      const contentType = stream ? 'text/event-stream' : 'application/json';
      return { stream, bytes: cut(Buffer.from(stream ? streamed : body), at), contentType };
    });
}

test.each(dialects)('a message over the chat of $model is one or a typed error, of any JSON', (dialect) =>
  holds(chatOf(dialect), ({ stream, bytes, contentType }) =>
    typedOrError(messagesAnswer, () => ofMessage(dialect.model, stream, serving(bytes, contentType))),
  ),
);

test.each(dialects.slice(1))('a response over the chat of $model is one or a typed error, of any JSON', (dialect) =>
  holds(chatOf(dialect), ({ stream, bytes, contentType }) =>
    typedOrError(response, () => ofResponse(dialect.model, stream, serving(bytes, contentType))),
  ),
);
