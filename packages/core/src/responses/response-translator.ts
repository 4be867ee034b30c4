import type { Annotation, ChatCompletionChunk } from '../contract/chat-completion.ts';
import type {
  ProviderResponse,
  ResponsesEvent,
  ResponsesKnownEvent,
  ResponsesParameters,
} from '../contract/responses.ts';
import { type AnswerBlock, type BlockListener, BlockSequence } from '../over-chat/block-sequence.ts';
import type { AnswerTranslator } from '../over-chat/translate-stream.ts';
import { ItemWriter, type Step } from './item-writer.ts';
import { type ResponseState, toResponse } from './to-response.ts';

/** Turns the chunks of an answer into the events of a response. */
export class ResponseTranslator implements AnswerTranslator<ResponsesEvent>, BlockListener {
  readonly #asked: ResponsesParameters;
  readonly #model: string;
  readonly #blocks = new BlockSequence(this);
  #events: ResponsesEvent[] = [];
  #count = 0;
  #state: ResponseState | undefined;
  #writer: ItemWriter | undefined;

  /** @param model of answers that do not name theirs */
  constructor(asked: ResponsesParameters, model: string) {
    this.#asked = asked;
    this.#model = model;
  }

  add(chunk: ChatCompletionChunk): void {
    const state = this.#state ?? this.#start(chunk);
    if (chunk.usage) state.usage = chunk.usage;
    state.serviceTier ??= chunk.service_tier;
    for (const choice of chunk.choices) {
      if (choice.index !== 0) continue;
      this.#blocks.add(choice.delta);
      if (choice.finish_reason) state.finish = choice.finish_reason;
    }
  }

  end(): void {
    if (!this.#state?.finish) return;
    this.#blocks.end();
    const response = toResponse(this.#asked, this.#state);
    this.#emit({ type: response.incomplete_details ? 'response.incomplete' : 'response.completed', response });
  }

  take(): ResponsesEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  started(block: AnswerBlock): void {
    this.#writer = new ItemWriter(block, this.#state?.id ?? '', (step) => this.#emit(step));
  }

  grew(_: AnswerBlock, text: string): void {
    this.#writer?.grow(text);
  }

  annotated(_: AnswerBlock, annotation: Annotation): void {
    this.#writer?.annotate(annotation);
  }

  /** What the end of the answer cuts is not complete. */
  ended(): void {
    const cut = this.#state?.finish === 'length' || this.#state?.finish === 'content_filter';
    const item = this.#writer?.end(cut ? 'incomplete' : 'completed');
    if (item) this.#state?.output.push(item);
  }

  #start({ id, created, model }: ChatCompletionChunk): ResponseState {
    this.#state = { id: `resp_${id}`, created, model: model || this.#model, output: [] };
    this.#emit({ type: 'response.created', response: toResponse(this.#asked, this.#state) });
    this.#emit({ type: 'response.in_progress', response: toResponse(this.#asked, this.#state) });
    return this.#state;
  }

  #emit(step: Step): void {
    this.#events.push({ ...step, sequence_number: this.#count++ } as ResponsesKnownEvent);
  }
}

/** The response that the events end with. */
export function foldResponse(events: readonly ResponsesEvent[]): ProviderResponse {
  return (events.findLast(isEnd) as EndEvent).response;
}

type EndEvent = Extract<ResponsesKnownEvent, { response: ProviderResponse }>;

/** Whether an event brings the whole response. */
export function isEnd(event: ResponsesEvent): event is EndEvent {
  return event.type === 'response.completed' || event.type === 'response.incomplete';
}
