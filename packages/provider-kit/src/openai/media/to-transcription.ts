import type {
  ProviderTranscription,
  TranscriptionSegment,
  TranscriptionUsage,
  TranscriptionWord,
} from '@anyllm/core/provider';
import { toUsage } from '../to-usage.ts';
import { type Fields, fieldsOf, objectsOf, textOf } from '../wire-fields.ts';

/** A transcription as OpenAI or Mistral sends it, of whatever kind; `undefined` without a text. */
export function toTranscription(wire: Fields): ProviderTranscription | undefined {
  const { text } = wire;
  if (typeof text !== 'string') return undefined;
  const language = textOf(wire.language) || textOf(objectsOf(wire.languages)[0]?.code);
  const duration = toSeconds(wire.duration) ?? toSeconds(fieldsOf(wire.usage)?.prompt_audio_seconds);
  const usage = toTranscriptionUsage(wire.usage);
  const logprobs = objectsOf(wire.logprobs).filter(isLogprob);
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
  if (typeof start !== 'number' || typeof end !== 'number') return [];
  const who = textOf(speaker) || textOf(speaker_id);
  return [
    {
      start,
      end,
      text: textOf(text),
      ...(who && { speaker: who }),
      ...((typeof id === 'string' || typeof id === 'number') && { id }),
    },
  ];
}

function toWords({ word, start, end }: Fields): TranscriptionWord[] {
  const isTimed = typeof start === 'number' && typeof end === 'number';
  return typeof word === 'string' && isTimed ? [{ word, start, end }] : [];
}

function toTranscriptionUsage(wire: unknown): TranscriptionUsage | undefined {
  const usage = fieldsOf(wire);
  if (!usage) return undefined;
  const seconds = toSeconds(usage.seconds) ?? toSeconds(usage.prompt_audio_seconds);
  const tokens = toUsage(usage);
  if (seconds === undefined && !tokens) return undefined;
  return {
    ...(tokens && {
      prompt_tokens: tokens.prompt_tokens,
      completion_tokens: tokens.completion_tokens,
      total_tokens: tokens.total_tokens,
    }),
    ...(seconds !== undefined && { seconds }),
  };
}

/** Some servers send a duration as text. */
function toSeconds(value: unknown): number | undefined {
  const seconds = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof seconds === 'number' && seconds >= 0 && seconds < Infinity ? seconds : undefined;
}

function isLogprob(wire: object): wire is NonNullable<ProviderTranscription['logprobs']>[number] {
  const { token, logprob } = wire as Fields;
  return typeof token === 'string' && typeof logprob === 'number';
}
