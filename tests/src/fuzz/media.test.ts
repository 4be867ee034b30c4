import { createClient, type Transport } from '@anyllm/core';
import { createOpenAI } from '@anyllm/provider-openai';
import { createVendor } from '@anyllm/provider-openai-compatible';
import fc from 'fast-check';
import { describe, test } from 'vitest';
import type * as z from 'zod';
import { cut, serving } from '../serving.ts';
import { imageEvent, images, ranking, spoken, tokenCount, transcribed, transcriptionEvent } from './media-shapes.ts';
import { anything, mutated } from './mutated.ts';
import { holds, typedOrError } from './outcome.ts';

// Pictures, sound, ranking and counts of tokens.

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const count = fc.nat({ max: 1_000 });
const some = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const list = <T>(value: fc.Arbitrary<T>, minLength = 0) => fc.array(value, { minLength, maxLength: 3 });
const base64 = fc.base64String({ maxLength: 12 });
const counts = { input_tokens: count, output_tokens: count, total_tokens: count };

const imageUsage = fc.record({
  ...counts,
  input_tokens_details: some(fc.record({ text_tokens: count, image_tokens: count })),
});
const picture = fc.record({
  created: count,
  data: list(fc.record({ b64_json: some(base64), url: some(text), revised_prompt: some(text) }), 1),
  size: some(text),
  usage: some(imageUsage),
});
const sketches = list(
  fc.record({ type: fc.constant('image_generation.partial_image'), b64_json: base64, partial_image_index: count }),
);
const drawn = fc.record({ type: fc.constant('image_generation.completed'), b64_json: base64, usage: some(imageUsage) });

const seconds = fc.double({ min: 0, max: 100, noNaN: true });
const segment = { id: fc.oneof(text, count), start: seconds, end: seconds, text, speaker: some(text) };
const transcript = {
  text,
  language: some(text),
  duration: some(fc.oneof(seconds, seconds.map(String))),
  segments: some(list(fc.record(segment))),
  words: some(list(fc.record({ word: text, start: seconds, end: seconds }))),
  logprobs: some(list(fc.record({ token: text, logprob: fc.double({ min: -9, max: 0, noNaN: true }), bytes: some(list(fc.nat(255))) }))), // biome-ignore format: one line
  usage: some(fc.oneof(fc.record({ type: fc.constant('tokens'), ...counts }), fc.record({ seconds }))),
};
const heard = list(
  fc.oneof(
    fc.record({ type: fc.constant('transcript.text.delta'), delta: text }),
    fc.record({ type: fc.constant('transcript.text.segment'), ...segment }),
  ),
);
const heardAll = fc.record({ type: fc.constant('transcript.text.done'), ...transcript });

const sounds = list(fc.record({ type: fc.constant('speech.audio.delta'), audio: base64 }), 1);
const saidAll = fc.record({ type: fc.constant('speech.audio.done'), usage: some(fc.record(counts)) });

const ranks = fc.record({
  id: text,
  model: text,
  results: fc.constant([
    { index: 1, relevance_score: 0.9 },
    { index: 0, relevance_score: 0.1 },
  ]),
  usage: some(fc.record({ prompt_tokens: count, total_tokens: count })),
  meta: some(fc.record({ billed_units: fc.record({ search_units: count }) })),
});

const config = { apiKey: 'test-key', baseURL: 'http://127.0.0.1:9/v1' };

function clientOf(transport: Transport) {
  const settings = { ...config, transport };
  return createClient({ retries: 0, providers: [createOpenAI(settings), createVendor('together', settings)] });
}

type Client = ReturnType<typeof clientOf>;

const file = new File(['sound'], 'a.mp3', { type: 'audio/mpeg' });
const picturePrompt = { model: 'openai/gpt-image-1', prompt: 'A tree' } as const;
const recording = { model: 'openai/gpt-4o-transcribe', file } as const;

const places = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 });
const asBody = (right: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 9, arbitrary: mutated(right) }, { weight: 1, arbitrary: anything });

const whole: Record<string, [fc.Arbitrary<unknown>, z.ZodType, (client: Client) => PromiseLike<unknown>]> = {
  pictures: [picture, images, (client) => client.imageGeneration(picturePrompt)],
  'edited pictures': [picture, images, (client) => client.imageEdit({ ...picturePrompt, images: file })],
  'a transcription': [fc.record(transcript), transcribed, (client) => client.transcription(recording)],
  'a ranking': [ranks, ranking, (client) => client.rerank({ model: 'together/r', query: 'q', documents: ['a', 'b'] })],
  'a count of tokens': [
    fc.record({ object: fc.constant('response.input_tokens'), input_tokens: count }),
    tokenCount,
    (client) => client.countTokens({ model: 'openai/gpt-5', input: 'Hi' }),
  ],
};

test.each(Object.entries(whole))('%s of any JSON: a result or a typed error', (_, [right, shape, ask]) =>
  holds(fc.tuple(asBody(right), places), ([json, at]) =>
    typedOrError(shape, () => ask(clientOf(serving(cut(Buffer.from(json), at))))),
  ),
);

/** The last of what a stream gives; each step has to fit as well. */
async function lastOf(events: AsyncIterable<unknown>, shape: z.ZodType): Promise<unknown> {
  let last: unknown;
  for await (const event of events) {
    await typedOrError(shape, async () => event);
    last = event;
  }
  return last;
}

const streamed: Record<
  string,
  [fc.Arbitrary<unknown[]>, fc.Arbitrary<unknown>, z.ZodType, (client: Client) => Promise<unknown>]
> = {
  // biome-ignore format: one line
  pictures: [
    sketches,
    drawn,
    imageEvent,
    async (client) => lastOf(await client.imageGeneration({ ...picturePrompt, stream: true }), imageEvent),
  ],
  'a transcription': [
    heard,
    heardAll,
    transcriptionEvent,
    async (client) => lastOf(await client.transcription({ ...recording, stream: true }), transcriptionEvent),
  ],
  speech: [
    sounds,
    saidAll,
    spoken,
    async (client) => {
      const sound = await client.speech({ model: 'openai/gpt-4o-mini-tts', input: 'Hi', voice: 'alloy' });
      const bytes = [];
      for await (const piece of sound) bytes.push(piece);
      return { bytes, media_type: sound.mediaType, usage: sound.usage };
    },
  ],
};

describe.each(Object.entries(streamed))('%s in events', (_, [steps, end, shape, ask]) => {
  test('of any JSON are of their type, or a typed error', () =>
    holds(
      fc.tuple(
        fc.array(
          steps.chain((all) => (all.length > 0 ? asBody(fc.constantFrom(...all)) : anything)),
          { maxLength: 3 },
        ),
        asBody(end),
        places,
      ),
      ([events, last, at]) => {
        // biome-ignore format: one line
        const bytes = Buffer.from([...events, last].map((json) => `data: ${json}\n\n`).join(''));
        return typedOrError(shape, () => ask(clientOf(serving(cut(bytes, at), 'text/event-stream'))));
      },
    ));
});
