import { createHash } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createClient,
  InvalidRequestError,
  ResponseParseError,
  StreamInterruptedError,
  type TranscriptionEvent,
  UnsupportedParameterError,
} from '@anyllm/core';
import { createOpenAI } from '@anyllm/provider-openai';
import { createVendor, type VendorId } from '@anyllm/provider-openai-compatible';
import { type Reply, startSimulator } from '@anyllm/simulator';
import { describe, expect, onTestFinished, test } from 'vitest';
import { eventually, failure, simulate } from './simulated.ts';

const models = ['openai/gpt-4o-transcribe', 'mistral/voxtral-mini-latest', 'ollama/gemma3n'] as const;
const file = new File(['some sound'], 'sound.wav', { type: 'audio/wav' });
const question = { model: models[0], file } as const;

async function all(stream: AsyncIterable<TranscriptionEvent>): Promise<TranscriptionEvent[]> {
  const events: TranscriptionEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

const textOf = (events: readonly TranscriptionEvent[]) =>
  events.map((event) => (event.type === 'transcript.text.delta' ? event.delta : '')).join('');

describe.each(models)('%s', (model) => {
  test('writes down what is said', async () => {
    const { client } = await simulate({ script: { text: 'Good morning.' } });
    const { text, meta } = await client.transcription({ model, file });
    expect(text).toBe('Good morning.');
    expect(`${meta.provider}/${meta.model}`).toBe(model);
  });

  test('tells it as it comes, and whole at the end', async () => {
    const { client } = await simulate({ script: { text: 'Good morning to you.' } });
    const events = await all(await client.transcription({ model, file, language: 'en', stream: true }));
    expect(textOf(events)).toBe('Good morning to you.');
    expect(events.at(-1)).toMatchObject({
      type: 'transcript.text.done',
      transcription: { text: 'Good morning to you.' },
    });
  });

  test('retries with the same file', async () => {
    const { client, simulator } = await simulate({ script: [{ status: 429, headers: { 'retry-after-ms': '1' } }] });
    await client.transcription({ model, file }, { retries: 1 });
    const files = simulator.requests.map(({ form }) => form?.find(({ name }) => name === 'file')?.bytes.toString());
    expect(files).toEqual(['some sound', 'some sound']);
  });
});

describe('a file', () => {
  const size = 3 * 1024 * 1024 + 7;
  const bytes = Buffer.alloc(size, 'RIFF0000WAVEfmt ');
  const digest = createHash('sha256').update(bytes).digest('hex');

  async function onDisk(): Promise<Blob> {
    const folder = await mkdtemp(join(tmpdir(), 'anyllm-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 'sound.wav'), bytes);
    return openAsBlob(join(folder, 'sound.wav'));
  }

  async function* stream() {
    for (let at = 0; at < size; at += 65_536) yield bytes.subarray(at, at + 65_536);
  }

  test.each([
    ['a File', () => new File([bytes], 'my.wav'), 'my.wav'],
    ['a Blob with a type', () => new Blob([bytes], { type: 'audio/wav' }), 'file.wav'],
    ['a Blob on disk, of no type', onDisk, 'file.wav'],
    ['bytes', () => bytes, 'file.wav'],
    ['an ArrayBuffer', () => new Uint8Array(bytes).buffer, 'file.wav'],
    ['an async iterable', stream, 'file.wav'],
    ['a web stream', () => new Blob([bytes]).stream(), 'file.wav'],
  ])('of some megabytes arrives whole from %s, with its length ahead', async (_, make, name) => {
    const { client, simulator } = await simulate();
    await client.transcription({ ...question, file: await make() });
    const [request] = simulator.requests;
    const sent = request?.form?.find(({ filename }) => filename !== undefined);
    expect(
      createHash('sha256')
        .update(sent?.bytes ?? '')
        .digest('hex'),
    ).toBe(digest);
    expect(sent?.filename).toBe(name);
    expect(Number(request?.headers['content-length'])).toBe(request?.bytes.length);
  });

  test.each([
    ['a path', 'sound.wav'],
    ['nothing', undefined],
    ['an empty file', new File([], 'sound.wav')],
    ['a stream of text', new Blob(['a']).stream().pipeThrough(new TextDecoderStream())],
  ])('that is %s is refused', async (_, wrong) => {
    const { client, simulator } = await simulate();
    const error = await failure(client.transcription({ ...question, file: wrong as never }));
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(error).toMatchObject({ path: 'file' });
    expect(simulator.requests).toEqual([]);
  });
});

describe('the wire', () => {
  const fieldsOf = (request: { form?: readonly { name: string; bytes: Buffer }[] | undefined } | undefined) =>
    request?.form?.filter(({ name }) => name !== 'file').map(({ name, bytes }) => [name, bytes.toString()]);

  test('lists have brackets for OpenAI, objects their members', async () => {
    const { client, simulator } = await simulate();
    await client.transcription({
      ...{ model: 'openai/whisper-1', file, response_format: 'verbose_json', temperature: 0 },
      timestamp_granularities: ['word', 'segment'],
      chunking_strategy: { type: 'server_vad', threshold: 0.5 },
    });
    expect(fieldsOf(simulator.requests[0])).toEqual([
      ['model', 'whisper-1'],
      ['response_format', 'verbose_json'],
      ['temperature', '0'],
      ['timestamp_granularities[]', 'word'],
      ['timestamp_granularities[]', 'segment'],
      ['chunking_strategy[type]', 'server_vad'],
      ['chunking_strategy[threshold]', '0.5'],
    ]);
    expect(simulator.requests[0]?.form?.at(-1)?.name).toBe('file');
  });

  test('for Mistral they have none', async () => {
    const { client, simulator } = await simulate();
    await client.transcription({
      ...{ model: models[1], file, diarize: true },
      timestamp_granularities: ['segment', 'word'],
      provider_options: { mistral: { context_bias: ['Fredrikshavn', 'Hirtshals'] } },
    });
    expect(fieldsOf(simulator.requests[0])).toEqual([
      ['model', 'voxtral-mini-latest'],
      ['diarize', 'true'],
      ['timestamp_granularities', 'segment'],
      ['timestamp_granularities', 'word'],
      ['context_bias', 'Fredrikshavn'],
      ['context_bias', 'Hirtshals'],
    ]);
  });

  test('times, speakers and usage have one shape', async () => {
    const { client } = await simulate({ script: { text: 'One thing. Another thing.' } });
    const speakers = [{ start: 0, text: 'One thing.' }, { text: 'Another thing.' }];
    const openai = await client.transcription({ model: 'openai/gpt-4o-transcribe-diarize', file, diarize: true });
    expect(openai).toMatchObject({ segments: speakers, usage: { total_tokens: expect.any(Number) }, duration: 0.01 });
    expect(openai.segments?.map(({ speaker }) => speaker)).toEqual(['A', 'B']);
    const mistral = await client.transcription({ model: models[1], file, response_format: 'diarized_json' });
    expect(mistral).toMatchObject({ segments: speakers, duration: 1, usage: { seconds: 1 } });
    expect(mistral.segments?.map(({ speaker }) => speaker)).toEqual(['speaker_1', 'speaker_2']);
    const whisper = await client.transcription({
      ...{ model: 'openai/whisper-1', file, response_format: 'verbose_json' },
      timestamp_granularities: ['word'],
    });
    expect(whisper).toMatchObject({
      language: 'english',
      usage: { seconds: 1 },
      words: [{ word: 'One', start: 0 }, {}, {}, {}],
    });
  });

  test('log probabilities come where they are asked for', async () => {
    const { client } = await simulate({ script: { text: 'Hi' } });
    const { logprobs } = await client.transcription({ ...question, include: ['logprobs'] });
    expect(logprobs).toEqual([{ token: 'Hi', logprob: -0.01, bytes: [72, 105] }]);
  });

  test.each([
    ['text', /^One thing\.\n$/],
    ['srt', /^1\n00:00:00,000 --> .*\nOne thing\./],
    ['vtt', /^WEBVTT\n/],
  ] as const)('%s stays as it is', async (response_format, text) => {
    const { client } = await simulate({ script: { text: 'One thing.' } });
    const asked = { model: 'openai/whisper-1', file, response_format } as const;
    expect((await client.transcription(asked)).text).toMatch(text);
    const events = await all(await client.transcription({ ...asked, stream: true }));
    expect(events.map(({ type }) => type)).toEqual(['transcript.text.delta', 'transcript.text.done']);
    expect(textOf(events)).toMatch(text);
  });

  test('a model that does not stream gives one piece and the end', async () => {
    const { client } = await simulate({ script: { text: 'Good morning.' } });
    const events = await all(await client.transcription({ model: 'openai/whisper-1', file, stream: true }));
    expect(events).toMatchObject([
      { type: 'transcript.text.delta', delta: 'Good morning.' },
      { type: 'transcript.text.done', transcription: { text: 'Good morning.', usage: { seconds: 1 } } },
    ]);
  });

  test('segments come in a stream of Mistral, and the language that it heard', async () => {
    const { client } = await simulate({ script: { text: 'One thing. Another thing.' } });
    const asked = { model: models[1], file, response_format: 'verbose_json', stream: true } as const;
    const events = await all(await client.transcription(asked));
    expect(events.flatMap((event) => (event.type === 'transcript.text.segment' ? [event.segment.text] : []))).toEqual([
      'One thing.',
      'Another thing.',
    ]);
    expect(events.at(-1)).toMatchObject({ transcription: { language: 'en' } });
  });

  test('chunks like those of a chat are read, as vLLM sends them', async () => {
    const chunk = (content: string, finish_reason: string | null = null) => ({
      object: 'transcription.chunk',
      choices: [{ delta: { content }, finish_reason }],
    });
    const { client } = await simulateVendor('vllm', { events: [chunk('Good '), chunk('day.', 'stop'), '[DONE]'] });
    const events = await all(await client.transcription({ model: 'vllm/voxtral', file, stream: true }));
    expect(events).toEqual([
      { type: 'transcript.text.delta', delta: 'Good ' },
      { type: 'transcript.text.delta', delta: 'day.' },
      { type: 'transcript.text.done', transcription: { text: 'Good day.' } },
    ]);
  });

  test('a vendor that does not stream is not asked to', async () => {
    const { client, simulator } = await simulateVendor('groq', { text: 'Good day.' });
    const events = await all(await client.transcription({ model: 'groq/whisper-large-v3', file, stream: true }));
    expect(textOf(events)).toBe('Good day.');
    expect(fieldsOf(simulator.requests[0])).toEqual([['model', 'whisper-large-v3']]);
  });
});

/** A client of one vendor, whose server is the simulator. */
async function simulateVendor(id: VendorId, script: Reply) {
  const simulator = await startSimulator({ script });
  onTestFinished(() => simulator.close());
  const provider = createVendor(id, { baseURL: simulator.baseURL.openai, apiKey: 'key' });
  return { simulator, client: createClient({ providers: [provider], retries: 0 }) };
}

describe('what a vendor lacks', () => {
  test.each([
    [{ model: 'openai/whisper-1', diarize: true }, 'diarize'],
    [{ model: models[1], response_format: 'srt' }, 'response_format'],
    [{ model: models[1], include: ['logprobs'] }, 'include'],
    [{ model: models[1], known_speaker_names: ['Ann'] }, 'known_speaker_names'],
    [{ model: models[2], response_format: 'verbose_json' }, 'response_format'],
    [{ model: models[2], timestamp_granularities: ['word'] }, 'timestamp_granularities'],
  ] as const)('and means something is refused before the network: %j', async (request, parameter) => {
    const { client, simulator } = await simulate();
    const error = await failure(client.transcription({ ...request, file } as never));
    expect(error).toBeInstanceOf(UnsupportedParameterError);
    expect(error).toMatchObject({ parameter });
    expect(simulator.requests).toEqual([]);
  });

  test.each([
    [models[1], { prompt: 'Hirtshals', chunking_strategy: 'auto' }],
    [models[2], { temperature: 0, chunking_strategy: 'auto' }],
  ] as const)('and only tunes is left out by %s with a warning', async (model, tuning) => {
    const { client, simulator } = await simulate();
    const { meta } = await client.transcription({ model, file, ...tuning });
    expect(meta.warnings.map(({ parameter }) => parameter)).toEqual(Object.keys(tuning));
    expect(simulator.requests[0]?.form?.map(({ name }) => name)).toEqual(['model', 'file']);
  });
});

test.each([
  [{ file }, 'model'],
  [{ ...question, temperature: 2 }, 'temperature'],
  [{ ...question, response_format: 'xml' }, 'response_format'],
  [{ ...question, timestamp_granularities: 'word' }, 'timestamp_granularities'],
  [{ ...question, lang: 'en' }, 'lang'],
])('%j is refused with the path of the wrong field', async (request, path) => {
  const { client } = await simulate();
  const error = await failure(client.transcription(request as never));
  expect(error).toBeInstanceOf(InvalidRequestError);
  expect(error).toMatchObject({ path });
});

describe('failures', () => {
  test.each<[string, Reply]>([
    ['an empty body', { fault: { kind: 'empty-body' } }],
    ['a web page', { fault: { kind: 'html' } }],
    ['half of the JSON', { fault: { kind: 'truncated-json' } }],
    ['other JSON', { body: { created: 1 } }],
  ])('%s is a ResponseParseError, whole and in place of a stream', async (_, script) => {
    const { client } = await simulate({ script });
    expect(await failure(client.transcription(question))).toBeInstanceOf(ResponseParseError);
    if (script.fault?.kind === 'truncated-json') return;
    expect(await failure(client.transcription({ ...question, stream: true }))).toBeInstanceOf(ResponseParseError);
  });

  test.each<[string, Reply]>([
    ['without its last event', { fault: { kind: 'no-finish' } }],
    ['cut in an event', { fault: { kind: 'cut', atToken: 2, by: 'fin' } }],
    ['ended early', { fault: { kind: 'cut', atToken: 2, by: 'end' } }],
    ['with an error in it', { fault: { kind: 'error-event', atToken: 2 } }],
  ])('a stream %s is a StreamInterruptedError', async (_, script) => {
    for (const model of [models[0], models[1]]) {
      const { client } = await simulate({ script });
      const stream = await client.transcription({ model, file, stream: true });
      expect(await failure(all(stream))).toBeInstanceOf(StreamInterruptedError);
    }
  });
});

describe('leaving', () => {
  test('an abort while the file is being sent closes the socket', async () => {
    const { baseURL, requests } = await deafServer();
    const client = createClient({ retries: 0, providers: [createOpenAI({ baseURL, apiKey: 'key' })] });
    const controller = new AbortController();
    const large = new Blob([new Uint8Array(24 * 1024 * 1024)], { type: 'audio/wav' });
    const pending = failure(client.transcription({ ...question, file: large }, { signal: controller.signal }));
    await eventually(() => requests.length === 1);
    controller.abort('enough');
    expect(await pending).toBe('enough');
    const [request] = requests;
    request?.resume().on('error', () => {}); // it ends in the middle
    await eventually(() => request?.destroyed === true);
    expect(request?.complete).toBe(false);
  });

  test('a break closes the socket', async () => {
    const { client, simulator } = await simulate({ script: { latency: { tokenMs: 2_000 } } });
    for await (const _ of await client.transcription({ ...question, stream: true })) break;
    await eventually(() => simulator.requests[0]?.aborted === true);
  });

  test('a deadline ends a transcription that does not come', async () => {
    const { client, simulator } = await simulate({ script: { fault: { kind: 'silence' } } });
    expect(await failure(client.transcription(question, { timeout: 60 }))).toMatchObject({ phase: 'total' });
    await eventually(() => simulator.requests[0]?.aborted === true);
  });
});

/** Takes the heads of requests and reads nothing of their bodies. */
async function deafServer() {
  const requests: IncomingMessage[] = [];
  const server = createServer((request) => requests.push(request.pause()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, requests };
}

test.each([
  ['is none where JSON was asked', {}, false],
  ['is silence where the text itself was asked', { response_format: 'text' }, true],
] as const)('an empty text %s', async (_, asked, isAnswer) => {
  const { client } = await simulate({ script: { body: '', status: 200, headers: { 'content-type': 'text/plain' } } });
  const answer = client.transcription({ model: 'openai/whisper-1', file, ...asked });
  if (isAnswer) expect((await answer).text).toBe('');
  else expect(await failure(answer)).toBeInstanceOf(ResponseParseError);
});
