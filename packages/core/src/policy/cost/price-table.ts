import type { Usage } from '../../contract/chat-completion.ts';
import { invalidField } from '../../errors/invalid-field.ts';

/**
 * What a model costs for each million tokens, in any one currency. Cached, written and audio tokens are parts of
 * `prompt_tokens`, reasoning and audio tokens parts of `completion_tokens`: each is paid for once.
 */
export interface ModelPrice {
  input: number;
  /** Absent for models that generate nothing, as embeddings. */
  output?: number;
  /** Read from the vendor's cache. Default: `input`. */
  cachedInput?: number;
  /** Written to the vendor's cache. Default: `input`. */
  cacheWrite?: number;
  /** Default: `input`. */
  audioInput?: number;
  /** Default: `output`. */
  audioOutput?: number;
}

/** By `provider/model`. A `*` at the end stands for any rest; of several that fit the longest counts. */
export type PriceTable = Readonly<Record<string, ModelPrice>>;

/** What an answer says it used. What a vendor does not state is absent. */
export type CountedUsage = Partial<Usage>;

const tokensPerUnit = 1_000_000;

export class Prices {
  readonly #exact = new Map<string, ModelPrice>();
  /** The longest first. */
  readonly #prefixes: [prefix: string, price: ModelPrice][] = [];

  /** @throws InvalidRequestError with the path of a price that is none */
  constructor(table: PriceTable) {
    if (typeof table !== 'object' || table === null)
      throw invalidField('prices', 'must be an object of prices by model');
    for (const [id, price] of Object.entries(table)) {
      checkPrice(id, price);
      if (id.endsWith('*')) this.#prefixes.push([id.slice(0, -1), price]);
      else this.#exact.set(id, price);
    }
    this.#prefixes.sort(([a], [b]) => b.length - a.length);
  }

  of(provider: string, model: string): ModelPrice | undefined {
    const id = `${provider}/${model}`;
    return this.#exact.get(id) ?? this.#prefixes.find(([prefix]) => id.startsWith(prefix))?.[1];
  }
}

/** What the usage costs; absent when it is not known or the price says nothing of a part of it. */
export function costOf(usage: CountedUsage | undefined, price: ModelPrice | undefined): number | undefined {
  if (!price || usage?.prompt_tokens === undefined) return undefined;
  const { prompt_tokens, completion_tokens = 0 } = usage;
  if (completion_tokens > 0 && price.output === undefined) return undefined;
  const {
    input,
    output = 0,
    cachedInput = input,
    cacheWrite = input,
    audioInput = input,
    audioOutput = output,
  } = price;
  const { cached_tokens = 0, cache_write_tokens = 0, audio_tokens: heard = 0 } = usage.prompt_tokens_details ?? {};
  const { audio_tokens: spoken = 0 } = usage.completion_tokens_details ?? {};
  const plain = Math.max(0, prompt_tokens - cached_tokens - cache_write_tokens - heard);
  const written = Math.max(0, completion_tokens - spoken);
  const cost =
    plain * input +
    cached_tokens * cachedInput +
    cache_write_tokens * cacheWrite +
    heard * audioInput +
    written * output +
    spoken * audioOutput;
  return cost / tokensPerUnit;
}

const names: Record<keyof Required<ModelPrice>, true> = {
  input: true,
  output: true,
  cachedInput: true,
  cacheWrite: true,
  audioInput: true,
  audioOutput: true,
};

function checkPrice(id: string, price: unknown): void {
  const path = `prices[${JSON.stringify(id)}]`;
  if (!/^[a-z0-9][a-z0-9-]*\/./.test(id)) throw invalidField(path, 'must be named `provider/model`');
  if (typeof price !== 'object' || price === null)
    throw invalidField(path, 'must be an object with `input` and `output`');
  for (const [name, value] of Object.entries(price)) {
    if (!Object.hasOwn(names, name)) {
      throw invalidField(`${path}.${name}`, `is not known; a price has ${Object.keys(names).join(', ')}`);
    }
    if (value !== undefined && !(Number.isFinite(value) && value >= 0)) {
      throw invalidField(`${path}.${name}`, 'must be a number of at least 0, per million tokens');
    }
  }
  if ((price as Partial<ModelPrice>).input === undefined) throw invalidField(`${path}.input`, 'is missing');
}
