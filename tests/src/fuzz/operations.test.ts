import { createClient, type Transport } from '@anyllm/core';
import { createBatch } from '@anyllm/core/batch';
import { createMistral } from '@anyllm/provider-mistral';
import { createOllama } from '@anyllm/provider-ollama';
import { createOpenAI } from '@anyllm/provider-openai';
import { createVendor } from '@anyllm/provider-openai-compatible';
import fc from 'fast-check';
import { describe, test } from 'vitest';
import type * as z from 'zod';
import { cut, serving } from '../serving.ts';
import { simulate } from '../simulated.ts';
import { anything, mutated } from './mutated.ts';
import { operationAnswers } from './operation-answers.ts';
import { holds, typedOrError } from './outcome.ts';
import { batch, batchResults, embeddings, listedModels, moderations } from './shapes.ts';

const config = { apiKey: 'test-key', baseURL: 'http://127.0.0.1:9/v1' };

/** A client whose answers are these bytes; without any, one that asks a simulator. */
function clientOf(transport: Transport) {
  const settings = { ...config, transport };
  const vendors = [createOpenAI(settings), createMistral(settings), createOllama(settings), createVendor('together', settings)]; // biome-ignore format: one line
  return createClient({ retries: 0, providers: vendors });
}

type Client = ReturnType<typeof clientOf>;
interface Operation {
  right: fc.Arbitrary<unknown>;
  shape: z.ZodType;
  ask: (client: Client) => PromiseLike<unknown>;
}

const input = ['a', 'b'];
const { vectors, ollamaVectors, openAIModels, mistralModels, ollamaModels, openAIVerdicts, mistralVerdicts } =
  operationAnswers;

const operations: Record<string, Operation> = {
  'embeddings of OpenAI': {
    right: vectors,
    shape: embeddings,
    ask: (client) => client.embedding({ model: 'openai/text-embedding-3-small', input }),
  },
  'embeddings of Mistral': {
    right: vectors,
    shape: embeddings,
    ask: (client) => client.embedding({ model: 'mistral/mistral-embed', input }),
  },
  'embeddings of Ollama': {
    right: ollamaVectors,
    shape: embeddings,
    ask: (client) => client.embedding({ model: 'ollama/nomic-embed-text', input }),
  },
  'models of OpenAI': { right: openAIModels, shape: listedModels, ask: (client) => client.listModels('openai') },
  'models of Mistral': { right: mistralModels, shape: listedModels, ask: (client) => client.listModels('mistral') },
  'models of Ollama': { right: ollamaModels, shape: listedModels, ask: (client) => client.listModels('ollama') },
  'models of Together': { right: openAIModels, shape: listedModels, ask: (client) => client.listModels('together') },
  'moderations of OpenAI': {
    right: openAIVerdicts,
    shape: moderations,
    ask: (client) => client.moderation({ model: 'openai/omni-moderation-latest', input }),
  },
  'moderations of Mistral': {
    right: mistralVerdicts,
    shape: moderations,
    ask: (client) => client.moderation({ model: 'mistral/mistral-moderation-latest', input }),
  },
  'a batch of OpenAI': {
    right: operationAnswers.openAIBatch,
    shape: batch,
    ask: (client) => createBatch(client).retrieve('openai/batch_1'),
  },
  'a batch of Mistral': {
    right: operationAnswers.mistralBatch,
    shape: batch,
    ask: (client) => createBatch(client).retrieve('mistral/batch_1'),
  },
};

const places = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 });

describe.each(Object.entries(operations))('%s', (_, { right, shape, ask }) => {
  const body = fc.oneof({ weight: 9, arbitrary: mutated(right) }, { weight: 1, arbitrary: anything });

  test('of any JSON are a result or a typed error', () =>
    holds(fc.tuple(body, places), ([json, at]) =>
      typedOrError(shape, () => ask(clientOf(serving(cut(Buffer.from(json), at))))),
    ));
});

test('of any JSON on a socket they are so too', async () => {
  const { client, simulator } = await simulate();
  const asked = Object.entries(operations).filter(([name]) => !name.includes('Together'));
  const [first = asked[0], ...rest] = asked.map(([, { right, shape, ask }]) =>
    mutated(right).map((body) => ({ body, shape, ask })),
  );
  await holds(
    fc.oneof(first as never, ...(rest as never[])) as fc.Arbitrary<Operation & { body: string }>,
    ({ body, shape, ask }) => {
      simulator.script({ status: 200, body, headers: { 'content-type': 'application/json' } });
      return typedOrError(shape, () => ask(client as never));
    },
  );
});

describe.each(['openai', 'mistral'] as const)('the results of a batch of %s', (provider) => {
  const { batchLine, openAIBatch, mistralBatch } = operationAnswers;
  const line = fc.oneof({ weight: 9, arbitrary: mutated(batchLine) }, { weight: 1, arbitrary: anything });
  const done = provider === 'openai' ? openAIBatch : mistralBatch;

  test('of any lines are rows, each with an answer or a typed error', () =>
    holds(fc.tuple(done, fc.array(line, { maxLength: 4 }), places), ([ended, lines, at]) => {
      const about = serving([Buffer.from(JSON.stringify(ended))]);
      const rows = serving(cut(Buffer.from(lines.join('\n')), at), 'application/octet-stream');
      const transport: Transport = (request, handler) =>
        (request.url.endsWith('/content') ? rows : about)(request, handler);
      return typedOrError(batchResults, async () => {
        const results = [];
        for await (const row of createBatch(clientOf(transport)).results(`${provider}/batch_1`)) results.push(row);
        return results;
      });
    }));
});
