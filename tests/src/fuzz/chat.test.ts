import { createClient, type Transport } from '@anyllm/core';
import { createMistral } from '@anyllm/provider-mistral';
import { createOllama } from '@anyllm/provider-ollama';
import { createOpenAI } from '@anyllm/provider-openai';
import { createVendor } from '@anyllm/provider-openai-compatible';
import fc from 'fast-check';
import { describe, test } from 'vitest';
import { cut, serving } from '../serving.ts';
import { simulate } from '../simulated.ts';
import { answers } from './chat-answers.ts';
import { anything, mutated } from './mutated.ts';
import { holds, typedOrError } from './outcome.ts';
import { chatChunk, chatCompletion } from './shapes.ts';

const config = { apiKey: 'test-key', baseURL: 'http://127.0.0.1:9/v1' };
const client = createClient({
  retries: 0,
  providers: [
    createOpenAI(config),
    createMistral(config),
    createOllama(config),
    createVendor('openai-compatible', config), // which looks for thinking in the text
  ],
});

const dialects = [
  { model: 'openai/gpt-4o', ...answers.openai, lines: false },
  { model: 'openai-compatible/m', ...answers.openai, lines: false },
  { model: 'mistral/mistral-small-latest', ...answers.mistral, lines: false },
  { model: 'ollama/llama3', ...answers.ollama, lines: true },
] as const;

type Asks = typeof client;

async function wholeOf(
  { completion }: Pick<Asks, 'completion'>,
  model: (typeof dialects)[number]['model'],
  transport?: Transport,
) {
  return completion({ model, prompt: 'Hi' }, transport ? { transport } : {});
}

/** Every chunk is of its type too. */
async function streamedOf(
  { completion }: Pick<Asks, 'completion'>,
  model: (typeof dialects)[number]['model'],
  transport?: Transport,
) {
  const stream = await completion({ model, prompt: 'Hi', stream: true }, transport ? { transport } : {});
  for await (const chunk of stream) await typedOrError(chatChunk, async () => chunk);
  return stream.completion();
}

const places = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 });

describe.each(dialects)('$model', ({ model, whole, chunk, lines }) => {
  const body = fc.oneof({ weight: 9, arbitrary: mutated(whole) }, { weight: 1, arbitrary: anything });
  const piece = fc.oneof({ weight: 9, arbitrary: mutated(chunk) }, { weight: 1, arbitrary: anything });
  const pieces = fc.array(piece, { minLength: 1, maxLength: 5 });
  const frame = (json: string) => (lines ? `${json}\n` : `data: ${json}\n\n`);

  test('a whole answer of any JSON is an answer or a typed error', () =>
    holds(fc.tuple(body, places), ([json, at]) =>
      typedOrError(chatCompletion, () => wholeOf(client, model, serving(cut(Buffer.from(json), at)))),
    ));

  test('a stream of any JSON is an answer or a typed error', () =>
    holds(fc.tuple(pieces, places, fc.boolean()), ([chunks, at, ends]) => {
      const bytes = Buffer.from(chunks.map(frame).join('') + (ends && !lines ? frame('[DONE]') : ''));
      const transport = serving(cut(bytes, at), lines ? 'application/x-ndjson' : 'text/event-stream');
      return typedOrError(chatCompletion, () => streamedOf(client, model, transport));
    }));
});

describe.each(dialects.filter(({ model }) => model !== 'openai-compatible/m'))('$model on a socket', (dialect) => {
  test('an answer of any JSON is an answer or a typed error, whole and streamed', async () => {
    const { client, simulator } = await simulate();
    const asks = client as unknown as Asks;
    const { model, whole, chunk, lines } = dialect;
    const answer = fc.record({
      body: mutated(whole),
      chunks: fc.array(mutated(chunk), { minLength: 1, maxLength: 4 }),
    });
    await holds(
      answer,
      async ({ body, chunks }) => {
        simulator.script({ status: 200, body, headers: { 'content-type': 'application/json' } });
        await typedOrError(chatCompletion, () => wholeOf(asks, model));
        simulator.script({ events: lines ? chunks : [...chunks, '[DONE]'], wire: { chunkBytes: 'random' } });
        await typedOrError(chatCompletion, () => streamedOf(asks, model));
      },
      0.2,
    );
  });
});
