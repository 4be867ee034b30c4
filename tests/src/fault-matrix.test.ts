import { readFileSync } from 'node:fs';
import { type AnyLLMError, type CallOptions, type ChatCompletion, type Client, createClient } from '@anyllm/core';
import { createMistral } from '@anyllm/provider-mistral';
import { createOllama } from '@anyllm/provider-ollama';
import { createOpenAI } from '@anyllm/provider-openai';
import { type Simulator, startSimulator } from '@anyllm/simulator';
import { describe, expect, test } from 'vitest';
import { attempts, limitMs, matrix, type Outcome, outcomeOf, type ProviderId } from './fault-matrix.ts';
import { reliabilityPage } from './reliability-page.ts';

/** What a busy machine may add to the time of a call. */
const slackMs = 4_000;

const models = {
  openai: 'openai/gpt-4o',
  mistral: 'mistral/mistral-small-latest',
  ollama: 'ollama/llama3',
} satisfies Record<ProviderId, string>;

const retries = { attempts, baseMs: 1 };
const policies: Record<string, CallOptions> = {
  'no policy': { retries: 0 },
  retry: { retries },
  'retry and fallback': { retries, fallbacks: ['spare/model'] },
};

const cases = Object.keys(models).flatMap((provider) =>
  ['whole', 'streamed'].map((form) => [provider as ProviderId, form] as const),
);

describe.each(matrix)('$title', ({ rows }) => {
  describe.each(rows)('$name', (row) => {
    describe.concurrent.each(cases)('%s, %s', (provider, form) => {
      const stream = form === 'streamed';
      const expected = outcomeOf(row, provider, stream);
      test.concurrent.each(Object.entries(policies))('%s', async (_, options) => {
        await using faulty = await startSimulator({ script: row.reply });
        await using spare = await startSimulator({ script: { text: 'from the spare' } });
        const timeout = { total: 20_000, ...(expected.phase && { [expected.phase]: limitMs }) };
        const ran = await run(models[provider], stream, { ...options, timeout }, { faulty, spare });
        check(ran, expected, options, { faulty, spare });
      });
    });
  });
});

interface Servers {
  faulty: Simulator;
  spare: Simulator;
}

interface Ran {
  answer?: ChatCompletion;
  error?: AnyLLMError & { phase?: string; partial?: ChatCompletion };
  durationMs: number;
}

async function run(model: string, stream: boolean, options: CallOptions, { faulty, spare }: Servers): Promise<Ran> {
  const apiKey = 'any';
  const client = createClient({
    providers: [
      createOpenAI({ baseURL: faulty.baseURL.openai, apiKey }),
      createMistral({ baseURL: faulty.baseURL.mistral, apiKey }),
      createOllama({ baseURL: faulty.baseURL.ollama }),
      { ...createOpenAI({ baseURL: spare.baseURL.openai, apiKey }), id: 'spare' },
    ],
  }) as Client;
  const startedAt = performance.now();
  const durationMs = () => performance.now() - startedAt;
  const call = async () => {
    if (!stream) return client.completion({ model, prompt: 'Hi' }, options);
    return (await client.completion({ model, prompt: 'Hi', stream: true }, options)).completion();
  };
  try {
    return { answer: await call(), durationMs: durationMs() };
  } catch (error) {
    return { error: error as NonNullable<Ran['error']>, durationMs: durationMs() };
  }
}

function check({ answer, error, durationMs }: Ran, expected: Outcome, options: CallOptions, servers: Servers): void {
  const asked = options.retries !== 0 && expected.again ? attempts : 1;
  const isRescued = options.fallbacks !== undefined && expected.elsewhere;
  if (isRescued) {
    expect(answer?.text).toBe('from the spare');
  } else if (expected.result === 'answer') {
    expect(error).toBeUndefined();
  } else {
    const { result: name, phase, partial = false } = expected;
    expect({ name: error?.name, phase: error?.phase, partial: error?.partial !== undefined }).toEqual({
      name,
      phase,
      partial,
    });
  }
  const records = answer?.meta.attempts ?? error?.attempts;
  expect(records?.filter(({ provider }) => provider !== 'spare')).toHaveLength(asked);
  expect(servers.spare.requests.length > 0).toBe(isRescued);
  if (servers.faulty.requests.length > 0) expect(servers.faulty.requests).toHaveLength(asked);
  else expect(servers.faulty.sockets.opened).toBe(asked);
  const leastMs = expected.phase === undefined ? 0 : asked * limitMs;
  expect(durationMs).toBeGreaterThanOrEqual(leastMs - 1);
  expect(durationMs).toBeLessThan(leastMs + slackMs);
}

test('docs/reliability.md is up to date; `node tests/src/write-reliability.ts` writes it', () => {
  expect(readFileSync(new URL('../../docs/reliability.md', import.meta.url), 'utf8')).toBe(reliabilityPage());
});
