import { Mistral } from '@mistralai/mistralai';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Simulator, startSimulator } from './start-simulator.ts';
import { collect } from './testing/collect.ts';

let simulator: Simulator;
let client: Mistral;
beforeEach(async () => {
  simulator = await startSimulator();
  client = new Mistral({ serverURL: simulator.baseURL.mistral, apiKey: 'anything' });
});
afterEach(() => simulator.close());

const model = 'voxtral-mini-latest';
const file = new File(['some sound'], 'sound.wav', { type: 'audio/wav' });

it('transcribes whole, with times and speakers when asked for them', async () => {
  const plain = await client.audio.transcriptions.complete({ model, file });
  expect(plain).toMatchObject({ model, segments: [], language: null });
  expect(plain.text).toMatch(/^A simulated transcription of 10 bytes/);
  expect(plain.usage.promptAudioSeconds).toBe(1);
  const timed = { model, file, diarize: true, timestampGranularities: ['segment' as const] };
  const { segments } = await client.audio.transcriptions.complete(timed);
  expect(segments?.[0]).toMatchObject({ start: 0, speakerId: 'speaker_1' });
});

it('transcribes as a stream of named events', async () => {
  simulator.script({ text: 'Hi there.' });
  const stream = await client.audio.transcriptions.stream({ model, file, timestampGranularities: ['segment'] });
  const events = await collect(stream);
  expect(events.map(({ event }) => event)).toEqual([
    'transcription.language',
    ...Array(3).fill('transcription.text.delta'),
    'transcription.segment',
    'transcription.done',
  ]);
  expect(events.at(-1)?.data).toMatchObject({ text: 'Hi there.', usage: { completionTokens: 3 } });
});

it('speaks in JSON, whole and streamed', async () => {
  const asked = {
    model: 'voxtral-mini-tts-latest',
    input: 'Good morning.',
    voiceId: 'nova',
    responseFormat: 'wav',
  } as const;
  const whole = await client.audio.speech.complete(asked);
  const { audioData } = whole as { audioData: string };
  expect(atob(audioData)).toMatch(/^RIFF/);
  const stream = await client.audio.speech.complete({ ...asked, stream: true });
  const events = await collect(stream as AsyncIterable<{ event: string }>);
  expect(new Set(events.map(({ event }) => event))).toEqual(new Set(['speech.audio.delta', 'speech.audio.done']));
});

it.each([
  [{ model, prompt: 'x' }, 'prompt'],
  [{ model, 'timestamp_granularities[]': 'segment' }, 'timestamp_granularities[]'],
  [{}, 'model'],
])('refuses %j as the vendor does', async (fields, name) => {
  const body = new FormData();
  for (const [key, value] of Object.entries({ ...fields, file })) body.append(key, value);
  const url = `${simulator.baseURL.mistral}/v1/audio/transcriptions`;
  const response = await fetch(url, { method: 'POST', body });
  expect(response.status).toBe(422);
  expect(JSON.stringify(await response.json())).toContain(`"loc":["body","${name}"]`);
});
