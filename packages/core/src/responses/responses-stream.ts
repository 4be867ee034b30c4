import type { OpenedStream } from '../completion/chunk-source.ts';
import type { ProviderResponse, ResponsesEvent, ResponsesResult } from '../contract/responses.ts';
import type { PartialAnswer } from '../errors/errors.ts';
import { type EventKinds, EventStream } from '../operations/event-stream.ts';
import { toEventBytes } from '../over-chat/to-event-bytes.ts';
import { outputText } from './output-text.ts';
import { ResponseFold } from './response-fold.ts';
import { isEnd } from './response-translator.ts';
import type { toResponsesFailure } from './to-responses-failure.ts';
import { toUsage } from './usage.ts';

/** What only says that something is to come. */
const beginnings = new Set<string>([
  'response.created',
  'response.queued',
  'response.in_progress',
  'response.output_item.added',
  'response.content_part.added',
  'response.reasoning_summary_part.added',
]);

export const responsesKinds: EventKinds<ResponsesEvent> = {
  isContent: ({ type }) => !beginnings.has(type),
  isEnd,
  usageOf: (event) => (isEnd(event) ? toUsage(event.response.usage) : undefined),
};

/** A streamed response: the events, their bytes, or the whole. */
export class ResponsesStream extends EventStream<ResponsesEvent> {
  readonly #fold = new ResponseFold();
  #passed = 0;
  readonly #toFailure: typeof toResponsesFailure;

  /** @internal */
  constructor(opened: OpenedStream<ResponsesEvent>, toFailure: typeof toResponsesFailure) {
    super(opened, responsesKinds, 'response()');
    this.#toFailure = toFailure;
  }

  /**
   * The whole response, of the same type as one that was not streamed. Reads the stream to its end unless somebody else
   * does; after them, or with them, gives the same response.
   * @throws StreamInterruptedError when it broke off or its reader has left, with `partialResponse`
   */
  async response(): Promise<ResponsesResult> {
    await this.readToEnd();
    return this.#result();
  }

  /** The events as bytes, for the response of a web handler. A failure is sent as an `error` event before it fails. */
  toReadableStream(): ReadableStream<Uint8Array> {
    return toEventBytes(this[Symbol.asyncIterator](), (error) => {
      const { type: _, ...told } = this.#toFailure(error).body.error;
      return { type: 'error', sequence_number: this.#passed, ...told };
    });
  }

  protected override passed(event: ResponsesEvent): void {
    this.#passed++;
    this.#fold.add(event);
  }

  protected override arrived(): PartialAnswer {
    return { partialResponse: this.#result() };
  }

  #result(): ResponsesResult {
    const response: ProviderResponse = this.#fold.result();
    return { ...response, output_text: outputText(response), meta: this.meta };
  }
}
