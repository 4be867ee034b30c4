import {
  InvalidRequestError,
  ResponseParseError,
  StreamInterruptedError,
  TimeoutError,
  UnsupportedParameterError,
} from '@anyllm/core';
import type { Reply } from '@anyllm/simulator';
import { describe, expect, test } from 'vitest';
import { eventually, failure, simulate } from './simulated.ts';

const models = ['openai/gpt-4o-mini-tts', 'mistral/voxtral-mini-tts-latest'] as const;
const input = 'Good morning to all of you. '.repeat(20);
const question = { model: models[0], input, voice: 'nova' } as const;
const start = (bytes: Uint8Array, length: number) => Buffer.from(bytes).toString('latin1', 0, length);

describe.each(models)('%s', (model) => {
  test.each([
    [undefined, 'audio/mpeg', 'ID3'],
    ['wav', 'audio/wav', 'RIFF'],
    ['opus', 'audio/ogg', 'OggS'],
    ['flac', 'audio/flac', 'fLaC'],
  ] as const)('says a text as %s', async (response_format, mediaType, magic) => {
    const { client } = await simulate();
    const speech = await client.speech({ ...question, model, ...(response_format && { response_format }) });
    expect(speech.mediaType).toBe(mediaType);
    const bytes = await speech.bytes();
    expect(start(bytes, magic.length)).toBe(magic);
    expect(bytes.length).toBeGreaterThan(10_000);
    expect(`${speech.meta.provider}/${speech.meta.model}`).toBe(model);
  });

  test('the sound comes piece by piece, the same as whole', async () => {
    const { client } = await simulate();
    const pieces: Uint8Array[] = [];
    for await (const piece of await client.speech({ ...question, model })) pieces.push(piece);
    expect(pieces.length).toBeGreaterThan(3);
    const whole = await (await client.speech({ ...question, model })).bytes();
    expect(Buffer.concat(pieces).equals(whole)).toBe(true);
    const response = new Response((await client.speech({ ...question, model })).toReadableStream());
    expect(Buffer.from(await response.arrayBuffer()).equals(whole)).toBe(true);
  });

  test.each([429, 500])('is asked for again after %i', async (status) => {
    const { client } = await simulate({ script: [{ status, headers: { 'retry-after-ms': '1' } }] });
    const { meta } = await client.speech({ ...question, model }, { retries: 1 });
    expect(meta.attempts.map((attempt) => attempt.status ?? 0)).toEqual([status]);
  });

  test('is not asked for again after a time-out', async () => {
    const { client, simulator } = await simulate({ script: [{ fault: { kind: 'silence' } }] });
    const error = await failure(client.speech({ ...question, model }, { retries: 2, timeout: { headers: 50 } }));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(simulator.requests).toHaveLength(1);
  });

  test.each<[string, Reply]>([
    ['an empty body', { fault: { kind: 'empty-body' } }],
    ['a web page', { fault: { kind: 'html' } }],
    ['other JSON', { body: { created: 1 } }],
  ])('%s in place of sound is a ResponseParseError', async (_, script) => {
    const { client, simulator } = await simulate({ script });
    const error = await failure(client.speech({ ...question, model }, { retries: 1 }));
    expect(error).toBeInstanceOf(ResponseParseError);
    expect(simulator.requests).toHaveLength(1);
  });

  test('a sound that is cut is a StreamInterruptedError', async () => {
    const { client } = await simulate({ script: { fault: { kind: 'cut', atToken: 3, by: 'no-last-chunk' } } });
    const speech = await client.speech({ ...question, model });
    expect(await failure(speech.bytes())).toBeInstanceOf(StreamInterruptedError);
  });

  test('leaving closes the socket', async () => {
    const { client, simulator } = await simulate({ script: { latency: { tokenMs: 1_000 } } });
    for await (const _ of await client.speech({ ...question, model })) break;
    await eventually(() => simulator.requests[0]?.aborted === true);
    {
      await using speech = await client.speech({ ...question, model });
      expect(speech.mediaType).toBe('audio/mpeg');
    }
    await eventually(() => simulator.requests[1]?.aborted === true);
    const reader = (await client.speech({ ...question, model })).toReadableStream().getReader();
    await reader.read();
    await reader.cancel();
    await eventually(() => simulator.requests[2]?.aborted === true);
  });

  test('an abort in the middle is thrown with its reason', async () => {
    const { client, simulator } = await simulate({ script: { fault: { kind: 'stall', atToken: 3 } } });
    const controller = new AbortController();
    const speech = await client.speech({ ...question, model }, { signal: controller.signal });
    const pending = failure(speech.bytes());
    controller.abort('enough');
    expect(await pending).toBe('enough');
    await eventually(() => simulator.requests[0]?.aborted === true);
  });

  test('a reader that pauses holds up the sender', async () => {
    const { client, simulator } = await simulate();
    const long = { ...question, model, input: 'x'.repeat(4_096), response_format: 'wav' } as const;
    const speech = await client.speech(long);
    const pieces = speech[Symbol.asyncIterator]();
    await pieces.next();
    const sent = () => simulator.requests[0]?.bytesSent ?? 0;
    await settled(sent);
    expect(sent()).toBeLessThan(9_000_000); // what the system's buffers take; the whole is 13 MB
    let read = 0;
    for await (const piece of { [Symbol.asyncIterator]: () => pieces }) read += piece.length;
    expect(read).toBeGreaterThan(13_000_000);
  });
});

/** Waits until a number stands still. */
async function settled(read: () => number): Promise<void> {
  for (let last = -1; last !== read(); ) {
    last = read();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe('the wire', () => {
  test('OpenAI is asked for bytes under its names', async () => {
    const { client, simulator } = await simulate();
    await client.speech({ ...question, instructions: 'softly', speed: 1.5, response_format: 'pcm' });
    expect(simulator.requests[0]?.headers.accept).toBe('application/octet-stream');
    expect(simulator.requests[0]?.body).toEqual({
      ...{ model: 'gpt-4o-mini-tts', input, voice: 'nova', instructions: 'softly', speed: 1.5, response_format: 'pcm' },
    });
  });

  test('Mistral is asked for events under its names', async () => {
    const { client, simulator } = await simulate();
    await client.speech({ ...question, model: models[1] });
    expect(simulator.requests[0]?.body).toEqual({
      ...{ model: 'voxtral-mini-tts-latest', input, voice_id: 'nova', response_format: 'mp3', stream: true },
    });
  });

  test('events of OpenAI tell what was used, once all has been read', async () => {
    const { client } = await simulate();
    const speech = await client.speech({ ...question, provider_options: { openai: { stream_format: 'sse' } } });
    expect(speech.usage).toBeUndefined();
    expect(start(await speech.bytes(), 3)).toBe('ID3');
    expect(speech.usage?.total_tokens).toBeGreaterThan(100);
  });

  test('a server of Mistral that does not stream is understood', async () => {
    const { client } = await simulate({ script: { body: { audio_data: btoa('ID3 and more') } } });
    const speech = await client.speech({ ...question, model: models[1] });
    expect(Buffer.from(await speech.bytes()).toString()).toBe('ID3 and more');
  });

  test('what only tunes and a model lacks is left out with a warning', async () => {
    const { client, simulator } = await simulate();
    const old = await client.speech({ ...question, model: 'openai/tts-1', instructions: 'softly' });
    expect(old.meta.warnings).toMatchObject([{ code: 'parameter_dropped', parameter: 'instructions' }]);
    const mistral = await client.speech({ ...question, model: models[1], instructions: 'softly', speed: 2 });
    expect(mistral.meta.warnings.map(({ parameter }) => parameter)).toEqual(['speed', 'instructions']);
    expect(simulator.requests).toHaveLength(2);
  });

  test('what means something is refused before the network', async () => {
    const { client, simulator } = await simulate();
    const error = await failure(client.speech({ ...question, model: models[1], response_format: 'aac' }));
    expect(error).toBeInstanceOf(UnsupportedParameterError);
    const absent = await failure(client.speech({ ...question, model: 'ollama/m' }));
    expect((absent as Error).message).toBe('ollama: speech is not supported (the provider has no `speak`)');
    expect(simulator.requests).toEqual([]);
  });
});

test.each([
  [{ ...question, input: '' }, 'input'],
  [{ model: models[0], input }, 'voice'],
  [{ ...question, speed: 9 }, 'speed'],
  [{ ...question, response_format: 'midi' }, 'response_format'],
  [{ ...question, format: 'mp3' }, 'format'],
])('%j is refused with the path of the wrong field', async (request, path) => {
  const { client } = await simulate();
  const error = await failure(client.speech(request as never));
  expect(error).toBeInstanceOf(InvalidRequestError);
  expect(error).toMatchObject({ path });
});

test('sound is read once', async () => {
  const { client } = await simulate();
  const speech = await client.speech(question);
  await speech.bytes();
  expect(await failure(speech.bytes())).toBeInstanceOf(InvalidRequestError);
});
