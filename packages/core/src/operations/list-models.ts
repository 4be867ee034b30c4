import type { ClientRuntime } from '../client/client-runtime.ts';
import { systemClock } from '../clock.ts';
import type { CallOptions } from '../contract/call-options.ts';
import type { ListedModel, ModelPage } from '../contract/models.ts';
import { ResponseParseError } from '../errors/errors.ts';
import { invalidField } from '../errors/invalid-field.ts';
import { parseProviderId } from '../request/model-id.ts';
import { runOperation } from './run-operation.ts';

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
  return (provider, options = {}) => new ModelList(() => readModels(runtime, provider, options));
}

async function* readModels(
  runtime: ClientRuntime,
  provider: string,
  options: ListModelsOptions,
): AsyncGenerator<ListedModel, undefined> {
  if ((Object(options) as CallOptions).provider !== undefined) {
    throw invalidField('options.provider', 'must be left out: the provider is the first argument');
  }
  const whole = { startedAt: systemClock.now(), bill: runtime.policy.spending?.openBill() };
  const prefix = parseProviderId(provider, 'provider');
  const seen = new Set<string>();
  let after: string | undefined;
  do {
    const page: ModelPage = await runOperation(
      runtime,
      {
        member: 'listModels',
        label: 'lists of models are',
        pick: ({ listModels }) => listModels,
        parameters: after === undefined ? {} : { after },
        whole,
      },
      { ...options, provider },
    );
    for (const row of page.data) {
      if (seen.has(row.id)) continue; // Mistral has a row for each alias
      seen.add(row.id);
      yield { ...row, object: 'model', model: `${prefix}/${row.id}` };
    }
    if (page.next !== undefined && page.next === after) throw circling(prefix);
    after = page.next;
  } while (after !== undefined);
}

function circling(provider: string): ResponseParseError {
  return new ResponseParseError(`${provider}: a page of the models names itself as the next`, { provider });
}
