import { createClient, InvalidRequestError, ResponseParseError } from '@anyllm/core';
import { createVendor, type VendorId } from '@anyllm/provider-openai-compatible';
import { type Script, startSimulator } from '@anyllm/simulator';
import { describe, expect, onTestFinished, test } from 'vitest';
import { eventually, failure, simulate } from './simulated.ts';

const documents = ['Snow in the hills', 'Rain in town', 'A bus timetable', { text: 'Rain, rain and snow' }];
const query = 'rain and snow';

async function simulateVendor(id: VendorId, script?: Script) {
  const simulator = await startSimulator({ ...(script && { script }) });
  onTestFinished(() => simulator.close());
  const baseURL = id === 'cohere' ? simulator.baseURL.openai.replace(/\/v1$/, '') : simulator.baseURL.openai;
  const client = createClient({ providers: [createVendor(id, { baseURL, apiKey: 'key' })], retries: 0 });
  return { simulator, client, model: `${id}/reranker` as const };
}

describe.each<VendorId>([
  'cohere',
  'jina',
  'llamacpp',
  'openai-compatible',
  'openrouter',
  'together',
  'vllm',
  'voyage',
])('%s', (id) => {
  test('puts documents in the order of the query', async () => {
    const { client, model, simulator } = await simulateVendor(id);
    const answer = await client.rerank({ model, query, documents, top_n: 2, return_documents: true });
    expect(answer.results).toMatchObject([
      { index: 3, document: { text: 'Rain, rain and snow' } },
      { index: 1, document: { text: 'Rain in town' } },
    ]);
    expect(answer.results[0]?.relevance_score).toBeGreaterThan(answer.results[1]?.relevance_score ?? 1);
    expect(answer.usage).toEqual(
      id === 'cohere' ? { search_units: 1 } : { prompt_tokens: expect.any(Number), total_tokens: expect.any(Number) },
    );
    expect(answer.meta.provider).toBe(id);
    const [sent] = simulator.requests;
    expect(sent?.path).toBe(id === 'cohere' ? '/openai/v2/rerank' : '/openai/v1/rerank');
    expect(sent?.body?.documents).toEqual(documents.map((each) => (typeof each === 'string' ? each : each.text)));
    expect(sent?.body).toMatchObject(id === 'voyage' ? { top_k: 2 } : { top_n: 2 });
    expect(sent?.headers.authorization).toBe('Bearer key');
  });
});

const row = (index: number, relevance_score: number) => ({ index, relevance_score });

test.each([
  ['unsorted', { results: [row(0, 1), row(2, 3), row(1, 1), row(3, -2)] }],
  ["in Voyage's shape", { data: [row(2, 3), row(0, 1), row(1, 1), row(3, -2)] }],
  ["bare, in the style of Hugging Face's", [2, 0, 1, 3].map((index, at) => ({ index, score: [3, 1, 1, -2][at] }))],
])('results %s are read', async (_, body) => {
  const { client, model } = await simulateVendor('vllm', { body });
  const { results, usage } = await client.rerank({ model, query, documents });
  expect(results).toEqual([row(2, 3), row(0, 1), row(1, 1), row(3, -2)]);
  expect(usage).toBeUndefined();
});

test.each([
  ['no list', {}, /has no list of results/],
  ['words for scores', { results: [{ index: 0, relevance_score: 'high' }] }, /without index or score/],
  ['a document too few', { results: [row(0, 1)] }, /asked to rank 4 documents, got 1/],
  ['a document twice', { results: [row(0, 1), row(0, 2), row(1, 1), row(2, 1)] }, /ranks a document twice/],
  ['a document that is not there', { results: [row(7, 1)] }, /of 4 documents it ranks number 7/],
])('an answer with %s is an error', async (_, body, message) => {
  const { client, model } = await simulateVendor('vllm', { body });
  const error = await failure(client.rerank({ model, query, documents }));
  expect(error).toBeInstanceOf(ResponseParseError);
  expect((error as Error).message).toMatch(message);
});

test("`max_tokens_per_doc` is Cohere's, and left out with a warning elsewhere", async () => {
  for (const id of ['cohere', 'jina'] as const) {
    const { client, model, simulator } = await simulateVendor(id);
    const { meta } = await client.rerank({ model, query, documents, max_tokens_per_doc: 100 });
    expect(meta.warnings.map(({ parameter }) => parameter)).toEqual(id === 'cohere' ? [] : ['max_tokens_per_doc']);
    expect(simulator.requests[0]?.body?.max_tokens_per_doc).toBe(id === 'cohere' ? 100 : undefined);
  }
});

test.each([
  [{ query: '' }, 'query'],
  [{ documents: [] }, 'documents'],
  [{ documents: ['a', ''] }, 'documents[1]'],
  [{ documents: [{ text: 7 }] }, 'documents[0].text'],
  [{ top_n: 0 }, 'top_n'],
  [{ rank_fields: ['a'] }, 'rank_fields'],
])('%j is refused with the path of the wrong field', async (fields, path) => {
  const { client, model, simulator } = await simulateVendor('vllm');
  const error = await failure(client.rerank({ model, query, documents, ...fields } as never));
  expect(error).toBeInstanceOf(InvalidRequestError);
  expect(error).toMatchObject({ path });
  expect(simulator.requests).toEqual([]);
});

test('an abort closes the socket, and a deadline holds', async () => {
  const { client, model, simulator } = await simulateVendor('jina', { fault: { kind: 'silence' } });
  const controller = new AbortController();
  const failed = failure(client.rerank({ model, query, documents }, { signal: controller.signal }));
  await simulator.waitFor(1);
  controller.abort('enough');
  expect(await failed).toBe('enough');
  const error = await failure(client.rerank({ model, query, documents }, { timeout: 40 }));
  expect(error).toMatchObject({ code: 'timeout' });
  await eventually(() => simulator.requests.every(({ aborted }) => aborted));
});

test('a failure that may pass is retried', async () => {
  const { client, model } = await simulateVendor('jina', [{ status: 503, headers: { 'retry-after-ms': '1' } }]);
  expect((await client.rerank({ model, query, documents }, { retries: 1 })).meta.attempts).toHaveLength(2);
});

test('a provider without a reranker, and a reranker without completions, refuse before the network', async () => {
  const { client, simulator } = await simulate();
  const error = await failure(client.rerank({ model: 'openai/gpt-4o', query, documents }));
  expect(String(error)).toContain('openai: rerankings are not supported (the provider has no `rerank`)');
  const voyage = await simulateVendor('voyage');
  for (const stream of [false, true]) {
    const request = { model: voyage.model, prompt: 'Hi', stream };
    expect(await failure(voyage.client.completion(request as never))).toMatchObject({ code: 'unsupported_parameter' });
  }
  const { data } = await voyage.client.embedding({ model: 'voyage/voyage-3', input: 'a' });
  expect(data).toHaveLength(1);
  expect(voyage.simulator.requests).toHaveLength(1);
  expect(simulator.requests).toEqual([]);
});
