import type { OpenedStream } from '../completion/chunk-source.ts';
import { CompletionStream } from '../completion/completion-stream.ts';
import { partialView } from '../completion/partial-view.ts';
import type { CallMeta } from '../contract/call-meta.ts';
import type { DeepPartial, ParsedCompletion } from '../contract/structured-output.ts';
import { AnyLLMError } from '../errors/any-llm-error.ts';
import type { Attempt } from '../policy/attempt.ts';
import { openEnvelope } from './envelope.ts';
import { PartialJson } from './partial-json.ts';
import { type OutputReader, readOutput } from './read-output.ts';
import type { Rung } from './rung.ts';

/** In which way an attempt has asked. */
export type WayOf = (attempt: Attempt) => { rung: Rung };

/**
 * A streamed answer by a schema.
 * @template Output what the schema gives; @template Input what it takes, of which `partial()` gives what has come
 */
export class StructuredStream<Output, Input> extends CompletionStream {
  readonly #opened: OpenedStream;
  readonly #reader: OutputReader;
  readonly #wayOf: WayOf;
  #parsed: Promise<ParsedCompletion<Output>> | undefined;

  constructor(opened: OpenedStream, reader: OutputReader, wayOf: WayOf) {
    super(opened);
    this.#opened = opened;
    this.#reader = reader;
    this.#wayOf = wayOf;
  }

  override get meta(): CallMeta {
    return { ...super.meta, structuredOutput: { ...this.#rung, repairs: 0 } };
  }

  /** @throws InvalidOutputError when the whole does not fit the schema */
  override completion(): Promise<ParsedCompletion<Output>> {
    this.#parsed ??= this.#parse();
    return this.#parsed;
  }

  /**
   * The value of the first choice as it grows, each time there is more of it: one object, in which more and more
   * stands. It is checked when it is whole: then the iteration throws what `completion()` throws.
   */
  override partial(): AsyncIterableIterator<DeepPartial<Input>> {
    const json = new PartialJson({ lenient: this.#rung.mode === 'instruction' });
    const { enveloped } = this.#reader;
    const view = partialView(this.text(), {
      open: () => json,
      read: () => (enveloped ? openEnvelope(json.value) : json.value),
      end: () => this.completion(),
    });
    return view as AsyncIterableIterator<DeepPartial<Input>>;
  }

  get #rung(): Rung {
    return this.#wayOf(this.#opened.source.attempt).rung;
  }

  async #parse(): Promise<ParsedCompletion<Output>> {
    const answer = await super.completion();
    try {
      return (await readOutput(this.#reader, answer, this.#rung)) as ParsedCompletion<Output>;
    } catch (error) {
      if (AnyLLMError.isInstance(error)) error.attempts = answer.meta.attempts;
      throw error;
    }
  }
}
