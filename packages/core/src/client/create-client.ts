import { createGather } from '../concurrency/gather.ts';
import type { Gather } from '../concurrency/gathering.ts';
import type { CallOptions, ProviderConfig, Timeouts } from '../contract/call-options.ts';
import type { Provider } from '../contract/provider.ts';
import { atCaller } from '../errors/at-caller.ts';
import { InvalidRequestError } from '../errors/errors.ts';
import { installedProviders } from '../late-parts.ts';
import { createMessages, type MessagesFunction } from '../messages/create-messages.ts';
import { type CountTokensFunction, createCountTokens } from '../operations/count-tokens.ts';
import { createEmbedding, type EmbeddingFunction } from '../operations/embedding.ts';
import { createImageEdit, type ImageEditFunction } from '../operations/image-edit.ts';
import { createImageGeneration, type ImageGenerationFunction } from '../operations/image-generation.ts';
import { createListModels, type ListModelsFunction } from '../operations/list-models.ts';
import { createModeration, type ModerationFunction } from '../operations/moderation.ts';
import { createRerank, type RerankFunction } from '../operations/rerank.ts';
import { createSpeech, type SpeechFunction } from '../operations/speech.ts';
import { createTranscription, type TranscriptionFunction } from '../operations/transcription.ts';
import { type BalanceOptions, resolveBalanceOptions } from '../policy/balance/balance-options.ts';
import { type Balancer, createBalancer } from '../policy/balance/balancer.ts';
import type { CircuitBreakerOptions } from '../policy/breaker/breaker-options.ts';
import { resolveBreakerOptions } from '../policy/breaker/breaker-options.ts';
import { ClientPolicy } from '../policy/client-policy.ts';
import type { BudgetOptions } from '../policy/cost/budget.ts';
import type { PriceTable } from '../policy/cost/price-table.ts';
import { Spending, type Spent } from '../policy/cost/spending.ts';
import { type FallbackOptions, resolveFallback } from '../policy/fallback.ts';
import { createHedger, type HedgeOptions } from '../policy/hedge/hedger.ts';
import { parseClientLimits } from '../policy/limits/client-limits.ts';
import type { ProviderLimits } from '../policy/limits/limit-lanes.ts';
import { type RetryOptions, resolveRetryPolicy } from '../policy/retry/retry-policy.ts';
import { assertProvider } from '../registry/assert-provider.ts';
import { createResponses, type ResponsesFunction } from '../responses/create-responses.ts';
import { createRunTools, type RunTools } from '../tools/run-tools.ts';
import { checkClientSettings } from './check-client-settings.ts';
import { checkProviderNames, findForSettings } from './check-provider-names.ts';
import { type ClientRuntime, keepRuntime } from './client-runtime.ts';
import { type Compare, createCompare } from './compare.ts';
import { type CompletionFunction, createCompletion, wholeAnswers } from './create-completion.ts';

/** The model ids of a provider: a wrong prefix does not compile, a model that we do not know does. */
export type ModelIdOf<ProviderId extends string> = `${ProviderId}/${string}` | `${ProviderId}:${string}`;

type Balances = Record<string, BalanceOptions>;

type IdIn<Providers extends readonly Provider[]> = Providers[number]['id'];

/** Any text where the providers are not known. */
type ModelIn<Providers extends readonly Provider[]> =
  string extends IdIn<Providers> ? string : ModelIdOf<IdIn<Providers>>;

/** What holds for every call of a client, unless the call says otherwise. */
export interface ClientSettings<
  Providers extends readonly Provider[] = readonly Provider[],
  Balance extends Balances = Balances,
> {
  /** The only providers that the client knows. Default: those that are registered or installed. */
  providers?: Providers;
  /** Milliseconds for a whole call, or limits by phase. */
  timeout?: number | Timeouts;
  /** Default `"warn"`. */
  unsupported?: CallOptions['unsupported'];
  /** How many retries after the first attempt, or the particulars. Default 2. */
  retries?: RetryOptions;
  /** Models that are asked in turn when the first one fails for reasons of its own. Default: none. */
  fallbacks?: FallbackOptions<ModelIn<Providers> | NoInfer<Extract<keyof Balance, string>>>;
  /** By provider id: how many calls may run at once and at what rate. Concurrency is limited by default, to 100. */
  limits?: { [Id in IdIn<Providers>]?: ProviderLimits };
  /** A second copy of a call whose first token is late. Default: none. */
  hedge?: HedgeOptions;
  /** Equal deployments, by the name that a request gives as its `model` to be answered by any of them. */
  balance?: Balance;
  /** When a model counts as out of order and is not asked for a while; `false`: never. */
  breaker?: CircuitBreakerOptions | false;
  /** What models cost, per million tokens: makes `meta.cost` of an answer's usage. Default: none. */
  prices?: PriceTable;
  /** What may be spent: a call that might go beyond is not made. Default: no bound. */
  budgets?: readonly BudgetOptions[];
  /** Key, address and the like by provider id; they win over the provider's own. */
  settings?: { [Id in IdIn<Providers>]?: ProviderConfig };
}

/** The functions of the package, with settings of their own. `Model` is the ids that they accept. */
export interface Client<Model extends string = string, Id extends string = string> {
  completion: CompletionFunction<Model, Id>;
  gather: Gather<Model>;
  compare: Compare<Model>;
  countTokens: CountTokensFunction<Model, Id>;
  embedding: EmbeddingFunction<Model, Id>;
  listModels: ListModelsFunction<Id>;
  moderation: ModerationFunction<Model, Id>;
  imageEdit: ImageEditFunction<Model, Id>;
  imageGeneration: ImageGenerationFunction<Model, Id>;
  messages: MessagesFunction<Model, Id>;
  responses: ResponsesFunction<Model, Id>;
  rerank: RerankFunction<Model, Id>;
  runTools: RunTools<Model, Id>;
  speech: SpeechFunction<Model, Id>;
  transcription: TranscriptionFunction<Model, Id>;
  /** What its calls have used; only with `prices` or `budgets`. */
  readonly spent?: Readonly<Spent>;
}

/**
 * A client with its own settings and no global state.
 * @throws InvalidRequestError when a setting is not one, or is for a provider that the client does not have
 */
export function createClient<
  const Providers extends readonly Provider[] = readonly Provider[],
  // biome-ignore lint/complexity/noBannedTypes: no names at all, where no balance is given
  const Balance extends Balances = {},
>(
  settings?: ClientSettings<Providers, Balance>,
): Client<ModelIn<Providers> | Extract<keyof Balance, string>, IdIn<Providers>>;
export function createClient(settings: ClientSettings = {}): Client {
  try {
    return toClient(settings);
  } catch (error) {
    throw atCaller(error, createClient);
  }
}

function toClient(settings: ClientSettings): Client {
  checkClientSettings(settings);
  const { providers, settings: perProvider = {}, timeout, unsupported, retries, fallbacks } = settings;
  const policy = createPolicy(settings);
  const runtime: ClientRuntime = {
    find: providers ? findAmong(providers) : findForSettings(settings),
    policy,
    settings: perProvider,
    timeout,
    unsupported,
    retries: resolveRetryPolicy({ budget: policy.budget }, retries),
    fallback: resolveFallback(fallbacks, 'fallbacks'),
  };
  checkProviderNames(settings);
  const completion = createCompletion(runtime);
  const client = {
    completion,
    gather: createGather(wholeAnswers(completion)),
    compare: createCompare(completion),
    countTokens: createCountTokens(runtime),
    embedding: createEmbedding(runtime),
    listModels: createListModels(runtime),
    moderation: createModeration(runtime),
    imageEdit: createImageEdit(runtime),
    imageGeneration: createImageGeneration(runtime),
    messages: createMessages(runtime),
    responses: createResponses(runtime),
    rerank: createRerank(runtime),
    runTools: createRunTools(completion),
    speech: createSpeech(runtime),
    transcription: createTranscription(runtime),
    ...(policy.spending && { spent: policy.spending.spent }),
  };
  return keepRuntime(client, runtime);
}

/** @throws InvalidRequestError with the path of a wrong setting */
function createPolicy({ limits, breaker, hedge, balance = {}, prices, budgets }: ClientSettings): ClientPolicy {
  if (hedge) createHedger(hedge); // wrong options are the client's error, not that of its first call
  return new ClientPolicy({
    limits: limits === undefined ? undefined : parseClientLimits(limits),
    breaker: breaker === undefined || breaker === false ? breaker : resolveBreakerOptions(breaker),
    spending: prices || budgets ? new Spending({ prices, budgets }) : undefined,
    createHedger: hedge && (() => createHedger(hedge)),
    balancers: new Map(Object.entries(balance).map(toBalancer)),
  });
}

/** What is wrong is named with the balance that it is in. */
function toBalancer([name, options]: [string, BalanceOptions]): [string, Balancer] {
  resolveBalanceOptions(options, `balance.${name}`);
  return [name, createBalancer(options)];
}

function findAmong(providers: readonly Provider[]): ClientRuntime['find'] {
  const byId = new Map<string, Provider>();
  for (const provider of providers) {
    assertProvider(provider);
    if (byId.has(provider.id)) {
      const advice = 'leave one out, or give it an id of its own';
      throw new InvalidRequestError(`two providers have the id "${provider.id}"; ${advice}`, { path: 'providers' });
    }
    byId.set(provider.id, provider);
  }
  return (id) => byId.get(id) ?? failToFind(id, [...byId.keys()]);
}

async function failToFind(id: string, known: readonly string[]): Promise<never> {
  const { notFound } = await installedProviders();
  throw notFound(id, known);
}
