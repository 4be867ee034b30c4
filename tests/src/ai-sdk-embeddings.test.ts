import { createOpenAI as createTheirs } from '@ai-sdk/openai';
import { type Client, createClient } from '@anyllm/core';
import { fromAISDK, toAISDKEmbedding } from '@anyllm/provider-ai-sdk';
import { createMistral } from '@anyllm/provider-mistral';
import { createOllama } from '@anyllm/provider-ollama';
import { createOpenAI } from '@anyllm/provider-openai';
import { type Script, startSimulator } from '@anyllm/simulator';
import { APICallError, embed, embedMany } from 'ai';
import { describe, expect, onTestFinished, test } from 'vitest';
import { eventually, failure } from './simulated.ts';

Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false }); // or it prints those that tests are about

async function start(script?: Script) {
  const simulator = await startSimulator(script && { script });
  onTestFinished(() => simulator.close());
  return simulator;
}

describe('our embeddings in AI SDK', () => {
  async function bridge(script?: Script) {
    const simulator = await start(script);
    const { openai, mistral, ollama } = simulator.baseURL;
    const providers = [
      createOpenAI({ baseURL: openai, apiKey: 'key' }),
      createMistral({ baseURL: mistral, apiKey: 'key' }),
      createOllama({ baseURL: ollama }),
    ] as const;
    const client = createClient({ retries: 0, providers });
    return { simulator, client, of: (id: string) => toAISDKEmbedding(id, { client }) };
  }

  test.each(['openai/text-embedding-3-small', 'mistral/mistral-embed', 'ollama:nomic-embed-text'])(
    'one is made by %s',
    async (id) => {
      const { of, client } = await bridge();
      const { embedding, usage } = await embed({ model: of(id), value: 'red' });
      const ours = await (client as Client).embedding({ model: id, input: 'red' });
      expect(embedding).toEqual(ours.data[0]?.embedding);
      expect(usage.tokens).toBe(ours.usage?.total_tokens);
    },
  );

  test('many go in parts that the vendor takes, and come in order', async () => {
    const { of, simulator } = await bridge();
    const values = Array.from({ length: 70 }, (_, at) => `text ${at}`);
    const { embeddings, usage } = await embedMany({ model: of('mistral/mistral-embed'), values });
    const alone = await embed({ model: of('mistral/mistral-embed'), value: 'text 42' });
    expect(embeddings[42]).toEqual(alone.embedding);
    expect(embeddings).toHaveLength(70);
    expect(usage.tokens).toBe(70 * alone.usage.tokens);
    expect(simulator.requests).toHaveLength(4);
  });

  test('fields and options of ours arrive, and warnings come back', async () => {
    const { of, simulator } = await bridge();
    const { warnings } = await embed({
      model: of('mistral/codestral-embed'),
      value: 'red',
      providerOptions: {
        anyllm: { request: { dimensions: 8, user: 'u' }, options: { timeout: 5_000 } },
        mistral: { metadata: { a: 'b' } },
      },
    });
    expect(simulator.requests[0]?.body).toMatchObject({ output_dimension: 8, metadata: { a: 'b' } });
    expect(warnings).toMatchObject([{ type: 'unsupported', feature: 'user' }]);
  });

  test('a failure is not retried by them, and an abort closes the socket', async () => {
    const { of, simulator } = await bridge({ status: 503 });
    const error = await failure(embed({ model: of('openai/m'), value: 'red', maxRetries: 2 }));
    expect(APICallError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ code: 'overloaded' });
    expect(simulator.requests).toHaveLength(1);
    const silent = await bridge({ fault: { kind: 'silence' } });
    const controller = new AbortController();
    const failed = failure(
      embed({ model: silent.of('openai/m'), value: 'red', abortSignal: controller.signal, maxRetries: 0 }),
    );
    await silent.simulator.waitFor(1);
    controller.abort(new Error('enough'));
    expect(String(await failed)).toContain('enough');
    await eventually(() => silent.simulator.requests.every(({ aborted }) => aborted));
  });
});

describe('their embeddings here', () => {
  async function bridge(script?: Script) {
    const simulator = await start(script);
    const theirs = createTheirs({ baseURL: simulator.baseURL.openai, apiKey: 'sk-theirs-0123456789' });
    const single = fromAISDK(theirs.embeddingModel('text-embedding-3-small'), { id: 'single', optionsKey: 'openai' });
    const providers = [fromAISDK(theirs, { id: 'theirs' }), single, fromAISDK((id) => theirs.chat(id), { id: 'chat' })];
    return { simulator, client: createClient({ retries: 0, providers }) as Client };
  }

  test.each(['theirs', 'single'])('%s makes them, in order and counted', async (id) => {
    const { client, simulator } = await bridge();
    const model = `${id}/text-embedding-3-small`;
    const { data, usage, meta } = await client.embedding({ model, input: ['red', 'blue'] });
    const alone = await client.embedding({ model, input: 'blue' });
    expect(data[1]?.embedding).toEqual(alone.data[0]?.embedding);
    expect(usage?.total_tokens).toBe(2);
    expect(meta).toMatchObject({ provider: id, model: 'text-embedding-3-small', warnings: [] });
    expect(simulator.requests[0]?.headers.authorization).toBe('Bearer sk-theirs-0123456789');
  });

  test('options of the model arrive under its name; what it has no word for is left out with a warning', async () => {
    const { client, simulator } = await bridge();
    const { meta } = await client.embedding({
      model: 'single/text-embedding-3-small',
      input: 'red',
      user: 'u',
      provider_options: { single: { dimensions: 8 } },
    });
    expect(simulator.requests[0]?.body).toMatchObject({ dimensions: 8 });
    expect(meta.warnings.map(({ parameter }) => parameter)).toEqual(['user']);
  });

  test('more than one of their calls takes are several of them', async () => {
    const { client, simulator } = await bridge();
    const input = Array.from({ length: 2_100 }, (_, at) => `text ${at}`);
    const request = { model: 'theirs/text-embedding-3-small', input, provider_options: { theirs: { dimensions: 2 } } };
    expect((await client.embedding(request, { timeout: 30_000 })).data).toHaveLength(2_100);
    expect(simulator.requests).toHaveLength(2);
  });

  test('failures have the class that fits, and an abort closes the socket', async () => {
    const { client, simulator } = await bridge({ status: 429 });
    const request = { model: 'theirs/m', input: 'red' };
    expect(await failure(client.embedding(request))).toMatchObject({ code: 'rate_limit', provider: 'theirs' });
    simulator.script({ body: { data: [] } });
    expect(await failure(client.embedding(request))).toMatchObject({ code: 'response_parse' });
    const silent = await bridge({ fault: { kind: 'silence' } });
    const controller = new AbortController();
    const failed = failure(silent.client.embedding(request, { signal: controller.signal }));
    await silent.simulator.waitFor(1);
    controller.abort('enough');
    expect(await failed).toBe('enough');
    await eventually(() => silent.simulator.requests.every(({ aborted }) => aborted));
  });

  test('a model of the wrong kind is refused before the network', async () => {
    const { client, simulator } = await bridge();
    const asked = client.completion({ model: 'single/text-embedding-3-small', prompt: 'Hi' });
    expect(await failure(asked)).toMatchObject({ code: 'unsupported_parameter' });
    expect(await failure(client.embedding({ model: 'chat/m', input: 'a' }))).toMatchObject({
      code: 'unsupported_parameter',
    });
    expect(await failure(client.embedding({ model: 'single/other', input: 'a' }))).toMatchObject({
      code: 'model_not_found',
    });
    expect(simulator.requests).toEqual([]);
  });
});
