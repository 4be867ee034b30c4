import {
  createClient,
  InvalidRequestError,
  RateLimitError,
  ResponseParseError,
  UnsupportedParameterError,
} from '@anyllm/core';
import { createOpenAI } from '@anyllm/provider-openai';
import type { RecordedRequest, Reply } from '@anyllm/simulator';
import { describe, expect, test } from 'vitest';
import { eventually, failure, simulate } from './simulated.ts';

const embedders = ['openai/text-embedding-3-small', 'mistral/codestral-embed', 'ollama/nomic-embed-text'] as const;
const [openai, mistral, ollama] = embedders;

function textsOf(request: RecordedRequest | undefined): string[] {
  return [request?.body?.input].flat() as string[];
}

function texts(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `text ${at}`);
}

describe.each(embedders)('%s', (model) => {
  test('texts become vectors in their order, with usage and an account of the call', async () => {
    const { client, simulator } = await simulate();
    const answer = await client.embedding({ model, input: ['red', 'blue'], dimensions: 8 });
    expect(answer.data.map(({ index, embedding }) => [index, embedding.length])).toEqual([
      [0, 8],
      [1, 8],
    ]);
    expect(answer.usage?.total_tokens).toBeGreaterThan(0);
    expect(answer.meta).toMatchObject({ provider: model.split('/')[0], model: model.split('/')[1], warnings: [] });
    const alone = await client.embedding({ model, input: 'blue', dimensions: 8 });
    expect(alone.data[0]?.embedding).toEqual(answer.data[1]?.embedding);
    expect(simulator.requests).toHaveLength(2);
  });

  test('`user` and base64 are sent, or left out with a warning', async () => {
    const { client } = await simulate();
    const plain = await client.embedding({ model, input: 'red', dimensions: 8 });
    const request = { model, input: 'red', dimensions: 8, user: 'u-1', encoding_format: 'base64' } as const;
    const answer = await client.embedding(request);
    const lost = { openai: [], mistral: ['user'], ollama: ['encoding_format', 'user'] }[answer.meta.provider];
    expect(answer.meta.warnings.map(({ parameter }) => parameter)).toEqual(lost);
    plain.data[0]?.embedding.forEach((value, at) => {
      expect(answer.data[0]?.embedding[at]).toBeCloseTo(value, 6);
    });
  });

  test.each<[string, Reply, RegExp]>([
    ['an empty body', { fault: { kind: 'empty-body' } }, /is not JSON \(empty\)/],
    ['a page', { fault: { kind: 'html' } }, /is not JSON \(an HTML or XML page;/],
    ['half of the JSON', { fault: { kind: 'truncated-json' } }, /unfinished or broken JSON/],
    ['a number', { body: '7' }, /is JSON, but no object/],
    ['no list', { body: {} }, /has no list of embeddings/],
    ['a vector of words', { body: rows(['a'], ['b']) }, /lists? of numbers/],
    ['an empty vector', { body: rows([], [1]) }, /lists? of numbers/],
    ['a row too few', { body: rows([1]) }, /asked for 2 embeddings, got 1 \(none for input 1\)/],
    ['a row too many', { body: rows([1], [2], [3]) }, /asked for 2 embeddings, got 3/],
  ])('an answer with %s is an error', async (_, reply, message) => {
    const { client } = await simulate({ script: reply });
    const error = await failure(client.embedding({ model, input: ['red', 'blue'] }));
    expect(error).toBeInstanceOf(ResponseParseError);
    expect(error).toMatchObject({ retryable: true, message: expect.stringMatching(message) });
  });

  test('an error under status 200 has the class that fits', async () => {
    const { client } = await simulate({ script: { body: { error: { code: 429, message: 'Rate limit exceeded' } } } });
    expect(await failure(client.embedding({ model, input: 'red' }))).toBeInstanceOf(RateLimitError);
  });

  test('an abort rejects with its reason and closes the socket', async () => {
    const { client, simulator } = await simulate({ script: { fault: { kind: 'silence' } } });
    const controller = new AbortController();
    const failed = failure(client.embedding({ model, input: 'red' }, { signal: controller.signal }));
    await simulator.waitFor(1);
    controller.abort('enough');
    expect(await failed).toBe('enough');
    await eventually(() => simulator.sockets.open === 0);
  });
});

/** In the shape of OpenAI and Mistral, and in that of Ollama. */
function rows(...vectors: unknown[][]) {
  return { data: vectors.map((embedding) => ({ embedding })), embeddings: vectors };
}

test('the policy of the client holds: a rate limit is retried, and is an error of its class without retries', async () => {
  const { client, simulator } = await simulate({ script: [{ status: 429, headers: { 'retry-after-ms': '1' } }] });
  const answer = await client.embedding({ model: openai, input: 'red' }, { retries: 1 });
  expect(answer.meta.attempts.map(({ status }) => status)).toEqual([429, 200]);
  simulator.script([{ status: 429 }]);
  expect(await failure(client.embedding({ model: openai, input: 'red' }))).toBeInstanceOf(RateLimitError);
});

test.each([
  [{ model: 'openai/m' }, 'input'],
  [{ model: 'openai/m', input: [] }, 'input'],
  [{ model: 'openai/m', input: '' }, 'input'],
  [{ model: 'openai/m', input: 7 }, 'input'],
  [{ model: 'openai/m', input: {} }, 'input'],
  [{ model: 'openai/m', input: ['a', ''] }, 'input[1]'],
  [{ model: 'openai/m', input: new Set(['a', '']) }, 'input[1]'],
  [{ model: 'openai/m', input: new Set() }, 'input'],
  [{ model: 'openai/m', input: 'a', dimension: 3 }, 'dimension'],
  [{ model: 'openai/m', input: 'a', encoding_format: 'hex' }, 'encoding_format'],
])('%j is refused with the path of the wrong field', async (request, path) => {
  const { client, simulator } = await simulate();
  const error = await failure(client.embedding(request as never));
  expect(error).toBeInstanceOf(InvalidRequestError);
  expect(error).toMatchObject({ path });
  expect(simulator.requests).toEqual([]);
});

test.each([{ concurrency: 0 }, { batchSize: 0.5 }, { batchSise: 3 }])('option %j is refused', async (options) => {
  const { client } = await simulate();
  const error = await failure(client.embedding({ model: openai, input: 'a' }, options));
  expect(error).toBeInstanceOf(InvalidRequestError);
});

test.each(['mistral/mistral-embed', 'openai/text-embedding-ada-002'] as const)(
  '%s has vectors of one length: `dimensions` is refused before the network',
  async (model) => {
    const { client, simulator } = await simulate();
    const error = await failure(client.embedding({ model, input: 'a', dimensions: 8 }));
    expect(error).toBeInstanceOf(UnsupportedParameterError);
    expect(error).toMatchObject({ parameter: 'dimensions' });
    expect(simulator.requests).toEqual([]);
  },
);

test('a text that is too long for Ollama is an error, unless it may be cut', async () => {
  const { client } = await simulate();
  const request = { model: ollama, input: 'word '.repeat(9_000) };
  expect(await failure(client.embedding(request))).toMatchObject({ code: 'context_length_exceeded' });
  await client.embedding({ ...request, provider_options: { ollama: { truncate: true } } });
});

test('the order of the answer counts for nothing, its indexes do', async () => {
  const row = (index: number, value: number) => ({ object: 'embedding', index, embedding: [value] });
  const { client, simulator } = await simulate();
  const request = { model: openai, input: ['a', 'b', 'c'] };
  simulator.script({ body: { data: [row(2, 2), row(0, 0), row(1, 1)] } });
  const { data, usage } = await client.embedding(request);
  expect(data).toEqual([row(0, 0), row(1, 1), row(2, 2)]);
  expect(usage).toBeUndefined();
  simulator.script({ body: { data: [row(0, 0), row(0, 0), row(2, 2)] } });
  const twice = 'openai: asked for 3 embeddings, got 3 (none for input 1)';
  expect(await failure(client.embedding(request))).toMatchObject({ code: 'response_parse', message: twice });
});

test('a count of tokens that cannot be is left out with a warning', async () => {
  const body = { data: [{ index: 0, embedding: [1] }], usage: { prompt_tokens: -1, total_tokens: 3 } };
  const { client } = await simulate({ script: { body } });
  const { usage, meta } = await client.embedding({ model: openai, input: 'a' });
  expect(usage).toBeUndefined();
  expect(meta.warnings).toMatchObject([{ code: 'usage_dropped' }]);
});

describe('more texts than one request may hold', () => {
  test('go in parts by count and come back as one, with the usage of all', async () => {
    const { client, simulator } = await simulate();
    const input = texts(100);
    const answer = await client.embedding({ model: mistral, input, dimensions: 4 });
    expect(simulator.requests.map((request) => textsOf(request).length)).toEqual([32, 32, 32, 4]);
    expect(answer.data.map(({ index }) => index)).toEqual(input.map((_, at) => at));
    const single = await client.embedding({ model: mistral, input: 'text 77', dimensions: 4 });
    expect(answer.data[77]?.embedding).toEqual(single.data[0]?.embedding);
    expect(answer.usage?.prompt_tokens).toBe(100 * (single.usage?.prompt_tokens ?? 0));
    expect(answer.meta.attempts).toHaveLength(4);
    expect(answer).not.toHaveProperty('failures');
  });

  test('go in parts by tokens, estimated so that the vendor does not refuse', async () => {
    const { client, simulator } = await simulate();
    await client.embedding({ model: openai, input: Array(60).fill('a b '.repeat(4_000)), dimensions: 4 });
    expect(simulator.requests.length).toBeGreaterThan(1);
  });

  test('are asked for at once, at most as many as allowed, whatever they take', async () => {
    let open = 0;
    let most = 0;
    const { client } = await simulate({
      script(request) {
        most = Math.max(most, ++open);
        request.closed.then(() => open--);
        return { latency: { headersMs: 30 - request.index * 5 } };
      },
    });
    const input = texts(6);
    const options = { batchSize: 1, concurrency: 3 };
    const { data } = await client.embedding({ model: ollama, input, dimensions: 2 }, options);
    expect(data.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(most).toBe(3);
  });

  test('come from a generator or a stream as well', async () => {
    const { client } = await simulate();
    const generate = async function* () {
      yield* texts(70);
    };
    const answer = await client.embedding({ model: mistral, input: generate(), dimensions: 2 });
    expect(answer.data).toHaveLength(70);
    const set = await client.embedding({ model: mistral, input: new Set(texts(70)), dimensions: 2 });
    expect(set.data).toEqual(answer.data);
  });

  test('one deadline covers all parts', async () => {
    const { client } = await simulate({ script: { latency: { headersMs: 80 } } });
    const options = { batchSize: 1, concurrency: 1, timeout: 200 };
    const startedAt = performance.now();
    const error = await failure(client.embedding({ model: ollama, input: texts(50) }, options));
    expect(error).toMatchObject({ code: 'timeout', phase: 'total', timeoutMs: 200 });
    expect(performance.now() - startedAt).toBeLessThan(1_500);
  });

  test('an abort ends them all', async () => {
    const { client, simulator } = await simulate({ script: { fault: { kind: 'silence' } } });
    const controller = new AbortController();
    const call = client.embedding({ model: ollama, input: texts(3) }, { batchSize: 1, signal: controller.signal });
    const failed = failure(call);
    await simulator.waitFor(3);
    controller.abort('enough');
    expect(await failed).toBe('enough');
    await eventually(() => simulator.sockets.open === 0);
  });
});

describe('a part that fails', () => {
  const failing = (request: RecordedRequest): Reply => {
    if (textsOf(request).includes('text 4')) return { status: 500, latency: { headersMs: 50 } };
    return textsOf(request).includes('text 6') ? { fault: { kind: 'silence' } } : {};
  };

  test('ends the call with its error, which names its texts and keeps the vectors of the others', async () => {
    const { client, simulator } = await simulate({ script: failing });
    const error = await failure(
      client.embedding({ model: ollama, input: texts(8), dimensions: 2 }, { batchSize: 2, concurrency: 4 }),
    );
    expect(error).toMatchObject({ code: 'provider', status: 500, inputs: { start: 4, end: 6 } });
    expect(String(error)).toMatch(/; inputs 4 to 5$/);
    const { embeddings } = error as { embeddings: { index: number }[] };
    expect(embeddings.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    expect(JSON.stringify(error)).not.toContain('embedding"');
    await eventually(() => simulator.requests.every(({ text, aborted }) => !text.includes('text 6') || aborted));
  });

  test('is one of the failures with `settle`, and the others go on', async () => {
    const script = (request: RecordedRequest) => (textsOf(request).includes('text 4') ? { status: 500 } : {});
    const { client } = await simulate({ script });
    const { data, failures } = await client.embedding(
      { model: ollama, input: texts(8), dimensions: 2 },
      { batchSize: 2, settle: true },
    );
    expect(data.map(({ index }) => index)).toEqual([0, 1, 2, 3, 6, 7]);
    expect(failures).toEqual([{ start: 4, end: 6, reason: expect.objectContaining({ status: 500 }) }]);
  });

  test('is the error where all of them fail', async () => {
    const { client } = await simulate({ script: { status: 500 } });
    const options = { batchSize: 1, settle: true };
    expect(await failure(client.embedding({ model: ollama, input: texts(2) }, options))).toMatchObject({ status: 500 });
  });
});

test('all parts are answered by one model: the fallback that answers the first is asked for the others', async () => {
  const { client, simulator } = await simulate({
    script: ({ dialect }) => (dialect === 'openai' ? { status: 500 } : {}),
  });
  const answer = await client.embedding(
    { model: openai, input: texts(100), dimensions: 4 },
    { fallbacks: [mistral], apiKey: 'only-for-openai' },
  );
  expect(answer.data).toHaveLength(100);
  expect(answer.model).toBe('codestral-embed');
  expect(simulator.requests.map(({ dialect }) => dialect)).toEqual(['openai', ...Array(4).fill('mistral')]);
  expect(textsOf(simulator.requests[0])).toHaveLength(32); // what either of them takes
  const keys = simulator.requests.map(({ headers }) => headers.authorization);
  expect(keys).toEqual(['Bearer only-for-openai', ...Array(4).fill('Bearer test-key')]);
});

describe('a stream of vectors', () => {
  test('comes in order, and reads no further than its reader', async () => {
    let read = 0;
    const endless = async function* () {
      for (;;) yield `text ${read++}`;
    };
    const { client, simulator } = await simulate();
    const indexes: number[] = [];
    const stream = client.embedding.stream({ model: mistral, input: endless(), dimensions: 2 }, { concurrency: 2 });
    for await (const { index } of stream) {
      indexes.push(index);
      if (index === 99) break;
    }
    expect(indexes).toEqual(Array.from({ length: 100 }, (_, at) => at));
    expect(read).toBeLessThanOrEqual(100 + 4 * 32);
    expect(simulator.requests.length).toBeLessThanOrEqual(6);
    expect(stream.usage?.total_tokens).toBeGreaterThan(0);
    expect(stream.model).toBe('codestral-embed');
  });

  test('leaving it closes the sockets and the source', async () => {
    let closed = false;
    const source = async function* () {
      try {
        for (let at = 0; ; at++) yield `text ${at}`;
      } finally {
        closed = true;
      }
    };
    const { client, simulator } = await simulate({
      script: ({ index }) => (index > 0 ? { fault: { kind: 'silence' } } : {}),
    });
    {
      await using stream = client.embedding.stream({ model: mistral, input: source() });
      for await (const _ of stream) break;
    }
    const left = () => simulator.requests.slice(1).every(({ aborted }) => aborted);
    await eventually(() => closed && left());
  });

  test('a failure is thrown at its place, with the range of its texts', async () => {
    const { client } = await simulate({
      script: (request) => (textsOf(request).includes('text 4') ? { status: 500 } : {}),
    });
    const indexes: number[] = [];
    const read = async () => {
      const stream = client.embedding.stream({ model: ollama, input: texts(8) }, { batchSize: 2 });
      for await (const { index } of stream) indexes.push(index);
    };
    expect(await failure(read())).toMatchObject({ status: 500, inputs: { start: 4, end: 6 } });
    expect(indexes).toEqual([0, 1, 2, 3]);
  });

  test('an empty text is refused with its index, a source that holds nothing is no error', async () => {
    const { client, simulator } = await simulate();
    const read = async (input: Iterable<string>) => {
      const all = [];
      for await (const row of client.embedding.stream({ model: ollama, input })) all.push(row);
      return all;
    };
    expect(await failure(read(new Set(['a', ''])))).toMatchObject({ code: 'invalid_request', path: 'input[1]' });
    expect(await read(new Set())).toEqual([]);
    expect(simulator.requests).toEqual([]);
  });

  test('a wrong request is refused when it is read, a second reading too', async () => {
    const { client } = await simulate();
    const wrong = client.embedding.stream({ model: ollama, input: 7 as never });
    expect(await failure(wrong[Symbol.asyncIterator]().next())).toMatchObject({ path: 'input' });
    const stream = client.embedding.stream({ model: ollama, input: 'a' });
    for await (const _ of stream);
    expect(await failure(stream[Symbol.asyncIterator]().next())).toMatchObject({ code: 'invalid_request' });
  });
});

test('ids are typed, and any text is an id where the provider is named', async () => {
  const { client } = await simulate();
  // @ts-expect-error no provider of the client
  expect(await failure(client.embedding({ model: 'cohere/m', input: 'a' }))).toBeInstanceOf(Error);
  const named = await client.embedding({ model: 'text-embedding-3-small', input: 'a' }, { provider: 'openai' });
  expect(named.meta.model).toBe('text-embedding-3-small');
});

test('the cost and a budget of the call are those of all its parts', async () => {
  const { simulator } = await simulate();
  const provider = createOpenAI({ baseURL: simulator.baseURL.openai, apiKey: 'test-key' });
  const prices = { 'openai/text-embedding-3-small': { input: 2, output: 0 } };
  const request = { model: openai, input: texts(6), dimensions: 2 };
  const client = createClient({ providers: [provider], prices });
  const { usage, meta } = await client.embedding(request, { batchSize: 2 });
  expect(meta.cost).toBeCloseTo(((usage?.total_tokens ?? 0) * 2) / 1e6, 12);
  const careful = createClient({ providers: [provider], budgets: [{ per: 'call', maxTokens: 8 }] });
  await careful.embedding({ ...request, input: texts(2) });
  const error = await failure(careful.embedding(request, { batchSize: 2, concurrency: 1 }));
  expect(error).toMatchObject({ code: 'quota_exceeded', embeddings: expect.any(Array) });
});
