import assert from 'node:assert/strict';
import type { CallOptions, ImageEvent } from '@anyllm/core';
import type { Bench } from '../bench/bench.ts';
import { type CaseOf, casesOf } from '../case.ts';
import { eventsOf, operationCases, streamCases } from './operation-cases.ts';

const prompt = 'a treasure on an island';

const needs: CaseOf['needs'] = (_, __, { generateImage }) => generateImage !== undefined;
const needsStream: CaseOf['needs'] = (_, __, { streamImage }) => streamImage !== undefined;

const draw = (bench: Bench, options?: CallOptions) =>
  bench.client.imageGeneration({ model: bench.model, prompt, n: 2 }, bench.limited(options));

function watch(bench: Bench, options?: CallOptions): Promise<ImageEvent[]> {
  const request = { model: bench.model, prompt, partial_images: 2, stream: true } as const;
  return eventsOf(bench.client.imageGeneration(request, bench.limited(options)));
}

export const imageCases = casesOf(
  'images',
  {
    name: 'pictures',
    why: 'Every picture is paid for, whether its bytes come or its address.',
    needs,
    answers: { say: 'images' },
    async run(bench) {
      const { data, created } = await draw(bench);
      assert.deepEqual(
        data.map(({ b64_json, url }) => ({ b64_json, url })),
        bench.content('images').images?.map(({ b64_json, url }) => ({ b64_json, url })),
      );
      assert.ok(created > 1e9 && created < 1e11, `${created} are no seconds since 1970`);
      assert.ok((await bench.received()).text.includes(prompt), 'the prompt was not sent');
    },
  },
  {
    name: 'streamed',
    why: 'Sketches are shown while they come, and the picture is told apart from them by its type alone.',
    needs: needsStream,
    answers: { say: 'image-stream' },
    async run(bench) {
      const events = await watch(bench);
      const said = bench.content('image-stream').images ?? [];
      assert.deepEqual(
        events.map(({ b64_json }) => b64_json),
        said.map(({ b64_json }) => b64_json),
      );
      const types = events.map(({ type }) => type);
      assert.deepEqual(types, [...said.slice(1).map(() => 'partial_image'), 'completed']);
    },
  },
  ...operationCases({ say: 'images', needs, ask: draw }),
  ...streamCases({ prefix: 'streamed-', say: 'image-stream', needs: needsStream, ask: watch }),
);
