import { createHash } from 'node:crypto';
import type { FormField } from './form-fields.ts';
import type { Reply } from './reply.ts';
import { splitTokens } from './tokens.ts';

/** What is written down of a sound: the script's words, or some that depend on the bytes alone. */
export interface Hearing {
  text: string;
  tokens: string[];
  seconds: number;
  segments: { start: number; end: number; text: string; speaker: string }[];
  words: { word: string; start: number; end: number }[];
}

/** The bytes are taken for sound of this density, whatever they are. */
const BYTES_PER_SECOND = 32_000;

export function hear({ bytes }: FormField, reply: Reply): Hearing {
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  const said = reply.tokens ? [...reply.tokens].join('') : reply.text;
  const text = said ?? `A simulated transcription of ${bytes.length} bytes. Their digest begins with ${digest}.`;
  const seconds = Math.round((bytes.length / BYTES_PER_SECOND) * 100) / 100 || 0.01;
  const tokens = reply.tokens ? [...reply.tokens] : [...splitTokens(text)];
  const sentences = text.match(/\S[^.]*\.?/g) ?? [];
  return {
    text,
    tokens,
    seconds,
    segments: spread(sentences, seconds).map((timed, at) => ({ ...timed, speaker: at % 2 === 0 ? 'A' : 'B' })),
    words: spread(text.match(/\S+/g) ?? [], seconds).map(({ text: word, ...time }) => ({ word, ...time })),
  };
}

/** Each gets an equal part of the time. */
function spread(texts: readonly string[], seconds: number): { text: string; start: number; end: number }[] {
  const round = (time: number) => Math.round(time * 1000) / 1000;
  const share = seconds / Math.max(1, texts.length);
  return texts.map((text, at) => ({ text: text.trim(), start: round(at * share), end: round((at + 1) * share) }));
}

/** As SubRip or WebVTT, which differ in their first line, their numbers and a comma. */
export function toSubtitles({ segments }: Hearing, format: 'srt' | 'vtt'): string {
  const time = (seconds: number) => {
    const text = new Date(seconds * 1000).toISOString().slice(11, 23);
    return format === 'srt' ? text.replace('.', ',') : text;
  };
  const cues = segments.map(
    ({ start, end, text }, at) =>
      `${format === 'srt' ? `${at + 1}\n` : ''}${time(start)} --> ${time(end)}\n${text}\n\n`,
  );
  return (format === 'vtt' ? 'WEBVTT\n\n' : '') + cues.join('');
}
