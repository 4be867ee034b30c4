import OpenAI, { toFile } from 'openai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from './start-simulator.ts';
import { collect } from './testing/collect.ts';

let simulator: Simulator;
let client: OpenAI;
beforeEach(async () => {
  simulator = await startSimulator();
  client = new OpenAI({ baseURL: simulator.baseURL.openai, apiKey: 'sk-anything', maxRetries: 0 });
});
afterEach(() => simulator.close());

const PNG = /^iVBORw0KGgo/;
const picture = (name: string) => toFile(Buffer.from(name), name, { type: 'image/png' });
const sound = (text = 'some sound', name = 'sound.wav') => toFile(Buffer.from(text), name, { type: 'audio/wav' });

describe('images', () => {
  it('are drawn of the prompt, as bytes by GPT models and at an address by others', async () => {
    const asked = { model: 'gpt-image-1', prompt: 'a red kite', n: 2, size: '1024x1536' } as const;
    const [one, again] = [await client.images.generate(asked), await client.images.generate(asked)];
    expect(one).toMatchObject({ size: '1024x1536', output_format: 'png', usage: { output_tokens: 8320 } });
    expect(one.data?.map(({ b64_json }) => b64_json)).toEqual([expect.stringMatching(PNG), expect.stringMatching(PNG)]);
    expect(again.data).toEqual(one.data);
    const other = await client.images.generate({ model: 'dall-e-3', prompt: 'a red kite' });
    expect(other.data?.[0]).toMatchObject({
      url: expect.stringMatching(/^https:/),
      revised_prompt: expect.any(String),
    });
  });

  it('come after sketches in a stream', async () => {
    const stream = await client.images.generate({
      model: 'gpt-image-1',
      prompt: 'a',
      stream: true,
      partial_images: 2,
    });
    expect((await collect(stream)).map(({ type }) => type)).toEqual([
      'image_generation.partial_image',
      'image_generation.partial_image',
      'image_generation.completed',
    ]);
  });

  it('are edited, by what came', async () => {
    const asked = { model: 'gpt-image-1', prompt: 'blue' } as const;
    const one = await client.images.edit({ ...asked, image: await picture('a.png') });
    const two = await client.images.edit({ ...asked, image: [await picture('a.png'), await picture('b.png')] });
    expect(one.data?.[0]?.b64_json).toMatch(PNG);
    expect(two.data).not.toEqual(one.data);
    const stream = await client.images.edit({ ...asked, image: await picture('a.png'), stream: true });
    expect((await collect(stream)).map(({ type }) => type)).toEqual(['image_edit.completed']);
  });

  it.each([
    [{ model: 'gpt-image-1', prompt: 'a', response_format: 'b64_json' }, 'response_format'],
    [{ model: 'gpt-image-1', prompt: 'a', input_fidelity: 'high' }, 'input_fidelity'],
    [{ model: 'dall-e-3', prompt: 'a', background: 'opaque' }, 'background'],
    [{ model: 'gpt-image-1', prompt: '' }, 'prompt'],
    [{ model: 'gpt-image-1', prompt: 'a', n: 11 }, 'n'],
    [{ model: 'gpt-image-1', prompt: 'a', partial_images: 1 }, 'partial_images'],
  ])('are refused for %j', async (request, param) => {
    await expect(client.images.generate(request as OpenAI.ImageGenerateParams)).rejects.toMatchObject({
      status: 400,
      param,
    });
  });
});

describe('transcriptions', () => {
  it('depend on the bytes alone', async () => {
    const model = 'gpt-4o-transcribe';
    const asked = async (text: string) =>
      (await client.audio.transcriptions.create({ model, file: await sound(text) })).text;
    expect(await asked('one')).toMatch(/^A simulated transcription of 3 bytes/);
    expect(await asked('one')).toBe(await asked('one'));
    expect(await asked('two')).not.toBe(await asked('one'));
  });

  it('come in the formats that the model has', async () => {
    const file = await sound();
    const model = 'whisper-1';
    const { transcriptions } = client.audio;
    const verbose = await transcriptions.create({
      ...{ model, file, response_format: 'verbose_json' },
      timestamp_granularities: ['word', 'segment'],
    });
    expect(verbose).toMatchObject({ language: 'english', usage: { type: 'duration' } });
    expect(verbose.words?.[0]).toMatchObject({ word: 'A', start: 0 });
    expect(verbose.segments?.[0]).toMatchObject({ id: 0, start: 0 });
    expect(await transcriptions.create({ model, file, response_format: 'srt' })).toMatch(/^1\n00:00:00,000 --> /);
    expect(await transcriptions.create({ model, file, response_format: 'vtt' })).toMatch(
      /^WEBVTT\n\n00:00:00.000 --> /,
    );
    expect(await transcriptions.create({ model, file, response_format: 'text' })).toMatch(/^A simulated .*\n$/);
    const diarized = await transcriptions.create({
      model: 'gpt-4o-transcribe-diarize',
      file,
      response_format: 'diarized_json',
    });
    expect(diarized).toMatchObject({ segments: [{ speaker: 'A', id: 'seg_1' }, { speaker: 'B' }] });
  });

  it('are streamed, but not by the oldest model', async () => {
    simulator.script({ text: 'Hi there.' });
    const asked = { file: await sound(), stream: true } as const;
    const events = await collect(await client.audio.transcriptions.create({ ...asked, model: 'gpt-4o-transcribe' }));
    expect(events.map(({ type }) => type)).toEqual([...Array(3).fill('transcript.text.delta'), 'transcript.text.done']);
    expect(events.at(-1)).toMatchObject({ text: 'Hi there.', usage: { type: 'tokens', output_tokens: 3 } });
    const response = await client.audio.transcriptions.create({ ...asked, model: 'whisper-1' }).asResponse();
    expect(await response.json()).toMatchObject({ text: 'Hi there.' });
  });

  it.each([
    [{ model: 'gpt-4o-transcribe', response_format: 'srt' }, 'response_format'],
    [{ model: 'whisper-1', timestamp_granularities: ['word'] }, 'timestamp_granularities'],
    [{ model: 'whisper-1', diarize: true }, 'diarize'],
  ])('are refused for %j', async (request, param) => {
    const asked = { ...request, file: await sound() } as OpenAI.Audio.TranscriptionCreateParams;
    await expect(client.audio.transcriptions.create(asked)).rejects.toMatchObject({ status: 400, param });
  });

  it('need a file whose name tells what it is, and which is not too large', async () => {
    const { transcriptions } = client.audio;
    const model = 'whisper-1';
    await expect(transcriptions.create({ model, file: await sound('a', 'sound') })).rejects.toMatchObject({
      param: 'file',
    });
    const large = await toFile(Buffer.alloc(26_214_401), 'large.wav');
    await expect(transcriptions.create({ model, file: large })).rejects.toMatchObject({ status: 413 });
  });
});

describe('speech', () => {
  const asked = { model: 'gpt-4o-mini-tts', input: 'Good morning to you all.', voice: 'nova' } as const;

  it('is the scripted bytes, where there are some', async () => {
    const pieces = ['ID3', '\x00\x80\xff', 'é'];
    simulator.script({ events: pieces });
    const response = await client.audio.speech.create({ model: 'tts-1', voice: 'alloy', input: 'a' });
    expect(Buffer.from(await response.arrayBuffer())).toEqual(Buffer.from(pieces.join(''), 'latin1'));
  });

  it('begins like its format', async () => {
    const starts = { mp3: 'ID3', opus: 'OggS', flac: 'fLaC', wav: 'RIFF' } as const;
    for (const [response_format, start] of Object.entries(starts)) {
      const response = await client.audio.speech.create({
        ...asked,
        response_format: response_format as keyof typeof starts,
      });
      const bytes = Buffer.from(await response.arrayBuffer());
      expect(bytes.toString('latin1', 0, start.length)).toBe(start);
      expect(response.headers.get('content-type')).toMatch(/^audio\//);
    }
  });

  it('comes as events on request, with usage', async () => {
    const response = await client.audio.speech.create({ ...asked, stream_format: 'sse' });
    const events = (await response.text()).trim().split('\n\n');
    expect(events[0]).toBe(`data: {"type":"speech.audio.delta","audio":"${btoa('ID3\x04\0\0\0\0\0\0')}"}`);
    expect(events.at(-1)).toMatch(/"speech.audio.done","usage":\{"input_tokens":6,/);
  });

  it.each([
    [{ ...asked, input: 'x'.repeat(4097) }, 'input'],
    [{ ...asked, speed: 5 }, 'speed'],
    [{ ...asked, response_format: 'midi' }, 'response_format'],
    [{ ...asked, model: 'tts-1', instructions: 'softly' }, 'instructions'],
  ])('is refused for $param', async (request, param) => {
    await expect(client.audio.speech.create(request as OpenAI.Audio.SpeechCreateParams)).rejects.toMatchObject({
      status: 400,
      param,
    });
  });
});
