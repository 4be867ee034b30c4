import type { DialectName, RecordedRequest, Reply } from '@anyllm/simulator';
import type { Content, ContentImage } from '../scenario.ts';

/** Pictures, sounds and what is said in them, in the words of each vendor; undefined for a content of another kind. */
export function toMediaReply(dialect: DialectName, content: Content, request: RecordedRequest): Reply | undefined {
  const { images, speech, transcription } = content;
  if (images) return isStreamed(request) ? { events: toEvents(images, request) } : { body: toPictures(images) };
  if (speech) return { events: dialect === 'mistral' ? toSoundEvents(speech) : speech.map(toCharacters) };
  return transcription && { tokens: transcription };
}

function toPictures(images: readonly ContentImage[]): object {
  return { created: 1_700_000_000, data: images };
}

/** Edits are asked for in a form. */
function isStreamed({ body, form = [] }: RecordedRequest): boolean {
  return body?.stream === true || form.some(({ name, bytes }) => name === 'stream' && bytes.toString() === 'true');
}

function toEvents(images: readonly ContentImage[], { form }: RecordedRequest): object[] {
  const kind = form ? 'image_edit' : 'image_generation';
  const type = (isLast: boolean) => `${kind}.${isLast ? 'completed' : 'partial_image'}`;
  return images.map(({ b64_json }, partial_image_index) => {
    const isLast = partial_image_index === images.length - 1;
    return { type: type(isLast), b64_json, ...(!isLast && { partial_image_index }) };
  });
}

function toSoundEvents(pieces: readonly Uint8Array[]): object[] {
  const deltas = pieces.map((bytes) => ({
    type: 'speech.audio.delta',
    audio_data: Buffer.from(bytes).toString('base64'),
  }));
  const usage = { prompt_tokens: 21, completion_tokens: 13, total_tokens: 34 };
  return [...deltas, { type: 'speech.audio.done', usage }];
}

/** As the simulator takes bytes: a character for each. */
function toCharacters(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
