import { readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AnyLLMError,
  type CallOptions,
  InvalidRequestError,
  RateLimitError,
  ResponseParseError,
  TimeoutError,
} from '@anyllm/core';
import { type BatchEntry, type Batches, type BatchRequest, type BatchResult, createBatch } from '@anyllm/core/batch';
import type { SimulatorOptions } from '@anyllm/simulator';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { folderWith } from './child-process.ts';
import { eventually, failure, simulate } from './simulated.ts';

async function start(batches: SimulatorOptions['batches'] = {}, options: SimulatorOptions = {}) {
  const { simulator, client } = await simulate({ ...options, batches });
  return { simulator, client, batch: createBatch(client) as Batches };
}

const ask = (custom_id: string, model = 'openai/gpt-4o'): BatchEntry => ({
  custom_id,
  request: { model, prompt: `Row ${custom_id}` },
});

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

const byId = (results: readonly BatchResult[]) => new Map(results.map((result) => [result.custom_id, result]));

const textOf = (result: BatchResult | undefined) => (result?.status === 'fulfilled' ? result.value.text : undefined);

const fast = { interval: 1 };

describe.each([
  ['openai', 'openai/gpt-4o'],
  ['mistral', 'mistral/mistral-small-latest'],
])('a batch at %s', (provider, model) => {
  const requests = [ask('a', model), ask('b', model), ask('c', model)];

  test('is uploaded as a file, waited for, and read by custom_id with errors in their place', async () => {
    const { batch } = await start({ polls: 2, reply: ({ custom_id }) => (custom_id === 'b' ? { status: 429 } : {}) });
    const made = await batch.create({ requests, metadata: { night: '1' } });
    expect(made).toMatchObject({ object: 'batch', provider, status: 'validating', metadata: { night: '1' } });
    expect(made.id.startsWith(`${provider}/`)).toBe(true);
    const steps: string[] = [];
    const done = await batch.wait(made.id, { ...fast, onProgress: ({ status }) => void steps.push(status) });
    expect(steps.at(-1)).toBe('completed');
    expect(steps).toContain('in_progress');
    expect(done.request_counts).toEqual({ total: 3, completed: 2, failed: 1 });
    const results = byId(await collect(batch.results(made.id)));
    expect([...results.keys()].sort()).toEqual(['a', 'b', 'c']);
    expect(textOf(results.get('a'))).toContain('Row a');
    const failed = results.get('b');
    expect(failed?.status === 'rejected' && failed.reason).toBeInstanceOf(RateLimitError);
    expect(failed?.status === 'rejected' && failed.reason).toMatchObject({ provider, status: 429, requestId: 'req_1' });
    const answer = results.get('c');
    expect(answer?.status === 'fulfilled' && answer.value).toMatchObject({
      usage: { total_tokens: expect.any(Number) },
      meta: { provider, attempts: [], requestId: expect.any(String) },
    });
  });

  test('passes over blank lines, and an unexpected one is a result of its own', async () => {
    const { batch } = await start({ extraLines: ['', '  ', 'not JSON', '[1]', '{"custom_id":"x"}'] });
    const { id } = await batch.create({ requests });
    const results = await collect(batch.results((await batch.wait(id, fast)).id));
    expect(results).toHaveLength(6);
    const odd = results.filter(({ status }) => status === 'rejected');
    expect(odd.map(({ custom_id }) => custom_id)).toEqual(['', '', 'x']);
    for (const row of odd) expect(row.status === 'rejected' && row.reason).toBeInstanceOf(ResponseParseError);
  });

  test('rows whose counts cannot be have an answer without them, and one without a choice is an error', async () => {
    const row = (custom_id: string, body: object) =>
      JSON.stringify({ custom_id, response: { status_code: 200, body } });
    const choices = [{ index: 0, message: { role: 'assistant', content: 'a' }, finish_reason: 'stop' }];
    const counts = { prompt_tokens: -1, completion_tokens: 1, total_tokens: 0 };
    const extraLines = [row('x', { choices, usage: counts }), row('y', { choices: [], usage: counts })];
    const { batch } = await start({ extraLines });
    const { id } = await batch.create({ requests });
    const results = byId(await collect(batch.results((await batch.wait(id, fast)).id)));
    const answered = results.get('x');
    expect(answered?.status === 'fulfilled' && answered.value).not.toHaveProperty('usage');
    expect(answered?.status === 'fulfilled' && answered.value.meta.warnings).toMatchObject([{ code: 'usage_dropped' }]);
    const empty = results.get('y');
    expect(empty?.status === 'rejected' && empty.reason).toBeInstanceOf(ResponseParseError);
  });

  test.each(['expired', 'cancelled'] as const)('that was %s gives what it has, and the rest as errors', async (end) => {
    const { batch } = await start(end === 'expired' ? { end } : { polls: 100 });
    const { id } = await batch.create({ requests });
    if (end === 'cancelled') expect((await batch.cancel(id)).status).toBe('cancelling');
    expect((await batch.wait(id, fast)).status).toBe(end);
    const results = byId(await collect(batch.results(id)));
    expect(textOf(results.get('a'))).toContain('Row a');
    const left = results.get('c');
    expect(left?.status === 'rejected' && left.reason).toMatchObject({ code: 'provider', retryable: true });
    expect(results.size).toBe(3);
  });

  test('that failed tells why', async () => {
    const { batch } = await start({ end: 'failed' });
    const { id } = await batch.create({ requests });
    expect(await batch.wait(id, fast)).toMatchObject({ status: 'failed', result_file_ids: [] });
    expect(await collect(batch.results(id))).toEqual([]);
  });

  test('is listed with all others, page by page', async () => {
    const { batch, simulator } = await start();
    const ids: string[] = [];
    for (let n = 0; n < 101; n++) ids.push((await batch.create({ requests: [ask(`${n}`, model)] })).id);
    const listed = await collect(batch.list({ provider }));
    expect(listed.map(({ id }) => id)).toEqual(ids.toReversed());
    expect(simulator.requests.filter(({ path }) => /\?/.test(path))).toHaveLength(2);
  });

  test('is not waited for longer than its time, and goes on', async () => {
    const { batch } = await start({ polls: 100_000 });
    const { id } = await batch.create({ requests });
    const error = await failure(batch.wait(id, { interval: 5, timeout: 60 }));
    expect(error).toBeInstanceOf(TimeoutError);
    expect((error as Error).message).toMatch(/still in_progress \(\d of 3 rows done\) after 60 ms/);
    const reason = new Error('enough');
    expect(await failure(batch.wait(id, { signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(await failure(collect(batch.results(id)))).toBeInstanceOf(InvalidRequestError);
  });
});

test('rows come from an async source, and the model from the batch', async () => {
  const { batch, simulator } = await start();
  async function* rows() {
    for (const custom_id of ['a', 'b']) yield { custom_id, request: { prompt: custom_id, temperature: 0 } };
  }
  const { id, warnings } = await batch.create({ model: 'openai/gpt-5', requests: rows() });
  expect(warnings.map(({ parameter }) => parameter)).toEqual(['temperature']);
  expect(await collect(batch.results((await batch.wait(id, fast)).id))).toHaveLength(2);
  expect(simulator.requests[0]?.text).toContain('"custom_id":"a","method":"POST","url":"/v1/chat/completions"');
});

test('rows come from a file, in our form or in that of OpenAI', async () => {
  const { batch } = await start();
  const lines = [ask('a'), { custom_id: 'b', method: 'POST', url: '/v1/chat/completions', body: ask('b').request }];
  const folder = folderWith({ 'rows.jsonl': `\uFEFF${lines.map((line) => JSON.stringify(line)).join('\r\n\n')}` });
  const { id } = await batch.create({ file: join(folder, 'rows.jsonl') });
  const results = byId(await collect(batch.results((await batch.wait(id, fast)).id)));
  expect(textOf(results.get('b'))).toContain('Row b');
});

test('nothing is left in the directory for temporary files', async () => {
  const { batch } = await start();
  const before = temporary();
  await batch.create({ requests: [ask('a')] });
  await failure(batch.create({ requests: [ask('a'), ask('a')] }));
  expect(temporary()).toEqual(before);
});

function temporary(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('anyllm-batch-'));
}

test('a journal has the batch made once, however often the program is started', async () => {
  const { batch, simulator } = await start();
  const journal = join(folderWith({}), 'journal');
  const first = await batch.create({ requests: [ask('a')] }, { journal });
  const again = await batch.create({ requests: [ask('a')] }, { journal });
  expect(again.id).toBe(first.id);
  expect(simulator.requests.filter(({ path }) => path.endsWith('/batches'))).toHaveLength(1);
  expect(readdirSync(journal)).toEqual(['batch.json']);
  const error = await failure(batch.create({ requests: [ask('b')] }, { journal }));
  expect((error as Error).message).toMatch(/belongs to other requests/);
});

const bad: [string, BatchRequest, RegExp][] = [
  ['no row', { requests: [] }, /hold no row/],
  ['neither', {} as BatchRequest, /`requests` or `file` is needed/],
  ['both', { requests: [], file: 'x' } as never, /and not both/],
  ['no iterable', { requests: 5 } as never, /must be an array/],
  ['no such file', { file: '/nowhere/rows.jsonl' }, /cannot be read \(ENOENT\)/],
  ['unknown field', { requests: [ask('a')], request: [] } as never, /`request` is not a known parameter/],
  ['no object', { requests: ['a'] } as never, /requests\[0\] must be an object/],
  ['no custom_id', { requests: [ask('a'), { request: ask('b').request }] } as never, /requests\[1\]: `custom_id` is missing/],
  ['empty custom_id', { requests: [ask('')] }, /requests\[0\]: `custom_id` must be a text/],
  ['twice', { requests: [ask('a'), ask('b'), ask('a')] }, /requests\[2\]: `custom_id` is "a", which requests\[0\] has/],
  ['no request', { requests: [{ custom_id: 'a' }] } as never, /requests\[0\]: `request` is missing/],
  ['no model', { requests: [{ custom_id: 'a', request: { prompt: 'x' } }] }, /requests\[0\]: `model` is missing/],
  ['wrong parameter', { requests: [{ custom_id: 'a', request: { ...ask('a').request, temperature: 'x' } }] } as never, /requests\[0\]: `temperature` must/],
  ['stream', { requests: [{ custom_id: 'a', request: { ...ask('a').request, stream: true } }] } as never, /`stream` cannot be had/],
  ['another provider', { requests: [ask('a'), ask('b', 'mistral/m')] }, /requests\[1\]: `model` is of mistral, and the batch is for openai; `local: true`/],
  ['another model', { requests: [ask('a'), ask('b', 'openai/gpt-5')] }, /requests\[1\]: `model` is another/],
  ['unsupported', { requests: [{ custom_id: 'a', request: { ...ask('a').request, model: 'openai/gpt-5', logprobs: true } }] }, /requests\[0\]: openai: gpt-5 .*logprobs/],
  ['a schema of a library', { requests: [{ custom_id: 'a', request: { ...ask('a').request, response_format: z.object({}) } }] } as never, /`response_format` is a schema of a library/],
  ['no such provider', { requests: [ask('a', 'nobody/m')] }, /no provider "nobody"/],
]; // biome-ignore format: a table

test.each(bad)('%s is refused before anything is sent', async (_, request, message) => {
  const { batch, simulator } = await start();
  const error = await failure(batch.create(request));
  expect((error as AnyLLMError).code).toMatch(/invalid_request|unsupported_parameter|provider_not_found/);
  expect((error as Error).message).toMatch(message);
  expect(simulator.requests).toEqual([]);
});

test.each([
  ['not JSON', '{"custom_id":', /^line 3 is not JSON \(13 characters\)$/],
  ['a duplicate', JSON.stringify(ask('a')), /^line 3: `custom_id` is "a", which line 1 has already$/],
  ['no custom_id', '{}', /^line 3: `custom_id` is missing$/],
  ['too long a line', `{"x":"${'x'.repeat(64 * 1024 * 1024)}"}`, /^line 3 is longer than 67108864 bytes$/],
])('a file with %s is refused with the number of the line', async (_, line, message) => {
  const { batch, simulator } = await start();
  const file = join(folderWith({}), 'rows.jsonl');
  writeFileSync(file, `${JSON.stringify(ask('a'))}\n\n${line}\n${JSON.stringify(ask('z'))}`);
  const error = await failure(batch.create({ file }));
  expect(error).toBeInstanceOf(InvalidRequestError);
  expect((error as Error).message).toMatch(message);
  expect(simulator.requests).toEqual([]);
});

test('more rows than a vendor takes are refused with what to do', async () => {
  const { batch, simulator } = await start();
  const requests = Array.from({ length: 50_001 }, (_, n) => ask(`${n}`));
  const error = await failure(batch.create({ requests }));
  expect((error as Error).message).toMatch(/at most 50000 rows .*row 50001 .*several batches/);
  expect(simulator.requests).toEqual([]);
});

test('the policy of the client holds for each step, but a batch is not made twice after a doubtful failure', async () => {
  const { client, simulator } = await simulate();
  const batch: Batches = createBatch(client);
  const once = (path: RegExp, status: number) => {
    let failed = false;
    simulator.script((request) => {
      if (failed || !path.test(`${request.method} ${request.path}`)) return undefined;
      failed = true;
      return { status, headers: { 'retry-after-ms': '1' } };
    });
  };
  once(/POST .*files/, 500);
  await batch.create({ requests: [ask('a')] }, { retries: 1 });
  once(/POST .*batches/, 429);
  const { id } = await batch.create({ requests: [ask('a')] }, { retries: 1 });
  once(/POST .*batches/, 500);
  expect(await failure(batch.create({ requests: [ask('a')] }, { retries: 1 }))).toMatchObject({ status: 500 });
  once(/GET .*batches/, 503);
  expect((await batch.wait(id, fast)).status).toBe('completed'); // a look that fails for a while is not the end
  once(/content/, 503);
  expect(await collect(batch.results(id, { retries: 1 }))).toHaveLength(1);
});

test('an answer that is no file, no batch or no list is a typed error', async () => {
  const { batch, simulator } = await start();
  const { id } = await batch.create({ requests: [ask('a')] });
  for (const body of ['{}', '[]', '<html>', '', '{"id":"batch_1","status":"dancing"}']) {
    simulator.script({ body });
    for (const act of [
      () => batch.create({ requests: [ask('a')] }),
      () => batch.retrieve(id),
      () => collect(batch.list({ provider: 'openai' })),
      () => batch.cancel(id),
    ]) {
      const error = await failure(act());
      expect(error).toBeInstanceOf(ResponseParseError);
      expect(error).toMatchObject({ retryable: true });
    }
  }
});

test.each([['null'], ['"batch_1"'], ['[]'], ['{"id":"batch_1"}']])(
  '%s in a list of batches is an error, and not passed over',
  async (row) => {
    const { batch, simulator } = await start();
    simulator.script({ body: `{"data":[{"id":"batch_0","status":"completed"},${row}],"has_more":false}` });
    const error = await failure(collect(batch.list({ provider: 'openai' })));
    expect(error).toBeInstanceOf(ResponseParseError);
    expect(String(error)).toContain('lists something else than batches');
  },
);

test('an error under a status of success is that error', async () => {
  const { batch } = await start(
    {},
    { script: { body: { error: { type: 'rate_limit_error', message: 'slow down' } } } },
  );
  expect(await failure(batch.retrieve('openai/batch_1'))).toBeInstanceOf(RateLimitError);
});

test('a file that breaks off is an error, and leaving early closes the connection', async () => {
  const { batch, simulator } = await start();
  const requests = Array.from({ length: 2_000 }, (_, n) => ask(`${n}`));
  const { id } = await batch.create({ requests });
  await batch.wait(id, fast);
  simulator.script(({ path }) =>
    path.endsWith('/content') ? { fault: { kind: 'cut', atToken: 0, by: 'rst' } } : undefined,
  );
  expect(await failure(collect(batch.results(id)))).toMatchObject({ code: 'stream_interrupted' });
  simulator.script();
  for await (const { status } of batch.results(id)) {
    expect(status).toBe('fulfilled');
    break;
  }
});

test.each(['', 'batch_1', 'openai/', 5])('%j is no id of a batch', async (id) => {
  const { batch } = await start();
  expect(await failure(batch.retrieve(id as string))).toMatchObject({ code: 'invalid_request', path: 'id' });
});

test('the vendor’s own id does with the provider’s name', async () => {
  const { batch } = await start();
  const { id } = await batch.create({ requests: [ask('a')] });
  const own = id.replace('openai/', '');
  expect((await batch.retrieve(own, { provider: 'openai' })).id).toBe(id);
  expect(await failure(batch.retrieve('ollama/batch_1'))).toMatchObject({ code: 'unsupported_parameter' });
});

test('a batch that the vendor does not know is a wrong id, and no wrong address', async () => {
  const { batch } = await start();
  for (const ask of [batch.retrieve, batch.cancel, batch.wait]) {
    const error = await failure(ask('openai/batch_none'));
    expect(error).toMatchObject({ code: 'invalid_request', path: 'id', status: 404, attempts: [{ status: 404 }] });
    expect(String(error)).toMatch(/openai: there is no batch "batch_none" \(404\); check the id, .*, request id \S+$/);
  }
});

test('only a client of createClient has batches', () => {
  expect(() => createBatch({} as never)).toThrow(InvalidRequestError);
});

test('an abort and a deadline end each step, and close its socket', async () => {
  const { batch, simulator } = await start();
  const { id } = await batch.create({ requests: [ask('a')] });
  await batch.wait(id, fast);
  simulator.script({ fault: { kind: 'silence' } });
  const steps: ((options: CallOptions) => Promise<unknown>)[] = [
    (options) => batch.create({ requests: [ask('a')] }, options),
    (options) => batch.retrieve(id, options),
    (options) => batch.cancel(id, options),
    (options) => collect(batch.results(id, options)),
    (options) => collect(batch.list({ provider: 'openai', ...options })),
  ];
  for (const step of steps) {
    const controller = new AbortController();
    const reason = new Error('enough');
    setTimeout(() => controller.abort(reason), 20);
    expect(await failure(step({ signal: controller.signal }))).toBe(reason);
    expect(await failure(step({ timeout: 20 }))).toBeInstanceOf(TimeoutError);
  }
  await eventually(() => simulator.requests.every(({ aborted, finishedAt }) => aborted || finishedAt !== undefined));
});
