import {
  type ChatRequest,
  defineProvider,
  foldCompletion,
  InvalidRequestError,
  ModelNotFoundError,
  type Provider,
  type ProviderConfig,
  type ProviderContext,
} from '@anyllm/core/provider';
import { BridgedModel, theirAddress } from './provider/bridged-model.ts';
import { parameters } from './provider/to-call-options.ts';
import type { AnyLanguageModel } from './specification.ts';

/** What the provider is called, and the defaults for its calls. */
export interface FromAISDKSettings<Id extends string = string> extends Pick<ProviderConfig, 'limits' | 'timeout'> {
  /** The prefix of the model ids. Default for a model: its `provider` as an id, `openai.chat` as `openai-chat`. */
  id?: Id;
  /**
   * The name under which the model looks for its own options, which are `provider_options` under our id. Default:
   * `provider` of the model up to its first dot.
   */
  optionsKey?: string;
}

/** Makes the model of an id, as the providers of AI SDK do when they are called. */
export type ModelFactory = (modelId: string) => AnyLanguageModel;

/**
 * Makes a provider of one of AI SDK's language models, or of what makes them. The model keeps its own key and address.
 * @throws InvalidRequestError when what makes models is given no id, or the id is not a provider name
 */
export function fromAISDK<const Id extends string>(
  model: AnyLanguageModel | ModelFactory,
  settings: FromAISDKSettings<Id> & { id: Id },
): Provider<Id>;
export function fromAISDK(model: AnyLanguageModel, settings?: FromAISDKSettings): Provider;
export function fromAISDK(model: AnyLanguageModel | ModelFactory, settings: FromAISDKSettings = {}): Provider {
  const { id = defaultId(model), optionsKey, limits, timeout } = settings;
  const bridge = (request: ChatRequest, context: ProviderContext) =>
    new BridgedModel({ model: modelOf(model, request.model, id), providerId: id, optionsKey, request, context });
  return defineProvider({
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

function defaultId(model: AnyLanguageModel | ModelFactory): string {
  if (isModel(model))
    return model.provider
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '');
  throw new InvalidRequestError('fromAISDK: what makes models needs an `id`', { path: 'id' });
}

/** Their providers are functions with properties. */
function isModel(model: AnyLanguageModel | ModelFactory): model is AnyLanguageModel {
  return typeof model !== 'function';
}

function modelOf(given: AnyLanguageModel | ModelFactory, modelId: string, provider: string): AnyLanguageModel {
  const model = isModel(given) ? given : given(modelId);
  if (model.modelId !== modelId && isModel(given)) {
    const message = `${provider}: there is no model \`${modelId}\`; the only one is \`${model.modelId}\``;
    throw new ModelNotFoundError(message, { provider, model: modelId });
  }
  const version: string = model.specificationVersion;
  if (version === 'v3' || version === 'v4') return model;
  const message = `${provider}: a model of AI SDK's specification ${version} cannot be bridged, only v3 and v4`;
  throw new InvalidRequestError(message, { provider, model: modelId });
}
