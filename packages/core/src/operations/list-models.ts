import type { ClientRuntime } from '../client/client-runtime.ts';
import type { CallOptions } from '../contract/call-options.ts';
import type { ListedModel } from '../contract/models.ts';
import { beyondCompletion } from '../late-parts.ts';
import { snapshotOptions } from '../request/snapshot.ts';

/** How the list is asked for. */
export type ListModelsOptions = Omit<CallOptions, 'provider' | 'fallbacks'>;

/**
 * The models that a provider has for this key. Await it for all of them, or iterate over them as their pages come:
 * nothing is asked for before, and no page after a `break`. One deadline covers all pages.
 * @throws AnyLLMError of the class that fits, or the reason of `options.signal`, where it is awaited or iterated
 */
export type ListModelsFunction<Id extends string = string> = (provider: Id, options?: ListModelsOptions) => ModelList;

/** Models, to be awaited or iterated. */
export class ModelList implements PromiseLike<ListedModel[]>, AsyncIterable<ListedModel> {
  readonly #read: () => AsyncGenerator<ListedModel, undefined>;
  #all: Promise<ListedModel[]> | undefined;

  constructor(read: () => AsyncGenerator<ListedModel, undefined>) {
    this.#read = read;
  }

  // biome-ignore lint/suspicious/noThenProperty: a list is awaited or iterated, and asks for nothing before
  then<Result = ListedModel[], Failure = never>(
    onFulfilled?: ((models: ListedModel[]) => Result | PromiseLike<Result>) | null,
    onRejected?: ((reason: unknown) => Failure | PromiseLike<Failure>) | null,
  ): Promise<Result | Failure> {
    this.#all ??= this.#collect();
    return this.#all.then(onFulfilled, onRejected);
  }

  [Symbol.asyncIterator](): AsyncGenerator<ListedModel, undefined> {
    return this.#read();
  }

  async #collect(): Promise<ListedModel[]> {
    const models: ListedModel[] = [];
    for await (const model of this.#read()) models.push(model);
    return models;
  }
}

export function createListModels(runtime: ClientRuntime): ListModelsFunction {
  return (provider, options = {}) => {
    const given = snapshotOptions(options);
    return new ModelList(async function* () {
      const { readModels } = await beyondCompletion();
      return yield* readModels(runtime, provider, given);
    });
  };
}
