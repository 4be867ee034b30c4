import assert from 'node:assert/strict';
import type { CallOptions, TranscriptionEvent } from '@anyllm/core';
import type { Bench } from '../bench/bench.ts';
import { type CaseOf, casesOf } from '../case.ts';
import { eventsOf, operationCases, streamCases } from './operation-cases.ts';

/** All of it is text, so that it is found again in what was sent. */
const sound = 'RIFF____WAVEfmt sesame sesame sesame sesame!';
const input = 'Open, sesame!';

const hears: CaseOf['needs'] = (_, __, { transcribe }) => transcribe !== undefined;
const hearsStreamed: CaseOf['needs'] = (_, __, { streamTranscription }) => streamTranscription !== undefined;
const speaks: CaseOf['needs'] = (_, __, { speak }) => speak !== undefined;

const question = (bench: Bench) => ({
  model: bench.model,
  file: new File([sound], 'sesame.wav', { type: 'audio/wav' }),
});

const hear = (bench: Bench, options?: CallOptions) =>
  bench.client.transcription(question(bench), bench.limited(options));

function listen(bench: Bench, options?: CallOptions): Promise<TranscriptionEvent[]> {
  const request = { ...question(bench), stream: true } as const;
  return eventsOf(bench.client.transcription(request, bench.limited(options)));
}

const say = (bench: Bench, options?: CallOptions) =>
  bench.client.speech({ model: bench.model, input, voice: 'suite-voice' }, bench.limited(options));

const textOf = (bench: Bench) => (bench.content('transcription').transcription ?? []).join('');

export const audioCases = casesOf(
  'audio',
  {
    name: 'transcription-text',
    why: 'What was said is written down whole, and the sound is sent whole: of a part of it nobody sees the rest.',
    needs: hears,
    answers: { say: 'transcription' },
    async run(bench) {
      assert.equal((await hear(bench)).text, textOf(bench));
      const { text } = await bench.received();
      const isThere = [sound, Buffer.from(sound).toString('base64')].some((form) => text.includes(form));
      assert.ok(isThere, 'the sound was not sent, or not as it is');
    },
  },
  {
    name: 'transcription-streamed',
    why: 'Whether the pieces are put together or the end is waited for, the text is the same.',
    needs: hearsStreamed,
    answers: { say: 'transcription' },
    async run(bench) {
      const events = await listen(bench);
      const deltas = events.map((event) => (event.type === 'transcript.text.delta' ? event.delta : ''));
      const end = events.at(-1);
      assert.equal(end?.type, 'transcript.text.done');
      assert.equal(end.transcription.text, textOf(bench));
      assert.equal(deltas.join(''), textOf(bench));
    },
  },
  ...operationCases({ prefix: 'transcription-', say: 'transcription', needs: hears, ask: hear }),
  ...streamCases({ prefix: 'transcription-streamed-', say: 'transcription', needs: hearsStreamed, ask: listen }),
  {
    name: 'speech-bytes',
    why: 'Sound is no text: decoded and encoded again, or put together in another order, it is noise.',
    needs: speaks,
    answers: { say: 'speech' },
    async run(bench) {
      const bytes = await (await say(bench)).bytes();
      const said = bench.content('speech').speech ?? [];
      assert.ok(Buffer.concat(said).equals(bytes), `the ${bytes.length} bytes are not those that were sent`);
      assert.ok((await bench.received()).text.includes(input), 'the text was not sent');
    },
  },
  {
    name: 'speech-media-type',
    why: 'Players choose their decoder by the kind of the sound: it has to be told, and before the sound.',
    needs: speaks,
    answers: { say: 'speech' },
    async run(bench) {
      await using stream = await say(bench);
      assert.match(stream.mediaType, /^audio\/./);
    },
  },
  ...streamCases({
    prefix: 'speech-',
    say: 'speech',
    needs: speaks,
    ask: async (bench, options) => (await say(bench, options)).bytes(),
    cuts: ['fin', 'rst'], // of plain bytes that end in good order nothing is missed
  }),
);
