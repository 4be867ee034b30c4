import { createClient, createLimiter } from '@anyllm/core';
import { createMistral } from '@anyllm/provider-mistral';
import { createOpenAI } from '@anyllm/provider-openai';
import { type Reply, startSimulator } from '@anyllm/simulator';
import { describe, expect, onTestFinished, test } from 'vitest';
import { failure, simulate } from './simulated.ts';

const patient = { model: 'mistral/mistral-small-latest', prompt: 'Take your time.' } as const;
const failing = { model: 'openai/gpt-4o', prompt: 'Hi' } as const;
/** Until all of the calls are under way. */
const headersMs = 50;

/** OpenAI fails as it is told, while the first answers of Mistral take long. */
async function unequal(failing: Reply, patience = 1) {
  const simulator = await startSimulator({
    script: ({ dialect }) => {
      if (dialect === 'openai') return { latency: { headersMs }, ...failing };
      return patience-- > 0 ? { fault: { kind: 'silence' } } : { text: 'Here.' };
    },
  });
  onTestFinished(() => simulator.close());
  const { baseURL } = simulator;
  const providers = [
    createOpenAI({ baseURL: baseURL.openai, apiKey: 'test-key' }),
    createMistral({ baseURL: baseURL.mistral, apiKey: 'test-key' }),
  ] as const;
  return createClient({ providers, retries: 0, breaker: { minimumCalls: 1 } });
}

/** The rejection does not wait for them. */
const othersEnd = () => new Promise((resolve) => setTimeout(resolve, 20));

describe('the calls that a failure of another one ends', () => {
  test('do not count as rate limited', async () => {
    const client = await unequal({ status: 429, headers: { 'retry-after': '60' } });
    expect(await failure(client.gather([patient, failing]))).toMatchObject({ code: 'rate_limit', provider: 'openai' });
    const answer = await client.completion(patient, { timeout: 5_000 });
    expect(answer.meta.queueMs).toBeLessThan(1_000);
  });

  test('do not count as failures of their server', async () => {
    const client = await unequal({ status: 503 });
    expect(await failure(client.gather([patient, failing]))).toMatchObject({ code: 'overloaded', provider: 'openai' });
    expect((await client.completion(patient)).text).toBe('Here.');
  });

  test('leave the account in the error alone', async () => {
    const client = await unequal({ status: 400 }, 2);
    const error = await failure(client.gather([patient, failing, patient]));
    await othersEnd();
    expect(error).toMatchObject({ attempts: [{ provider: 'openai', status: 400 }] });
  });

  test('leave the texts that an error of embeddings names alone', async () => {
    const { client } = await simulate({
      script: ({ body }) =>
        JSON.stringify(body).includes('wrong')
          ? { status: 400, latency: { headersMs } }
          : { fault: { kind: 'silence' } },
    });
    const input = ['a', 'b', 'wrong', 'd', 'e'];
    const error = await failure(client.embedding({ model: 'openai/text-embedding-3-small', input }, { batchSize: 1 }));
    await othersEnd();
    expect(error).toMatchObject({ inputs: { start: 2, end: 3 }, attempts: [{ status: 400 }] });
    expect(String(error)).toMatch(/request id \S+; inputs 2 to 2$/);
  });

  test('do not pause a limiter', async () => {
    const client = await unequal({ status: 429, headers: { 'retry-after': '60' } });
    const limiter = createLimiter({ concurrency: 2 });
    const limited = ({ signal }: { signal: AbortSignal }) =>
      limiter.run((run) => client.completion(patient, { signal: run.signal }), { signal });
    expect(await failure(client.gather([limited, failing]))).toMatchObject({ code: 'rate_limit' });
    await othersEnd();
    expect(limiter.stats.closedMs).toBe(0);
  });
});
