import { type ChatCompletionChunk, ResponseParseError } from '@anyllm/core/provider';
import { joinBytes } from '../decode/join-bytes.ts';
import { parseJson } from '../decode/parse-json.ts';
import { createSseDecoder, type SseDecoder } from '../decode/sse-decoder.ts';
import { Failure, reportedFailure } from '../errors/failure.ts';
import { maxBodyBytes } from '../http/request-bytes.ts';
import type { StreamDecoder } from '../http/request-stream.ts';
import { ChunkTemplate } from './chunk-template.ts';
import { ChunkTranslator, type TranslationContext } from './chunk-translator.ts';
import { ToolCallSlots } from './tool-call-slots.ts';
import { noAnswer, wholeToChunks } from './whole-to-chunks.ts';
import { type Fields, fieldsOf } from './wire-fields.ts';

type ChatStreamDecoder = StreamDecoder<ChatCompletionChunk>;

/**
 * Decodes what a server answers to the request for a stream. Its first byte tells an event stream from the one body of
 * a server that does not stream or has failed (JSON, or a page of a proxy); the content type is wrong at times.
 */
export function createChatDecoder(context: TranslationContext): ChatStreamDecoder {
  return new SniffingDecoder(context);
}

class SniffingDecoder implements ChatStreamDecoder {
  readonly #context: TranslationContext;
  #decoder: ChatStreamDecoder | undefined;

  constructor(context: TranslationContext) {
    this.#context = context;
  }

  get done(): boolean {
    return this.#decoder?.done ?? false;
  }

  push(bytes: Uint8Array, out: ChatCompletionChunk[]): void {
    this.#decoder ??= this.#choose(bytes);
    this.#decoder?.push(bytes, out);
  }

  end(out: ChatCompletionChunk[]): void {
    this.#decoder?.end(out);
  }

  /** Blanks before the first byte, sent while the model is loading, mean nothing to either. */
  #choose(bytes: Uint8Array): ChatStreamDecoder | undefined {
    const first = bytes.find((byte) => !blanks.has(byte));
    if (first === undefined) return undefined;
    return bodyStarts.has(first) ? new WholeBodyDecoder(this.#context) : new EventStreamDecoder(this.#context);
  }
}

const blanks = new Set(Buffer.from(' \t\r\n'));
const bodyStarts = new Set(Buffer.from('{[<'));

const nowhere: ChatCompletionChunk[] = [];

class EventStreamDecoder implements ChatStreamDecoder {
  done = false;
  readonly #context: TranslationContext;
  readonly #events: SseDecoder;
  readonly #translator: ChunkTranslator;
  readonly #template: ChunkTemplate | undefined;
  #out = nowhere;
  #bodyEnded = false;

  constructor(context: TranslationContext) {
    const { provider, model, requestId } = context;
    this.#context = context;
    this.#events = createSseDecoder({ details: { provider, model, requestId } });
    this.#translator = new ChunkTranslator(context, ToolCallSlots);
    // A filter may look at anything, the text included.
    if (!context.quirks?.chunkFilter) this.#template = new ChunkTemplate();
  }

  push(bytes: Uint8Array, out: ChatCompletionChunk[]): void {
    this.#out = out;
    this.#events.push(bytes, this.#onEvent);
    this.#out = nowhere; // or the last chunks would stay as long as the stream
  }

  end(out: ChatCompletionChunk[]): void {
    this.#out = out;
    this.#bodyEnded = true;
    this.#events.end(this.#onEvent);
  }

  readonly #onEvent = (data: string, event: string | undefined): void => {
    if (this.done) return;
    if (isDone(data)) this.#finish();
    else if (event === 'error') throw this.#inBandError(data);
    else this.#translate(data);
  };

  #translate(data: string): void {
    const chunk = this.#template?.match(data) ?? this.#parse(data);
    if (chunk) this.#out.push(chunk);
  }

  #parse(data: string): ChatCompletionChunk | undefined {
    const json = parseJson(data);
    if (json === undefined) this.#malformed(data);
    const wire = fieldsOf(Array.isArray(json) ? json.find((item) => fieldsOf(item)?.error) : json);
    if (!wire || !this.#counts(wire)) return undefined;
    const chunk = this.#translator.translate(wire);
    if (chunk) this.#template?.learn(data, chunk);
    return chunk;
  }

  /** A failure counts, whatever a filter makes of it. */
  #counts(wire: Fields): boolean {
    return Boolean(wire.error) || this.#context.quirks?.chunkFilter?.(wire) !== false;
  }

  #finish(): void {
    this.done = true;
    const last = this.#translator.finish();
    if (last) this.#out.push(last);
  }

  #inBandError(data: string): Failure {
    const { provider, model, requestId, apiKey, quirks } = this.#context;
    const json = parseJson(data);
    const wire = fieldsOf(json);
    const body = (wire && quirks?.mapError?.(wire)) ?? json ?? data;
    return reportedFailure({ provider, model, body, requestId, apiKey });
  }

  /** At the end of the body it is an event cut in two: the stream is incomplete, as core will say. */
  #malformed(data: string): void {
    if (this.#bodyEnded) return;
    const { provider, model, requestId } = this.#context;
    const details = { provider, model, requestId, retryable: true };
    throw new Failure(
      ({ describeBody }) =>
        new ResponseParseError(`${provider}: an event of the stream is not JSON (${describeBody(data)})`, details),
      details,
    );
  }
}

/** The whole answer, or an error, where a stream was asked for. */
class WholeBodyDecoder implements ChatStreamDecoder {
  readonly done = false;
  readonly #context: TranslationContext;
  readonly #body: Uint8Array[] = [];
  #bytes = 0;

  constructor(context: TranslationContext) {
    this.#context = context;
  }

  push(bytes: Uint8Array): void {
    this.#body.push(bytes);
    this.#bytes += bytes.length;
    if (this.#bytes <= maxBodyBytes) return;
    const { provider, model, requestId } = this.#context;
    const message = `${provider}: the answer is larger than ${maxBodyBytes} bytes`;
    throw new ResponseParseError(message, { provider, model, requestId });
  }

  end(out: ChatCompletionChunk[]): void {
    const text = joinBytes(this.#body).toString();
    const json = parseJson(text);
    if (json === undefined)
      throw new Failure(({ describeBody }) => noAnswer(this.#context, describeBody(text)), this.#context);
    out.push(...wholeToChunks(json, this.#context));
  }
}

function isDone(data: string): boolean {
  return data.length < 16 && data.trim() === '[DONE]';
}
