import type {
  ProviderTranscription,
  TranscriptionSegment,
  TranscriptionUsage,
  TranscriptionWord,
} from '@anyllm/core/provider';
import { toCounts } from '../to-usage.ts';
import { type Fields, fieldsOf, objectsOf, textOf } from '../wire-fields.ts';

/** A transcription as OpenAI or Mistral sends it, of whatever kind; `undefined` without a text. */
export function toTranscription(wire: Fields): ProviderTranscription | undefined {
  const { text } = wire;
  if (typeof text !== 'string') return undefined;
  const language = textOf(wire.language) || textOf(objectsOf(wire.languages)[0]?.code);
  const duration = toSeconds(wire.duration) ?? toSeconds(fieldsOf(wire.usage)?.prompt_audio_seconds);
  const usage = toTranscriptionUsage(wire.usage);
  const logprobs = objectsOf(wire.logprobs).flatMap(toLogprobs);
  return {
    text,
    ...(language && { language }),
    ...(duration !== undefined && { duration }),
    ...(Array.isArray(wire.segments) && { segments: objectsOf(wire.segments).flatMap(toSegments) }),
    ...(Array.isArray(wire.words) && { words: objectsOf(wire.words).flatMap(toWords) }),
    ...(logprobs.length > 0 && { logprobs }),
    ...(usage && { usage }),
  };
}

/** One, or none where it does not say when that was spoken. */
export function toSegments({ start, end, text, speaker, speaker_id, id }: Fields): TranscriptionSegment[] {
  if (!isNumber(start) || !isNumber(end)) return [];
  const who = textOf(speaker) || textOf(speaker_id);
  return [
    {
      start,
      end,
      text: textOf(text),
      ...(who && { speaker: who }),
      ...((typeof id === 'string' || isNumber(id)) && { id }),
    },
  ];
}

function toWords({ word, start, end }: Fields): TranscriptionWord[] {
  return typeof word === 'string' && isNumber(start) && isNumber(end) ? [{ word, start, end }] : [];
}

function toTranscriptionUsage(wire: unknown): TranscriptionUsage | undefined {
  const usage = fieldsOf(wire);
  if (!usage) return undefined;
  const seconds = toSeconds(usage.seconds) ?? toSeconds(usage.prompt_audio_seconds);
  const tokens = toCounts(usage);
  if (seconds === undefined && !tokens) return undefined;
  return {
    ...tokens,
    ...(seconds !== undefined && { seconds }),
  };
}

/** Some servers send a duration as text. */
function toSeconds(value: unknown): number | undefined {
  const seconds = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof seconds === 'number' && seconds >= 0 && seconds < Infinity ? seconds : undefined;
}

function toLogprobs({ token, logprob, bytes }: Fields): NonNullable<ProviderTranscription['logprobs']> {
  if (typeof token !== 'string' || !isNumber(logprob)) return [];
  return [{ token, logprob, ...(Array.isArray(bytes) && bytes.every(Number.isInteger) && { bytes }) }];
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}
