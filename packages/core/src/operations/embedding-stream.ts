import type { Warning } from '../contract/call-meta.ts';
import type { Embedding, EmbeddingResult, EmbeddingUsage } from '../contract/embedding.ts';
import { InvalidRequestError } from '../errors/errors.ts';
import { sumUsage, withoutRepeats } from './embedding-account.ts';

/**
 * The vectors of a source of any length, in its order, in constant memory: a reader that pauses stops the requests and
 * the source. Read it once. Leaving early (`break`, `return()`, `await using`) aborts what is under way and closes the
 * source. A failure is thrown where its vectors would have come, after all those before it.
 */
export class EmbeddingStream implements AsyncIterable<Embedding>, AsyncDisposable {
  readonly #open: () => Promise<AsyncIterableIterator<EmbeddingResult>>;
  #answers: Promise<AsyncIterableIterator<EmbeddingResult>> | undefined;
  #taken = false;
  #model: string | undefined;
  #usage: EmbeddingUsage | undefined;
  #warnings: Warning[] = [];

  constructor(open: () => Promise<AsyncIterableIterator<EmbeddingResult>>) {
    this.#open = open;
  }

  /** The model that answers, by the vendor's word; absent until the first answer. */
  get model(): string | undefined {
    return this.#model;
  }

  /** Of the answers so far; absent when one of them did not state it. */
  get usage(): EmbeddingUsage | undefined {
    return this.#usage;
  }

  /** What was not done quite as asked, each once. */
  get warnings(): readonly Warning[] {
    return this.#warnings;
  }

  /** @throws InvalidRequestError when it has been read already */
  async *[Symbol.asyncIterator](): AsyncGenerator<Embedding, undefined> {
    if (this.#taken) throw new InvalidRequestError('a stream can be read only once');
    this.#taken = true;
    this.#answers = this.#open();
    for await (const answer of await this.#answers) {
      this.#account(answer);
      yield* answer.data;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#taken = true;
    const answers = await this.#answers?.catch(() => undefined); // thrown to whoever reads
    await answers?.return?.();
  }

  #account(answer: EmbeddingResult): void {
    const { model, meta } = answer;
    const isFirst = this.#model === undefined;
    this.#model ??= model;
    this.#usage = sumUsage(isFirst ? [answer] : [{ ...(this.#usage && { usage: this.#usage }) }, answer]);
    this.#warnings = withoutRepeats([...this.#warnings, ...meta.warnings]);
  }
}
