import type { ClientRuntime } from '../client/client-runtime.ts';
import type { CallMeta } from '../contract/call-meta.ts';
import type { CallOptions } from '../contract/call-options.ts';
import type { Provider } from '../contract/provider.ts';
import type { SpeechChunk, SpeechRequest, SpeechUsage } from '../contract/speech.ts';
import { InvalidRequestError } from '../errors/errors.ts';
import { atLeast, atMost, closed, nonEmpty, number, oneOf, optional, text } from '../request/shape.ts';
import { checkRequest } from '../request/validate-request.ts';
import { mayRepeatBilled } from './billed.ts';
import type { EventKinds, EventStream } from './event-stream.ts';
import { modelField, providerOptionsField, unknownParameter } from './request-fields.ts';
import { runStreamedOperation } from './run-operation.ts';
import type { Named } from './whole-or-streamed.ts';

/**
 * Says a text. Settles with the first sound. It is not tried again after a time-out, since it may be billed.
 * @template Model the ids that are accepted; @template Id the providers that may be named
 * @throws AnyLLMError of the class that fits, or the reason of `options.signal`
 */
export interface SpeechFunction<Model extends string = string, Id extends string = string> {
  (request: SpeechRequest<Model>, options?: CallOptions<Id>): Promise<SpeechStream>;
  (request: SpeechRequest, options: Named<Id>): Promise<SpeechStream>;
}

const shape = closed(
  {
    model: modelField,
    input: nonEmpty(text),
    voice: nonEmpty(text),
    response_format: optional(oneOf('mp3', 'opus', 'aac', 'flac', 'wav', 'pcm')),
    speed: optional(atMost(4, atLeast(0.25, number))),
    instructions: optional(text),
    provider_options: providerOptionsField,
  },
  unknownParameter,
);

const kinds: EventKinds<SpeechChunk> = {
  isContent: ({ type }) => type === 'audio',
  isEnd: ({ type }) => type === 'end',
  usageOf: (chunk) => (chunk.type === 'end' ? chunk.usage : undefined),
};

export function createSpeech(runtime: ClientRuntime): SpeechFunction {
  return async (request, options) => {
    checkRequest(shape, request);
    const { model, ...parameters } = request;
    const operation = { member: 'speak', label: 'speech is', models: model, parameters } as const;
    const asked = { ...operation, mayRepeat: mayRepeatBilled };
    const speak = ({ speak }: Provider) => speak;
    const stream = await runStreamedOperation(runtime, { ...asked, pick: speak }, kinds, options);
    const chunks = stream[Symbol.asyncIterator]();
    return new SpeechStream((await chunks.next()).value, stream, chunks);
  };
}

/**
 * Sound as it comes. Read it once: as bytes piece by piece, whole by `bytes()`, or as a web stream. Leaving early closes
 * the socket; a reader that pauses holds up the sender.
 */
export class SpeechStream implements AsyncIterable<Uint8Array>, AsyncDisposable {
  /** As `audio/mpeg`. */
  readonly mediaType: string;
  readonly #stream: EventStream<SpeechChunk>;
  readonly #first: SpeechChunk | undefined;
  readonly #rest: AsyncIterableIterator<SpeechChunk>;
  #taken = false;
  #usage: SpeechUsage | undefined;

  /** @internal */
  constructor(
    first: SpeechChunk | undefined,
    stream: EventStream<SpeechChunk>,
    rest: AsyncIterableIterator<SpeechChunk>,
  ) {
    this.mediaType = first?.type === 'start' ? first.media_type : 'application/octet-stream';
    this.#stream = stream;
    this.#first = first;
    this.#rest = rest;
  }

  /** The account of the call so far. */
  get meta(): CallMeta {
    return this.#stream.meta;
  }

  /** Once all has been read, where the vendor tells it. */
  get usage(): SpeechUsage | undefined {
    return this.#usage;
  }

  /** @throws InvalidRequestError when it has been read already */
  [Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void> {
    if (this.#taken) throw new InvalidRequestError('a stream can be read only once');
    this.#taken = true;
    return this.#read();
  }

  async *#read(): AsyncGenerator<Uint8Array, void> {
    try {
      if (this.#first?.type === 'audio') yield this.#first.audio;
      for await (const chunk of this.#rest) {
        if (chunk.type === 'audio') yield chunk.audio;
        else if (chunk.type === 'end') this.#usage = chunk.usage;
      }
    } finally {
      this.#stream.close();
    }
  }

  /**
   * All of it.
   * @throws StreamInterruptedError when it was cut
   */
  async bytes(): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    for await (const part of this) parts.push(part);
    return new Uint8Array(await new Blob(parts).arrayBuffer());
  }

  /** For the response of a web handler. */
  toReadableStream(): ReadableStream<Uint8Array> {
    return ReadableStream.from(this);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stream.close();
  }
}
