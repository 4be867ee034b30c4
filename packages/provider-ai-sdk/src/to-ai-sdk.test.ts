import { createClient } from '@anyllm/core';
import { foldCompletion } from '@anyllm/core/fold';
import { type ChatCompletionChunk, type ChatRequest, type ChunkDelta, defineProvider } from '@anyllm/core/provider';
import { describe, expect, test } from 'vitest';
import type { ModelCallOptions, ModelContent, ModelStreamPart, PromptMessage } from './specification.ts';
import { toAISDK } from './to-ai-sdk.ts';

/** A model whose provider answers with these deltas. */
function answering(...deltas: ChunkDelta[]) {
  const asked: ChatRequest[] = [];
  const chunks = deltas.map((delta, at): ChatCompletionChunk => {
    const finish_reason = at === deltas.length - 1 ? 'stop' : null;
    const head = { id: 'c', object: 'chat.completion.chunk' as const, created: 1, model: 'm' };
    return { ...head, choices: [{ index: 0, delta, finish_reason }] };
  });
  const provider = defineProvider({
    id: 'fake',
    capabilities: { parameters: ['tools', 'reasoning_effort'], content: ['image_url', 'file', 'input_audio'] },
    complete: async (request) => {
      asked.push(request);
      return foldCompletion(chunks);
    },
    async *stream(request) {
      asked.push(request);
      yield* chunks;
    },
  });
  return { asked, model: toAISDK('fake/m', { client: createClient({ retries: 0, providers: [provider] }) }) };
}

type Model = ReturnType<typeof toAISDK>;

const hi: PromptMessage = { role: 'user', content: [{ type: 'text', text: 'Hi' }] };

async function partsOf(model: Model, options: Partial<ModelCallOptions> = {}): Promise<ModelStreamPart[]> {
  const { stream } = await model.doStream({ prompt: [hi], ...options });
  const parts: ModelStreamPart[] = [];
  for await (const part of stream) parts.push(part);
  return parts;
}

const types = (parts: readonly { type: string }[]) => parts.map(({ type }) => type);

describe('a stream', () => {
  test('is in blocks, each of which ends when another begins', async () => {
    const { model } = answering(
      { role: 'assistant', content: '' },
      { reasoning: 'a' },
      { reasoning: 'b' },
      { content: 'c' },
      { tool_calls: [{ index: 0, id: '1', type: 'function', function: { name: 'f', arguments: '{"x"' } }] },
      { tool_calls: [{ index: 0, function: { arguments: ':1}' } }] },
    );
    const parts = await partsOf(model);
    expect(types(parts)).toEqual([
      'stream-start',
      'response-metadata',
      ...['reasoning-start', 'reasoning-delta', 'reasoning-delta', 'reasoning-end'],
      ...['text-start', 'text-delta', 'text-end'],
      ...['tool-input-start', 'tool-input-delta', 'tool-input-delta', 'tool-input-end', 'tool-call'],
      'finish',
    ]);
    expect(parts.at(-2)).toEqual({ type: 'tool-call', toolCallId: '1', toolName: 'f', input: '{"x":1}' });
  });

  test('has our chunks in it when they are asked for', async () => {
    const parts = await partsOf(answering({ content: 'a' }).model, { includeRawChunks: true });
    expect(parts.find(({ type }) => type === 'raw')).toMatchObject({ rawValue: { object: 'chat.completion.chunk' } });
  });

  test('has sources', async () => {
    const annotation = { type: 'url_citation', url_citation: { url: 'https://h', title: 'H' } };
    const { model } = answering({ content: 'a', annotations: [annotation, { type: 'other' }] });
    const source = { type: 'source', sourceType: 'url', url: 'https://h', title: 'H' };
    expect((await partsOf(model)).filter(({ type }) => type === 'source')).toMatchObject([source]);
    expect((await model.doGenerate({ prompt: [hi] })).content).toMatchObject([{ type: 'text' }, source]);
  });
});

describe('what a vendor wants back', () => {
  const details = [
    { type: 'thinking', text: 'ab', signature: 's' },
    { type: 'redacted', data: 'xyz' },
  ];

  test.each(['whole', 'streamed'])('goes back with the next question: %s', async (way) => {
    const { asked, model } = answering(
      { reasoning: 'a', reasoning_details: [{ type: 'thinking', text: 'a' }] },
      { reasoning: 'b', reasoning_details: [{ type: 'thinking', text: 'b', signature: 's' }] },
      { reasoning_details: [{ type: 'redacted', data: 'xyz' }] },
      { content: 'c' },
    );
    const content =
      way === 'whole' ? (await model.doGenerate({ prompt: [hi] })).content : toContent(await partsOf(model));
    await model.doGenerate({ prompt: [hi, { role: 'assistant', content: content.map(asPrompt) }, hi] });
    expect(asked.at(-1)?.messages[1]).toEqual({
      role: 'assistant',
      content: 'c',
      reasoning: 'ab',
      reasoning_details: details,
    });
  });
});

/** As AI SDK's functions put the parts of a stream together. */
function toContent(parts: readonly ModelStreamPart[]): ModelContent[] {
  const content: ModelContent[] = [];
  for (const part of parts) {
    const last = content.at(-1);
    if (part.type === 'text-start') content.push({ type: 'text', text: '' });
    if (part.type === 'reasoning-start') content.push({ type: 'reasoning', text: '' });
    if (last && 'text' in last && 'delta' in part) last.text += part.delta;
    if (last && part.type === 'reasoning-end') Object.assign(last, { providerMetadata: part.providerMetadata });
  }
  return content;
}

/** As AI SDK's functions send an answer back. */
function asPrompt(piece: ModelContent): never {
  const { providerMetadata, ...part } = piece;
  return { ...part, providerOptions: providerMetadata } as never;
}

describe('the prompt', () => {
  test('has the kinds of files that there are', async () => {
    const { asked, model } = answering({ content: 'a' });
    const reference = { fake: 'file-1' };
    await model.doGenerate({
      prompt: [
        {
          role: 'user',
          content: [
            { type: 'file', mediaType: 'image', data: { type: 'url', url: new URL('https://h/x.png') } },
            { type: 'file', mediaType: 'audio/mpeg', data: { type: 'data', data: 'AAAA' } },
            { type: 'file', mediaType: 'text/plain', data: { type: 'text', text: 'words' } },
            { type: 'file', mediaType: 'application/pdf', data: { type: 'reference', reference } },
          ],
        },
      ],
    });
    expect(asked[0]?.messages[0]?.content).toEqual([
      { type: 'image_url', image_url: { url: 'https://h/x.png' } },
      { type: 'input_audio', input_audio: { data: 'AAAA', format: 'mp3' } },
      { type: 'text', text: 'words' },
      { type: 'file', file: { file_id: 'file-1' } },
    ]);
  });

  test.each<[string, PromptMessage]>([
    ['a file by its address', { role: 'user', content: [{ type: 'file', mediaType: 'application/pdf', data: { type: 'url', url: new URL('https://h') } }] }], // biome-ignore format: one line
    ['an image as the result of a tool', { role: 'tool', content: [{ type: 'tool-result', toolCallId: '1', toolName: 'f', output: { type: 'content', value: [{ type: 'file' }] } }] }], // biome-ignore format: one line
  ])('is refused with %s', async (_, message) => {
    const { asked, model } = answering({ content: 'a' });
    await expect(model.doGenerate({ prompt: [message] })).rejects.toMatchObject({ code: 'unsupported_parameter' });
    expect(asked).toEqual([]);
  });

  test('has results of every kind as text', async () => {
    const { asked, model } = answering({ content: 'a' });
    const outputs = [
      { type: 'text', value: 'a' },
      { type: 'json', value: { a: 1 } },
      { type: 'error-json', value: null },
      { type: 'execution-denied', reason: 'no' },
      { type: 'content', value: [{ type: 'text', text: 'b' }] },
    ] as const;
    const content = outputs.map((output) => ({ type: 'tool-result', toolCallId: '1', toolName: 'f', output }) as never);
    await model.doGenerate({ prompt: [{ role: 'tool', content }] });
    expect(asked[0]?.messages.map((message) => message.content)).toEqual([
      'a',
      '{"a":1}',
      'null',
      'no',
      [{ type: 'text', text: 'b' }],
    ]);
  });

  test('is without what has no place here, with a warning', async () => {
    const { asked, model } = answering({ content: 'a' });
    const assistant = { role: 'assistant', content: [{ type: 'custom' }, { type: 'text', text: 'a' }] } as const;
    const { warnings } = await model.doGenerate({ prompt: [assistant as never, hi], reasoning: 'low' });
    expect(asked[0]).toMatchObject({ reasoning_effort: 'low', messages: [{ role: 'assistant', content: 'a' }, {}] });
    expect(warnings).toMatchObject([{ type: 'unsupported', feature: "an assistant's part of type custom" }]);
  });
});

test('an option of ours that there is not is refused', async () => {
  const { asked, model } = answering({ content: 'a' });
  const call = { prompt: [hi], providerOptions: { anyllm: { timeout: 5 } } };
  await expect(model.doGenerate(call)).rejects.toMatchObject({ path: 'providerOptions.anyllm.timeout' });
  expect(asked).toEqual([]);
});
