import { foldCompletion } from '@anyllm/core/fold';
import {
  type ChatRequest,
  defineProvider,
  InvalidRequestError,
  ModelNotFoundError,
  type Provider,
  type ProviderConfig,
  type ProviderContext,
  type ProviderOperations,
  UnsupportedParameterError,
} from '@anyllm/core/provider';
import { embedBridged } from './provider/bridged-embedding.ts';
import { BridgedModel, theirAddress } from './provider/bridged-model.ts';
import { parameters } from './provider/to-call-options.ts';
import type { AnyEmbeddingModel, AnyLanguageModel } from './specification.ts';

/** What the provider is called, and the defaults for its calls. */
export interface FromAISDKSettings<Id extends string = string> extends Pick<ProviderConfig, 'limits' | 'timeout'> {
  /** The prefix of the model ids. Default for a model: its `provider` as an id, `openai.chat` as `openai-chat`. */
  id?: Id;
  /**
   * The name under which the model looks for its own options, which are `provider_options` under our id. Default:
   * `provider` of the model up to its first dot.
   */
  optionsKey?: string;
  /**
   * The embedding model, or what makes one of an id. Default: `embeddingModel` of a provider of theirs; otherwise there
   * are no embeddings.
   */
  embedding?: AnyEmbeddingModel | EmbeddingModelFactory;
}

/** Makes the model of an id, as the providers of AI SDK do when they are called. */
export type ModelFactory = (modelId: string) => AnyLanguageModel;

/** Makes the embedding model of an id. */
export type EmbeddingModelFactory = (modelId: string) => AnyEmbeddingModel;

type Given = AnyLanguageModel | AnyEmbeddingModel | ModelFactory;

/**
 * Makes a provider of one of AI SDK's models, or of what makes them. The model keeps its own key and address. One for
 * embeddings has no completions.
 * @throws InvalidRequestError when what makes models is given no id, or the id is not a provider name
 */
export function fromAISDK<const Id extends string>(
  model: AnyLanguageModel | AnyEmbeddingModel | ModelFactory,
  settings: FromAISDKSettings<Id> & { id: Id },
): Provider<Id>;
export function fromAISDK(model: AnyLanguageModel | AnyEmbeddingModel, settings?: FromAISDKSettings): Provider;
export function fromAISDK(model: Given, settings: FromAISDKSettings = {}): Provider {
  const { id = defaultId(model), optionsKey, limits, timeout } = settings;
  const bridge = (request: ChatRequest, context: ProviderContext) =>
    new BridgedModel({ model: modelOf(model, request.model, id), providerId: id, optionsKey, request, context });
  return defineProvider({
    ...embeddingsOf(settings.embedding ?? embeddingsBehind(model), id, optionsKey),
    id,
    name: `${id} (AI SDK)`,
    capabilities: {
      parameters,
      content: ['image_url', 'image_data', 'input_audio', 'file'],
      responseFormats: ['json_object', 'json_schema'],
      toolChoices: ['none', 'required', 'named'],
      reasoning: true,
    },
    connection: { baseURL: { env: [], default: theirAddress } },
    config: { ...(limits && { limits }), ...(timeout !== undefined && { timeout }) },
    complete: async (request, context) => foldCompletion(await bridge(request, context).complete()),
    stream: (request, context) => bridge(request, context).stream(),
  });
}

/** An embedding model that was given itself, or what a provider of theirs has beside its language models. */
function embeddingsBehind(model: Given): AnyEmbeddingModel | EmbeddingModelFactory | undefined {
  if (isEmbeddingModel(model)) return model;
  const { embeddingModel } = model as { embeddingModel?: unknown };
  return typeof embeddingModel === 'function' ? (id) => embeddingModel.call(model, id) : undefined;
}

function embeddingsOf(
  given: AnyEmbeddingModel | EmbeddingModelFactory | undefined,
  id: string,
  optionsKey: string | undefined,
): Partial<ProviderOperations> {
  if (!given) return {};
  const maxInputs = typeof given === 'function' ? undefined : given.maxEmbeddingsPerCall;
  return {
    ...(typeof maxInputs === 'number' && Number.isFinite(maxInputs) && { embeddingLimits: { maxInputs } }),
    embed: async (request, context) =>
      embedBridged({ model: madeOf(given, request.model, id), providerId: id, optionsKey, request, context }),
  };
}

function defaultId(model: Given): string {
  if (isModel(model))
    return model.provider
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '');
  throw new InvalidRequestError('fromAISDK: what makes models needs an `id`', { path: 'id' });
}

/** Their providers are functions with properties. */
function isModel<Model extends object>(model: Model | ((modelId: string) => Model)): model is Model {
  return typeof model !== 'function';
}

function isEmbeddingModel(model: Given): model is AnyEmbeddingModel {
  return isModel<AnyLanguageModel | AnyEmbeddingModel>(model) && 'doEmbed' in model;
}

function modelOf(given: Given, modelId: string, provider: string): AnyLanguageModel {
  if (!isEmbeddingModel(given)) return madeOf<AnyLanguageModel>(given, modelId, provider);
  const message = `${provider}: completions are not supported, since the model makes embeddings`;
  throw new UnsupportedParameterError(message, { provider, model: modelId, parameter: 'messages' });
}

type Versioned = { modelId: string; specificationVersion: string };

function madeOf<Model extends Versioned>(
  given: Model | ((modelId: string) => Model),
  modelId: string,
  provider: string,
): Model {
  const model = isModel(given) ? given : given(modelId);
  if (model.modelId !== modelId && isModel(given)) {
    const message = `${provider}: there is no model \`${modelId}\`; the only one is \`${model.modelId}\``;
    throw new ModelNotFoundError(message, { provider, model: modelId });
  }
  const version = model.specificationVersion;
  if (version === 'v3' || version === 'v4') return model;
  const message = `${provider}: a model of AI SDK's specification ${version} cannot be bridged, only v3 and v4`;
  throw new InvalidRequestError(message, { provider, model: modelId });
}
