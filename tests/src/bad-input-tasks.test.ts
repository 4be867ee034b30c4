import { gather, InvalidRequestError, mapConcurrent, race, TimeoutError, withTimeout } from '@anyllm/core';
import { describe, expect, test } from 'vitest';
import { failure, model, simulateOpenAI } from './simulated-openai.ts';

const request = { model, prompt: 'Hi' } as const;
const bug = new Error('the task has a bug');
const never = () => new Promise<never>(() => {});

describe('gather', () => {
  test('settled, every kind of failure is a row, and no answer is lost', async () => {
    const { client } = await simulateOpenAI({
      script: ({ index }) => (index === 1 ? { status: 500 } : { text: 'ok' }),
    });
    const tasks = [
      request,
      () => { throw bug; }, // biome-ignore format: one line
      () => Promise.reject(bug),
      () => 5,
      { model, prompt: 'Hi', temperature: Number.NaN },
      { model: 'nothing', prompt: 'Hi' },
      null,
      'Hi',
      Promise.resolve(1),
      never,
      request,
    ];
    const rows = await client.gather(tasks as never, { settle: true, timeout: 300, concurrency: 1 });
    const told = (rows as PromiseSettledResult<unknown>[]).map((row) =>
      row.status === 'fulfilled'
        ? ((row.value as { text?: string }).text ?? row.value)
        : ((row.reason as { code?: string }).code ?? row.reason),
    );
    expect(told).toEqual([
      ...['ok', bug, bug, 5, 'invalid_request', 'invalid_request', 'invalid_request', 'invalid_request'],
      ...['invalid_request', 'timeout', 'provider'],
    ]);
  });

  test('otherwise the first failure is the rejection', async () => {
    const { client } = await simulateOpenAI();
    expect(await failure(client.gather([request, () => { throw bug; }]))).toBe(bug); // biome-ignore format: one line
    expect(await failure(client.gather([request, null as never]))).toMatchObject({ path: 'tasks[1]' });
  });

  test('a source that throws in the middle rejects with its error; what had come can still be read', async () => {
    const { simulator, client } = await simulateOpenAI({ script: { text: 'ok' } });
    async function* source() {
      yield request;
      await simulator.waitFor(1);
      await simulator.requests[0]?.closed;
      await new Promise((resolve) => setTimeout(resolve, 50));
      throw bug;
    }
    const gathering = client.gather(source(), { settle: true });
    const rows: unknown[] = [];
    const error = await failure(async () => {
      for await (const row of gathering) rows.push(row);
    });
    expect(error).toBe(bug);
    expect(rows).toMatchObject([{ status: 'fulfilled', value: { text: 'ok' } }]);
  });

  test('a request in flight is aborted when the source throws', async () => {
    const { simulator, client } = await simulateOpenAI({ script: { fault: { kind: 'silence' } } });
    async function* source() {
      yield request;
      await simulator.waitFor(1);
      throw bug;
    }
    expect(await failure(client.gather(source(), { settle: true }))).toBe(bug);
    await simulator.requests[0]?.closed;
    expect(simulator.requests[0]?.aborted).toBe(true);
  });

  const wrong: [string, unknown][] = [
    ['NaN', Number.NaN],
    ['0', 0],
    ['-1', -1],
    ['a text', '5'],
    ['null', null],
  ];
  test.each(wrong)('a concurrency of %s is refused', async (_, concurrency) => {
    const { simulator, client } = await simulateOpenAI();
    const error = await failure(client.gather([request], { concurrency: concurrency as number }));
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(simulator.requests).toHaveLength(0);
  });

  test.each(wrong)('a timeout of %s is refused', async (_, timeout) => {
    const { simulator, client } = await simulateOpenAI();
    const error = await failure(client.gather([request], { timeout: timeout as number }));
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(simulator.requests).toHaveLength(0);
  });

  test.each([Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER, 2 ** 31])(
    'a concurrency and a timeout of %d are as good as none',
    async (huge) => {
      const { client } = await simulateOpenAI({ script: { text: 'ok', latency: { headersMs: 20 } } });
      const answers = await client.gather([request, request, () => 5], { concurrency: huge, timeout: huge });
      expect(answers).toMatchObject([{ text: 'ok' }, { text: 'ok' }, 5]);
    },
  );

  test.each([null, undefined, 5, {}, 'text'.length])('%o is nothing to gather', async (tasks) => {
    expect(await failure(gather(tasks as never))).toBeInstanceOf(InvalidRequestError);
  });

  test('a signal that is aborted already starts nothing', async () => {
    const { simulator, client } = await simulateOpenAI();
    const reason = { left: true };
    let started = 0;
    const count = () => {
      started += 1;
    };
    const options = { signal: AbortSignal.abort(reason), settle: true } as const;
    expect(await failure(client.gather([request, count], options))).toBe(reason);
    expect([started, simulator.requests.length]).toEqual([0, 0]);
  });

  test('a streamed request among them is answered whole', async () => {
    const { client } = await simulateOpenAI({ script: { text: 'ok' } });
    expect(await client.gather([{ ...request, stream: true }] as never)).toMatchObject([{ text: 'ok', meta: {} }]);
  });
});

describe('the other utilities', () => {
  test('mapConcurrent passes on what its source throws, after what had been mapped', async () => {
    const { client } = await simulateOpenAI({ script: { text: 'ok' } });
    async function* prompts() {
      yield 'one';
      throw bug;
    }
    const texts: string[] = [];
    const error = await failure(async () => {
      const ask = async (prompt: string) => (await client.completion({ model, prompt })).text;
      for await (const text of mapConcurrent(prompts(), ask, { concurrency: 1 })) texts.push(text);
    });
    expect(error).toBe(bug);
    expect(texts).toEqual(['ok']);
  });

  test('withTimeout bounds what never settles, and hands on what throws', async () => {
    expect(await failure(withTimeout(never, 30))).toBeInstanceOf(TimeoutError);
    expect(await failure(withTimeout(() => { throw bug; }, 30))).toBe(bug); // biome-ignore format: one line
    for (const timeout of [Number.NaN, 0, -1, '5', undefined]) {
      expect(await failure(() => withTimeout(never, timeout as number))).toBeInstanceOf(InvalidRequestError);
    }
  });

  test('a race of failures tells every reason', async () => {
    const { client } = await simulateOpenAI({ script: { status: 401 } });
    const error = await failure(
      race([({ signal }: { signal: AbortSignal }) => client.completion(request, { signal }), () => { throw bug; }]), // biome-ignore format: one line
    );
    expect(error).toBeInstanceOf(AggregateError);
    expect((error as AggregateError).errors).toEqual([expect.objectContaining({ code: 'authentication' }), bug]);
  });
});
