import assert from 'node:assert/strict';
import type { CallOptions, ImageEvent, ImageResult } from '@anyllm/core';
import type { Bench } from '../bench/bench.ts';
import { type CaseOf, casesOf } from '../case.ts';
import { eventsOf, operationCases, streamCases } from './operation-cases.ts';

const prompt = 'a treasure on an island';

/** All values that a byte has, most of which are no text. */
const allBytes = Uint8Array.from({ length: 256 }, (_, at) => at);
const toPicture = (bytes: Uint8Array<ArrayBuffer>, name: string) =>
  new File([Buffer.from('\x89PNG\r\n\x1A\n', 'latin1'), bytes], name, { type: 'image/png' });
const picture = toPicture(allBytes, 'island.png');
const mask = toPicture(allBytes.toReversed(), 'sand.png');

const needs: CaseOf['needs'] = (_, __, { generateImage }) => generateImage !== undefined;
const needsStream: CaseOf['needs'] = (_, __, { streamImage }) => streamImage !== undefined;
const needsEdit: CaseOf['needs'] = (_, __, { editImage }) => editImage !== undefined;
const needsEditStream: CaseOf['needs'] = (_, __, { streamImageEdit }) => streamImageEdit !== undefined;

const draw = (bench: Bench, options?: CallOptions) =>
  bench.client.imageGeneration({ model: bench.model, prompt, n: 2 }, bench.limited(options));

function watch(bench: Bench, options?: CallOptions): Promise<ImageEvent[]> {
  const request = { model: bench.model, prompt, partial_images: 2, stream: true } as const;
  return eventsOf(bench.client.imageGeneration(request, bench.limited(options)));
}

const change = (bench: Bench, options?: CallOptions) =>
  bench.client.imageEdit({ model: bench.model, prompt, images: picture, mask, n: 2 }, bench.limited(options));

function watchChange(bench: Bench, options?: CallOptions): Promise<ImageEvent[]> {
  const request = { model: bench.model, prompt, images: picture, partial_images: 2, stream: true } as const;
  return eventsOf(bench.client.imageEdit(request, bench.limited(options)));
}

export const imageCases = casesOf(
  'images',
  {
    name: 'pictures',
    why: 'Every picture is paid for, whether its bytes come or its address.',
    needs,
    answers: { say: 'images' },
    async run(bench) {
      assertPictures(await draw(bench), bench);
      assert.ok((await bench.received()).text.includes(prompt), 'the prompt was not sent');
    },
  },
  {
    name: 'streamed',
    why: 'Sketches are shown while they come, and the picture is told apart from them by its type alone.',
    needs: needsStream,
    answers: { say: 'image-stream' },
    run: async (bench) => assertEvents(await watch(bench), bench),
  },
  ...operationCases({ say: 'images', needs, ask: draw }),
  ...streamCases({ prefix: 'streamed-', say: 'image-stream', needs: needsStream, ask: watch }),
  {
    name: 'edit-pictures',
    why: 'What was made of a picture is paid for like one that was made of nothing.',
    needs: needsEdit,
    answers: { say: 'images' },
    run: async (bench) => assertPictures(await change(bench), bench),
  },
  {
    name: 'edit-request',
    why: 'A picture is no text, and only its mask tells what may change: both are sent as they are, under their names.',
    needs: needsEdit,
    answers: { say: 'images' },
    async run(bench) {
      await change(bench);
      const { bytes, text, headers } = await bench.received();
      const isForm = headers['content-type']?.startsWith('multipart/form-data');
      for (const file of [picture, mask]) {
        const content = Buffer.from(await file.arrayBuffer());
        const isThere = bytes.includes(content) || text.includes(content.toString('base64'));
        assert.ok(isThere, `${file.name} was not sent, or not as it is`);
        if (isForm) assert.ok(text.includes(`"${file.name}"`), `${file.name} lost its name`);
      }
      assert.ok(text.includes(prompt), 'the prompt was not sent');
    },
  },
  {
    name: 'edit-streamed',
    why: 'Sketches come before an edited picture as before a new one, and are told apart from it in the same way.',
    needs: needsEditStream,
    answers: { say: 'image-stream' },
    run: async (bench) => assertEvents(await watchChange(bench), bench),
  },
  ...operationCases({ prefix: 'edit-', say: 'images', needs: needsEdit, ask: change }),
  ...streamCases({ prefix: 'edit-streamed-', say: 'image-stream', needs: needsEditStream, ask: watchChange }),
);

function assertPictures({ data, created }: ImageResult, bench: Bench): void {
  assert.deepEqual(
    data.map(({ b64_json, url }) => ({ b64_json, url })),
    bench.content('images').images?.map(({ b64_json, url }) => ({ b64_json, url })),
  );
  assert.ok(created > 1e9 && created < 1e11, `${created} are no seconds since 1970`);
}

function assertEvents(events: readonly ImageEvent[], bench: Bench): void {
  const said = bench.content('image-stream').images ?? [];
  assert.deepEqual(
    events.map(({ b64_json }) => b64_json),
    said.map(({ b64_json }) => b64_json),
  );
  const types = events.map(({ type }) => type);
  assert.deepEqual(types, [...said.slice(1).map(() => 'partial_image'), 'completed']);
}
