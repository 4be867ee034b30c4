import {
  type ChatCompletion,
  createClient,
  type MessagesEvent,
  type MessagesRequest,
  type MessagesResult,
  type MessagesStream,
  type MessagesTurn,
  messages,
  type ResponsesEvent,
  type ResponsesInputItem,
  type ResponsesRequest,
  type ResponsesResult,
  type ResponsesStream,
  responses,
  StreamInterruptedError,
  TimeoutError,
} from '@anyllm/core';
import { createOpenAI } from '@anyllm/provider-openai';
import { describe, expectTypeOf, test } from 'vitest';

const client = createClient({ providers: [createOpenAI()] });
const turns: MessagesTurn[] = [{ role: 'user', content: 'Hi' }];
const ask = { max_tokens: 5, messages: turns };

describe('messages', () => {
  test('are whole or streamed, as `stream` says', () => {
    expectTypeOf(messages({ ...ask, model: 'a/b' })).resolves.toEqualTypeOf<MessagesResult>();
    expectTypeOf(messages({ ...ask, model: 'a/b', stream: true })).resolves.toEqualTypeOf<MessagesStream>();
    expectTypeOf(messages({} as MessagesRequest)).resolves.toEqualTypeOf<MessagesResult | MessagesStream>();
    expectTypeOf(client.messages({ ...ask, model: 'b', stream: true }, { provider: 'openai' })).resolves.toEqualTypeOf<MessagesStream>(); // biome-ignore format: one line
  });

  test('of a client, a wrong prefix does not compile, nor does a request without `max_tokens`', () => {
    // @ts-expect-error no such provider
    client.messages({ ...ask, model: 'opnai/b' });
    // @ts-expect-error no `max_tokens`
    messages({ model: 'a/b', messages: turns });
    // @ts-expect-error a parameter of chat
    messages({ ...ask, model: 'a/b', response_format: { type: 'text' } });
  });

  test('take the content of an answer back, and tell events apart', async () => {
    const { content } = {} as MessagesResult;
    messages({ ...ask, model: 'a/b', messages: [...turns, { role: 'assistant', content }] });
    const event = {} as MessagesEvent;
    if (event.type === 'message_delta') expectTypeOf(event.usage.output_tokens).toEqualTypeOf<number>();
    const stream = {} as MessagesStream;
    expectTypeOf(stream.message()).resolves.toEqualTypeOf<MessagesResult>();
    for await (const each of stream) expectTypeOf(each).toEqualTypeOf<MessagesEvent>();
  });
});

describe('responses', () => {
  test('are whole or streamed, as `stream` says', () => {
    expectTypeOf(responses({ input: 'Hi', model: 'a/b' })).resolves.toEqualTypeOf<ResponsesResult>();
    expectTypeOf(responses({ input: 'Hi', model: 'a/b', stream: null })).resolves.toEqualTypeOf<ResponsesResult>();
    expectTypeOf(responses({ input: 'Hi', model: 'a/b', stream: true })).resolves.toEqualTypeOf<ResponsesStream>();
    expectTypeOf(responses({} as ResponsesRequest)).resolves.toEqualTypeOf<ResponsesResult | ResponsesStream>();
    expectTypeOf(client.responses({ input: 'Hi', model: 'b' }, { provider: 'openai' })).resolves.toEqualTypeOf<ResponsesResult>(); // biome-ignore format: one line
  });

  test('of a client, a wrong prefix does not compile, nor does a request without input', () => {
    // @ts-expect-error no such provider
    client.responses({ input: 'Hi', model: 'opnai/b' });
    // @ts-expect-error no input
    responses({ model: 'a/b' });
    // @ts-expect-error a parameter of chat
    responses({ input: 'Hi', model: 'a/b', max_tokens: 5 });
  });

  test('take the output of an answer back, and tell items and events apart', async () => {
    const { output } = {} as ResponsesResult;
    const input: ResponsesInputItem[] = [
      { role: 'user', content: 'Hi' },
      ...output,
      { type: 'web_search_call', id: 'w' },
    ];
    responses({ input, model: 'a/b' });
    for (const item of output) {
      if (item.type === 'function_call') expectTypeOf(item.call_id).toEqualTypeOf<string>();
    }
    const event = {} as ResponsesEvent;
    if (event.type === 'response.output_text.delta') expectTypeOf(event.delta).toEqualTypeOf<string>();
    if (event.type === 'response.completed') expectTypeOf(event.response.output).toEqualTypeOf<typeof output>();
    expectTypeOf(({} as ResponsesStream).response()).resolves.toEqualTypeOf<ResponsesResult>();
  });
});

test('what had come is of the shape that was asked for, without a cast', () => {
  const error = {} as unknown;
  if (!StreamInterruptedError.isInstance(error) && !TimeoutError.isInstance(error)) return;
  expectTypeOf(error.partial).toEqualTypeOf<ChatCompletion | undefined>();
  expectTypeOf(error.partialMessage).toEqualTypeOf<MessagesResult | undefined>();
  expectTypeOf(error.partialResponse).toEqualTypeOf<ResponsesResult | undefined>();
});
