import { type Client, type CompletionRequest, createClient } from '@anyllm/core';
import { describe, expect, test } from 'vitest';
import { fromAISDK } from './from-ai-sdk.ts';
import { toStreamParts } from './provider/to-stream-parts.ts';
import type {
  AnyLanguageModel,
  ModelCallOptions,
  ModelResult,
  TheirContent,
  TheirStreamPart,
} from './specification.ts';

const usage = {
  inputTokens: { total: 3, noCache: 1, cacheRead: undefined, cacheWrite: 2 },
  outputTokens: { total: 2, text: 2, reasoning: undefined },
};
const finish: TheirStreamPart = { type: 'finish', usage, finishReason: { unified: 'stop', raw: 'end_turn' } };
const metadata = { vendor: { signature: 'abc' } };

/** A model that answers with the same, and a client that knows it as `vendor-chat/m`. */
function answering(content: TheirContent[], parts?: TheirStreamPart[], specificationVersion: 'v3' | 'v4' = 'v4') {
  const asked: ModelCallOptions[] = [];
  const result: ModelResult<TheirContent> = { content, usage, finishReason: { unified: 'stop', raw: 'end_turn' }, warnings: [] }; // biome-ignore format: one line
  const model: AnyLanguageModel = {
    specificationVersion,
    provider: 'vendor.chat',
    modelId: 'm',
    supportedUrls: { 'image/*': [/^https:\/\/cdn\./] },
    doGenerate: async (options: ModelCallOptions) => {
      asked.push(options);
      return result;
    },
    doStream: async (options: ModelCallOptions) => {
      asked.push(options);
      return { stream: ReadableStream.from(parts ?? toStreamParts(result)) as ReadableStream<TheirStreamPart> };
    },
  };
  const client = createClient({ retries: 0, providers: [fromAISDK(model)] }) as Client;
  return { asked, client };
}

const hi: CompletionRequest = { model: 'vendor-chat/m', messages: [{ role: 'user', content: 'Hi' }] };

async function bothWays(client: Client, request = hi) {
  const whole = await client.completion({ ...request, stream: false });
  const streamed = await (await client.completion({ ...request, stream: true })).completion();
  expect(streamed.choices).toEqual(whole.choices);
  return whole;
}

describe('what a vendor wants back', () => {
  const content: TheirContent[] = [
    { type: 'reasoning', text: 'First', providerMetadata: metadata },
    { type: 'reasoning', text: '', providerMetadata: { vendor: { redacted: 'xyz' } } },
    { type: 'reasoning', text: 'Last' },
    { type: 'text', text: 'So', providerMetadata: { vendor: { itemId: 'msg_1' } } },
    { type: 'tool-call', toolCallId: 'call_1', toolName: 'f', input: '{"x":1}', providerMetadata: { vendor: { thought: 't' } } }, // biome-ignore format: one line
  ];

  test('goes back with the next question', async () => {
    const { asked, client } = answering(content);
    const { choices } = await bothWays(client);
    const message = JSON.parse(JSON.stringify(choices[0]?.message)); // as it would be stored
    expect(message).toMatchObject({ content: 'So', reasoning: 'FirstLast' });
    const result = { role: 'tool' as const, tool_call_id: 'call_1', content: '1' };
    await client.completion({ ...hi, messages: [...(hi.messages ?? []), message, result, { ...result, tool_call_id: 'x' }] } as CompletionRequest); // biome-ignore format: one line
    expect(asked.at(-1)?.prompt).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'First', providerOptions: metadata },
          { type: 'reasoning', text: '', providerOptions: { vendor: { redacted: 'xyz' } } },
          { type: 'reasoning', text: 'Last' },
          { type: 'text', text: 'So', providerOptions: { vendor: { itemId: 'msg_1' } } },
          { type: 'tool-call', toolCallId: 'call_1', toolName: 'f', input: { x: 1 }, providerOptions: { vendor: { thought: 't' } } }, // biome-ignore format: one line
        ],
      },
      {
        role: 'tool',
        content: [
          { type: 'tool-result', toolCallId: 'call_1', toolName: 'f', output: { type: 'text', value: '1' } },
          { type: 'tool-result', toolCallId: 'x', toolName: 'unknown', output: { type: 'text', value: '1' } },
        ],
      },
    ]);
  });

  test('may come in the middle or at the end, under ids that are used again', async () => {
    const parts: TheirStreamPart[] = [
      { type: 'reasoning-start', id: '0' },
      { type: 'reasoning-delta', id: '0', delta: 'Fi' },
      { type: 'reasoning-delta', id: '0', delta: 'rst' },
      { type: 'reasoning-end', id: '0', providerMetadata: metadata },
      { type: 'reasoning-start', id: '0', providerMetadata: { vendor: { redacted: 'xyz' } } },
      { type: 'reasoning-end', id: '0' },
      finish,
    ];
    const { client } = answering([], parts);
    const { choices } = await (await client.completion({ ...hi, stream: true })).completion();
    expect(choices[0]?.message.reasoning_details).toEqual([
      { type: 'ai-sdk.reasoning', index: 0, text: 'First', provider_metadata: metadata },
      { type: 'ai-sdk.reasoning', index: 1, text: '', provider_metadata: { vendor: { redacted: 'xyz' } } },
    ]);
  });

  test('is not made of the reasoning of others', async () => {
    const { asked, client } = answering([{ type: 'text', text: 'So' }]);
    const foreign = { role: 'assistant' as const, content: 'a', reasoning: 'Hm', reasoning_details: [{ type: 'other', text: 'Hm', signature: 's' }] }; // biome-ignore format: one line
    await client.completion({ ...hi, messages: [foreign, { role: 'user', content: 'b' }] } as CompletionRequest);
    expect(asked[0]?.prompt[0]?.content).toEqual([
      { type: 'reasoning', text: 'Hm' },
      { type: 'text', text: 'a' },
    ]);
  });
});

describe('an answer', () => {
  test('has sources as annotations', async () => {
    const { client } = answering([
      { type: 'text', text: 'So' },
      { type: 'source', sourceType: 'url', id: '1', url: 'https://h', title: 'H' },
    ]);
    const { choices, usage } = await bothWays(client);
    expect(choices[0]).toMatchObject({
      finish_reason: 'stop',
      raw_finish_reason: 'end_turn',
      message: { annotations: [{ type: 'url_citation', url_citation: { url: 'https://h', title: 'H' } }] },
    });
    expect(usage).toEqual({ prompt_tokens: 3, completion_tokens: 2, total_tokens: 5, prompt_tokens_details: { cache_write_tokens: 2 } }); // biome-ignore format: one line
  });

  test('is without what the vendor did itself, with a warning', async () => {
    const { client } = answering([
      { type: 'tool-call', toolCallId: '1', toolName: 'search', input: '{}', providerExecuted: true },
      { type: 'tool-result' },
      { type: 'text', text: 'So' },
    ]);
    const { choices, meta } = await bothWays(client);
    expect(choices[0]?.message).toMatchObject({ content: 'So' });
    expect(choices[0]?.message.tool_calls).toBeUndefined();
    expect(meta.warnings.map(({ code }) => code)).toEqual(['other', 'other']);
  });

  test('has the input of a call as JSON, also where its pieces are none', async () => {
    const call = { type: 'tool-call', toolCallId: '1', toolName: 'f', input: '"free"' } as const;
    const { client } = answering([call], [
      { type: 'tool-input-start', id: '1', toolName: 'f', inputEncoding: 'text' },
      { type: 'tool-input-delta', id: '1', delta: 'free' },
      { type: 'tool-input-end', id: '1' },
      call,
      finish,
    ]); // biome-ignore format: as a list
    const { choices } = await bothWays(client);
    expect(choices[0]?.message.tool_calls).toMatchObject([{ function: { arguments: '"free"' } }]);
  });

  test.each(['error', 'interrupted'] as const)('that ends with `%s` is none', async (unified) => {
    const { client } = answering([], [{ type: 'text-delta', id: '0', delta: 'a' }, { ...finish, finishReason: { unified, raw: undefined } } as TheirStreamPart]); // biome-ignore format: one line
    const stream = await client.completion({ ...hi, stream: true });
    await expect(stream.completion()).rejects.toMatchObject({ code: 'stream_interrupted', partial: { text: 'a' } });
  });
});

describe('the specification v3', () => {
  const image = (url: string): CompletionRequest => ({
    ...hi,
    messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }],
  });

  test('has files without a word on what they are', async () => {
    const { asked, client } = answering([{ type: 'text', text: 'a' }], undefined, 'v3');
    await client.completion(image('data:image/png;base64,AAAA') as never);
    await client.completion(image('https://cdn.host/x.png') as never);
    expect(asked.map(({ prompt }) => prompt[0]?.content)).toEqual([
      [{ type: 'file', mediaType: 'image/png', data: 'AAAA' }],
      [{ type: 'file', mediaType: 'image/*', data: new URL('https://cdn.host/x.png') }],
    ]);
  });

  test.each(['https://', 'ftp://h', 'data:image/png,raw'])('an image as %s is refused', async (url) => {
    const { client } = answering([{ type: 'text', text: 'a' }]);
    const path = 'messages[0].content[0].image_url.url';
    await expect(client.completion(image(url) as never)).rejects.toMatchObject({ code: 'invalid_request', path });
  });

  test('knows no effort', async () => {
    const { client } = answering([{ type: 'text', text: 'a' }], undefined, 'v3');
    const { meta } = await bothWays(client, { ...hi, reasoning_effort: 'low' });
    expect(meta.warnings).toMatchObject([{ code: 'parameter_dropped', parameter: 'reasoning_effort' }]);
  });

  test('an address that the model does not fetch is refused', async () => {
    const { asked, client } = answering([{ type: 'text', text: 'a' }]);
    await expect(client.completion(image('https://elsewhere/x.png') as never)).rejects.toMatchObject({
      code: 'unsupported_parameter',
    });
    expect(asked).toEqual([]);
  });
});
