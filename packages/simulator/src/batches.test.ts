import { Mistral } from '@mistralai/mistralai';
import OpenAI, { toFile } from 'openai';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type SimulatorOptions, startSimulator } from './start-simulator.ts';
import { collect } from './testing/collect.ts';

async function start(batches?: SimulatorOptions['batches']) {
  const { baseURL, close } = await startSimulator({ ...(batches && { batches }) });
  onTestFinished(close);
  return {
    openai: new OpenAI({ baseURL: baseURL.openai, apiKey: 'sk-anything', maxRetries: 0 }),
    mistral: new Mistral({ serverURL: baseURL.mistral, apiKey: 'anything' }),
  };
}

const chat = '/v1/chat/completions' as const;
const messages = [{ role: 'user', content: 'Hello' }];
const row = (custom_id: string, model = 'gpt-4o') => ({
  custom_id,
  method: 'POST',
  url: '/v1/chat/completions',
  body: { model, messages },
});
const jsonl = (...rows: object[]) => rows.map((line) => `${JSON.stringify(line)}\n`).join('');

async function createBatch(client: OpenAI, text: string) {
  const file = await client.files.create({ purpose: 'batch', file: await toFile(Buffer.from(text), 'in.jsonl') });
  const made = { input_file_id: file.id, endpoint: '/v1/chat/completions', completion_window: '24h' } as const;
  return client.batches.create({ ...made, metadata: { night: '1' } });
}

async function linesOf(client: OpenAI, id: string | undefined): Promise<Record<string, never>[]> {
  const text = await (await client.files.content(id ?? '')).text();
  return text.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));
}

describe("OpenAI's client", () => {
  it('uploads a file, gets a batch of it, and reads the answers and the failures', async () => {
    const { openai } = await start({ reply: ({ custom_id }) => (custom_id === 'b' ? { status: 429 } : undefined) });
    const { id, status } = await createBatch(openai, jsonl(row('a'), row('b')));
    expect(status).toBe('validating');
    const batch = await openai.batches.retrieve(id);
    expect(batch).toMatchObject({ status: 'completed', metadata: { night: '1' } });
    expect(batch.request_counts).toEqual({ total: 2, completed: 1, failed: 1 });
    const [answer] = await linesOf(openai, batch.output_file_id);
    expect(answer).toMatchObject({
      custom_id: 'a',
      response: { status_code: 200, body: { object: 'chat.completion' } },
    });
    const [failure] = await linesOf(openai, batch.error_file_id);
    expect(failure).toMatchObject({ custom_id: 'b', response: { status_code: 429 } });
  });

  it('finds a batch at work as often as is scripted, and cancels it', async () => {
    const { openai } = await start({ polls: 2 });
    const { id } = await createBatch(openai, jsonl(row('a'), row('b')));
    expect((await openai.batches.retrieve(id)).status).toBe('in_progress');
    expect((await openai.batches.cancel(id)).status).toBe('cancelling');
    const batch = await openai.batches.retrieve(id);
    expect(batch).toMatchObject({ status: 'cancelled', request_counts: { completed: 1, failed: 1 } });
    const [left] = await linesOf(openai, batch.error_file_id);
    expect(left).toMatchObject({ custom_id: 'b', response: null, error: { code: 'batch_cancelled' } });
  });

  it.each([
    ['invalid_json_line', '{"custom_id":\n'],
    ['duplicate_custom_id', jsonl(row('a'), row('a'))],
    ['mismatched_model', jsonl(row('a'), row('b', 'gpt-5'))],
    ['invalid_url', jsonl({ ...row('a'), url: '/v1/embeddings' })],
    ['empty_file', ''],
  ])('is told of %s when the batch has failed', async (code, text) => {
    const { openai } = await start();
    const { id } = await createBatch(openai, text);
    const batch = await openai.batches.retrieve(id);
    expect(batch.status).toBe('failed');
    expect(batch.errors?.data?.map((error) => error.code)).toContain(code);
  });

  it('lists the newest first, page by page', async () => {
    const { openai } = await start();
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c']) ids.push((await createBatch(openai, jsonl(row(name)))).id);
    const listed = await collect(openai.batches.list({ limit: 2 }));
    expect(listed.map(({ id }) => id)).toEqual(ids.toReversed());
    expect(await collect(openai.files.list())).toHaveLength(3);
  });

  it('is refused without a file, and deletes one', async () => {
    const { openai } = await start();
    const missing = { input_file_id: 'none', endpoint: '/v1/chat/completions', completion_window: '24h' } as const;
    await expect(openai.batches.create(missing)).rejects.toMatchObject({ status: 404 });
    const file = await openai.files.create({ purpose: 'batch', file: await toFile(Buffer.from('x'), 'in.jsonl') });
    expect(await openai.files.delete(file.id)).toMatchObject({ deleted: true });
    await expect(openai.files.retrieve(file.id)).rejects.toMatchObject({ status: 404 });
  });
});

describe("Mistral's client", () => {
  it('uploads a file, gets a job of it, and reads the answers', async () => {
    const { mistral } = await start({ polls: 1 });
    const content = new Blob([jsonl({ custom_id: 'a', body: { messages } })]);
    const file = await mistral.files.upload({ file: { fileName: 'in.jsonl', content }, purpose: 'batch' });
    const made = { inputFiles: [file.id], endpoint: chat, model: 'mistral-small-latest' };
    const { id, status } = await mistral.batch.jobs.create(made);
    expect(status).toBe('QUEUED');
    expect((await mistral.batch.jobs.get({ jobId: id })).status).toBe('RUNNING');
    const job = await mistral.batch.jobs.get({ jobId: id });
    expect(job).toMatchObject({ status: 'SUCCESS', totalRequests: 1, succeededRequests: 1, failedRequests: 0 });
    const text = await new Response(await mistral.files.download({ fileId: job.outputFile ?? '' })).text();
    expect(JSON.parse(text)).toMatchObject({ custom_id: 'a', response: { status_code: 200 } });
  });

  it('lists its jobs and cancels one', async () => {
    const { mistral } = await start({ polls: 5 });
    const content = new Blob([jsonl({ custom_id: 'a', body: { messages } })]);
    const file = await mistral.files.upload({ file: { fileName: 'in.jsonl', content }, purpose: 'batch' });
    const made = { inputFiles: [file.id], endpoint: chat, model: 'mistral-small-latest' };
    const { id } = await mistral.batch.jobs.create(made);
    expect((await mistral.batch.jobs.list({})).data?.map((job) => job.id)).toEqual([id]);
    expect((await mistral.batch.jobs.cancel({ jobId: id })).status).toBe('CANCELLATION_REQUESTED');
    expect((await mistral.batch.jobs.get({ jobId: id })).status).toBe('CANCELLED');
  });
});
