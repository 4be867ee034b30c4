import { type ChatCompletionChunk, ResponseParseError } from '@anyllm/core/provider';
import { createSseDecoder, type SseDecoder } from '../decode/sse-decoder.ts';
import { errorFromEvent } from '../errors/map-error.ts';
import { describeBody } from '../http/describe-body.ts';
import type { WireResponse } from '../http/exchange.ts';
import type { StreamDecoder } from '../http/request-stream.ts';
import { ChunkTemplate } from './chunk-template.ts';
import { ChunkTranslator, type TranslationContext } from './chunk-translator.ts';
import { wholeToChunks } from './whole-to-chunks.ts';

/** Chooses by what has come: an event stream, or the one JSON body of a server that does not stream or has failed. */
export function createChatDecoder(
  { headers }: WireResponse,
  context: TranslationContext,
): StreamDecoder<ChatCompletionChunk> {
  const isJson = String(headers['content-type'] ?? '').startsWith('application/json');
  return isJson ? new WholeBodyDecoder(context) : new EventStreamDecoder(context);
}

class EventStreamDecoder implements StreamDecoder<ChatCompletionChunk> {
  done = false;
  readonly #context: TranslationContext;
  readonly #events: SseDecoder;
  readonly #translator: ChunkTranslator;
  readonly #template = new ChunkTemplate();
  #out: ChatCompletionChunk[] = [];

  constructor(context: TranslationContext) {
    const { provider, model, requestId } = context;
    this.#context = context;
    this.#events = createSseDecoder({ details: { provider, model, requestId } });
    this.#translator = new ChunkTranslator(context);
  }

  push(bytes: Uint8Array, out: ChatCompletionChunk[]): void {
    this.#out = out;
    this.#events.push(bytes, this.#onEvent);
  }

  end(out: ChatCompletionChunk[]): void {
    this.#out = out;
    this.#events.end(this.#onEvent);
  }

  readonly #onEvent = (data: string, event: string | undefined): void => {
    if (this.done) return;
    if (isDone(data)) this.#finish();
    else if (event === 'error') throw this.#inBandError(data);
    else this.#translate(data);
  };

  #translate(data: string): void {
    const chunk = this.#template.match(data) ?? this.#parse(data);
    if (chunk) this.#out.push(chunk);
  }

  #parse(data: string): ChatCompletionChunk | undefined {
    const json = parseJson(data) ?? this.#malformed(data);
    const wire = Array.isArray(json) ? json.find((item) => item?.error) : json;
    if (typeof wire !== 'object' || wire === null) return undefined;
    const chunk = this.#translator.translate(wire);
    this.#template.learn(data, chunk);
    return chunk;
  }

  #finish(): void {
    this.done = true;
    const last = this.#translator.finish();
    if (last) this.#out.push(last);
  }

  #inBandError(data: string): Error {
    const { provider, model, requestId, apiKey } = this.#context;
    return errorFromEvent({ provider, model, body: parseJson(data) ?? data, requestId, apiKey });
  }

  #malformed(data: string): never {
    const { provider, model, requestId } = this.#context;
    throw new ResponseParseError(`${provider}: an event of the stream is not JSON (${describeBody(data)})`, {
      provider,
      model,
      requestId,
      retryable: true,
    });
  }
}

/** The whole answer, or an error, where a stream was asked for. */
class WholeBodyDecoder implements StreamDecoder<ChatCompletionChunk> {
  readonly done = false;
  readonly #context: TranslationContext;
  readonly #body: Uint8Array[] = [];

  constructor(context: TranslationContext) {
    this.#context = context;
  }

  push(bytes: Uint8Array): void {
    this.#body.push(bytes);
  }

  end(out: ChatCompletionChunk[]): void {
    const text = Buffer.concat(this.#body).toString();
    out.push(...wholeToChunks(parseJson(text), this.#context, describeBody(text)));
  }
}

function isDone(data: string): boolean {
  return data.length < 16 && data.trim() === '[DONE]';
}

/** `null`, which is never a chunk, and what is not JSON are `undefined`. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}
