import type { Asked, ProviderContext, SpeechChunk, SpeechParameters } from '@anyllm/core/provider';
import { createEventDecoder, type EventReader } from '../../decode/event-decoder.ts';
import type { WireRequest, WireResponse } from '../../http/exchange.ts';
import { eventContext } from '../../http/request-events.ts';
import { requestStream, type StreamDecoder } from '../../http/request-stream.ts';
import type { Endpoint } from '../endpoint.ts';
import type { WireBody } from '../quirks.ts';
import { toCounts } from '../to-usage.ts';

/** What differs between servers that have OpenAI's `POST /audio/speech`. */
export interface SpeechQuirks {
  /** The last word on the fields, before the caller's `provider_options`: other names, rules of single models. */
  adjust?: (fields: WireBody, context: ProviderContext) => WireBody;
  /** Kinds of answers, the best first. Default: bytes. */
  accept?: string;
}

/** The answer may be bytes, events with pieces in base64, or one JSON object with all of it: its head tells. */
export function createSpeech(
  provider: string,
  endpoint: Endpoint,
  { adjust = (fields) => fields, accept = 'application/octet-stream' }: SpeechQuirks = {},
) {
  return {
    speak(request: Asked<SpeechParameters>, context: ProviderContext): AsyncIterable<readonly SpeechChunk[]> {
      const { provider_options, ...fields } = request;
      const body = { ...adjust(fields, context), ...provider_options?.[provider] };
      const { model, response_format: format = 'mp3' } = request;
      const wire = endpoint({ model, path: 'audio/speech', body, headers: { accept } }, context);
      return requestStream(wire, context, (response) => decoderFor(wire, response, format, context));
    },
  };
}

function decoderFor(
  request: WireRequest,
  response: WireResponse,
  format: string,
  context: ProviderContext,
): StreamDecoder<SpeechChunk> {
  const type = String(response.headers['content-type'] ?? '');
  const fallback = mediaTypes[format] ?? 'application/octet-stream';
  if (/^(audio|video)\//i.test(type)) return new SoundDecoder(type);
  if (type === '' || /^application\/(octet-stream|ogg)/i.test(type)) return new SoundDecoder(fallback);
  return createEventDecoder(eventContext(request, response, context), soundReader(fallback));
}

/** pcm: 16 bit, little-endian. */
const mediaTypes: Readonly<Record<string, string>> = {
  mp3: 'audio/mpeg',
  opus: 'audio/ogg',
  aac: 'audio/aac',
  flac: 'audio/flac',
  wav: 'audio/wav',
  pcm: 'audio/pcm',
};

/** Hands on the bytes as they come. An empty body is no sound, and no end of one. */
class SoundDecoder implements StreamDecoder<SpeechChunk> {
  readonly done = false;
  readonly #mediaType: string;
  #begun = false;

  constructor(mediaType: string) {
    this.#mediaType = mediaType;
  }

  push(audio: Uint8Array, out: SpeechChunk[]): void {
    if (!this.#begun) out.push({ type: 'start', media_type: this.#mediaType });
    this.#begun = true;
    out.push({ type: 'audio', audio });
  }

  end(out: SpeechChunk[]): void {
    if (this.#begun) out.push({ type: 'end' });
  }
}

/** The pieces are `audio` at OpenAI and `audio_data` at Mistral, each encoded by itself. */
function soundReader(mediaType: string): EventReader<SpeechChunk> {
  let begun = false;
  const toSound = (base64: unknown): SpeechChunk[] => {
    if (typeof base64 !== 'string' || base64 === '') return [];
    const sound: SpeechChunk = { type: 'audio', audio: Buffer.from(base64, 'base64') };
    const chunks: SpeechChunk[] = begun ? [sound] : [{ type: 'start', media_type: mediaType }, sound];
    begun = true;
    return chunks;
  };
  return {
    read({ type, audio, audio_data, usage }) {
      if (type === 'speech.audio.delta') return toSound(audio ?? audio_data);
      return type === 'speech.audio.done' ? toEnd(usage) : undefined;
    },
    isEnd: ({ type }) => type === 'end',
    readWhole({ audio, audio_data, usage }) {
      const sound = toSound(audio ?? audio_data);
      return sound.length > 0 ? [...sound, toEnd(usage)] : undefined;
    },
  };
}

function toEnd(wire: unknown): SpeechChunk {
  const usage = toCounts(wire);
  if (!usage) return { type: 'end' };
  const { prompt_tokens: input_tokens, completion_tokens: output_tokens, total_tokens } = usage;
  return { type: 'end', usage: { input_tokens, output_tokens, total_tokens } };
}
