import type { AudioOutput, ChunkDelta, ReasoningDetail } from '@anyllm/core/provider';
import { type Fields, fieldsOf, objectsOf, textOf } from './wire-fields.ts';

/** In the order in which they are looked at. */
const knownReasoningFields: readonly string[] = ['reasoning_content', 'reasoning', 'thinking'];

/** Reads what a delta says by itself: text, reasoning, refusal, audio. Tool calls need what came before. */
export function readDelta(wire: Fields, delta: ChunkDelta, reasoningFields = knownReasoningFields): void {
  const { content } = wire;
  if (typeof content === 'string') delta.content = content;
  else if (content) readParts(objectsOf(content), delta);
  readReasoning(wire, delta, reasoningFields);
  if (typeof wire.refusal === 'string') delta.refusal = wire.refusal;
  const audio = wire.audio ? readAudio(wire.audio) : undefined;
  if (audio) delta.audio = audio;
}

/** Content in parts: text, and with Mistral the model's thinking. */
function readParts(parts: Fields[], delta: ChunkDelta): void {
  const texts = parts.map((part) => part.text).filter((text) => typeof text === 'string');
  if (texts.length > 0) delta.content = texts.join('');
  const details = parts.filter((part) => part.type === 'thinking').map(toReasoningDetail);
  if (details.length === 0) return;
  delta.reasoning = details.map((detail) => detail.text).join('');
  delta.reasoning_details = details;
}

function toReasoningDetail({ thinking, signature }: Fields): ReasoningDetail {
  const text = textOf(thinking) || joinTexts(objectsOf(thinking));
  return { type: 'reasoning.text', text, ...(typeof signature === 'string' && { signature }) };
}

/** The same text may stand under two names: one is taken. */
function readReasoning(wire: Fields, delta: ChunkDelta, fields: readonly string[]): void {
  for (const field of fields) {
    const text = reasoningText(wire[field]);
    if (text === '') continue;
    delta.reasoning = text;
    break;
  }
  if (wire.reasoning_details) readReasoningDetails(objectsOf(wire.reasoning_details), delta);
}

function reasoningText(value: unknown): string {
  return typeof value === 'object' ? textOf(fieldsOf(value)?.content) : textOf(value);
}

/** They are to be sent back, which those without a type cannot be. */
function readReasoningDetails(wire: Fields[], delta: ChunkDelta): void {
  const details = wire.filter(isReasoningDetail).map(withTextsOnly);
  if (details.length === 0) return;
  delta.reasoning_details = details;
  delta.reasoning ??= joinTexts(details);
}

function isReasoningDetail(detail: Fields): detail is ReasoningDetail {
  return typeof detail.type === 'string';
}

/** OpenRouter has a signature of `null` with a text that goes on; in our shape a signature closes it. */
function withTextsOnly({ text, signature, ...detail }: ReasoningDetail): ReasoningDetail {
  return {
    ...detail,
    ...(typeof text === 'string' && { text }),
    ...(typeof signature === 'string' && { signature }),
  };
}

function joinTexts(pieces: Fields[]): string {
  return pieces.map(({ text, summary }) => textOf(text) || textOf(summary)).join('');
}

function readAudio(wire: unknown): Partial<AudioOutput> | undefined {
  const { id, data, transcript, expires_at } = fieldsOf(wire) ?? {};
  const audio: Partial<AudioOutput> = {};
  if (typeof id === 'string') audio.id = id;
  if (typeof data === 'string') audio.data = data;
  if (typeof transcript === 'string') audio.transcript = transcript;
  if (typeof expires_at === 'number' && Number.isFinite(expires_at)) audio.expires_at = expires_at;
  return Object.keys(audio).length > 0 ? audio : undefined;
}
