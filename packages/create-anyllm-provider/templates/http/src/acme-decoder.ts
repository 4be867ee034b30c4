import type { ChatCompletionChunk } from '@anyllm/core/provider';
import { createSseDecoder, describeBody, type SseDecoder, type StreamDecoder } from '@anyllm/provider-kit';
import { type AcmeExchange, ChunkTranslator, unreadable } from './chunk-translator.ts';

/** Decodes the server-sent events of a streamed answer, in the callback in which their bytes come. */
export class AcmeDecoder implements StreamDecoder<ChatCompletionChunk> {
  /** Set by the event that ends the stream; what comes after it is not read. */
  done = false;
  readonly #exchange: AcmeExchange;
  readonly #events: SseDecoder;
  readonly #translator: ChunkTranslator;
  #out: ChatCompletionChunk[] = [];

  constructor(exchange: AcmeExchange) {
    const { model, requestId } = exchange;
    this.#exchange = exchange;
    this.#events = createSseDecoder({ details: { provider: 'acme', model, requestId } });
    this.#translator = new ChunkTranslator(exchange);
  }

  push(bytes: Uint8Array, out: ChatCompletionChunk[]): void {
    this.#out = out;
    this.#events.push(bytes, this.#onEvent);
  }

  end(out: ChatCompletionChunk[]): void {
    this.#out = out;
    this.#events.end(this.#onEvent);
  }

  readonly #onEvent = (data: string): void => {
    if (this.done) return;
    const chunk = this.#translator.translate(this.#parse(data));
    this.done = chunk.choices[0]?.finish_reason !== null;
    this.#out.push(chunk);
  };

  #parse(data: string): unknown {
    try {
      return JSON.parse(data);
    } catch {
      throw unreadable(`an event is not JSON (${describeBody(data)})`, this.#exchange);
    }
  }
}
