import type { IterableSource } from '../concurrency/iterable-source.ts';
import type { EmbeddingLimits } from '../contract/embedding.ts';
import { invalidField } from '../errors/invalid-field.ts';

/** The texts of one request. */
export interface EmbeddingPart {
  /** Position of the first of them in the whole. */
  start: number;
  texts: string[];
}

/** Fewer than any tokenizer makes of ordinary text, so that an estimate is rather too high. */
const bytesPerToken = 2;

/** Divides texts, in their order, by what one request may hold. Lazy: reads no further than a part needs. */
export function* toParts(texts: Iterable<string>, limits: EmbeddingLimits): Generator<EmbeddingPart, undefined> {
  const filling = new Filling(limits);
  for (const text of texts) yield* filling.add(text);
  yield* filling.rest();
}

/** As `toParts`, for a source that has to be waited for. */
export async function* toPartsAsync(
  texts: IterableSource<string>,
  limits: EmbeddingLimits,
): AsyncGenerator<EmbeddingPart, undefined> {
  const filling = new Filling(limits);
  for await (const text of texts) yield* filling.add(text);
  yield* filling.rest();
}

/** The part that is being filled. */
class Filling {
  readonly #maxInputs: number;
  readonly #maxTokens: number;
  #start = 0;
  #texts: string[] = [];
  #tokens = 0;

  constructor({ maxInputs = Infinity, maxTokens = Infinity }: EmbeddingLimits) {
    this.#maxInputs = maxInputs;
    this.#maxTokens = maxTokens;
  }

  /** Gives the parts that are full with this text or without it. A text that is too long for any has one to itself. */
  *add(text: unknown): Generator<EmbeddingPart, undefined> {
    const checked = checkText(text, this.#start + this.#texts.length);
    const tokens = this.#maxTokens === Infinity ? 0 : Math.ceil(Buffer.byteLength(checked) / bytesPerToken);
    if (this.#tokens + tokens > this.#maxTokens) yield* this.rest();
    this.#texts.push(checked);
    this.#tokens += tokens;
    if (this.#texts.length === this.#maxInputs) yield* this.rest();
  }

  /** Gives what there is, if there is any, and begins anew. */
  *rest(): Generator<EmbeddingPart, undefined> {
    if (this.#texts.length === 0) return;
    const part = { start: this.#start, texts: this.#texts };
    this.#start += this.#texts.length;
    this.#texts = [];
    this.#tokens = 0;
    yield part;
  }
}

function checkText(text: unknown, index: number): string {
  if (typeof text === 'string' && text !== '') return text;
  throw invalidField(`input[${index}]`, text === '' ? 'must not be empty' : 'must be a string');
}
