import {
  type ChatCompletionChunk,
  type ChatRequest,
  type ProviderContext,
  StreamInterruptedError,
  UnsupportedParameterError,
} from '@anyllm/core/provider';
import { parseRateLimits, parseRequestId } from '@anyllm/provider-kit';
import type {
  AnyLanguageModel,
  FilePart,
  ModelCallOptions,
  ModelResult,
  ModelStream,
  TheirContent,
  TheirStreamPart,
} from '../specification.ts';
import { isSupportedUrl } from './is-supported-url.ts';
import { PartTranslator } from './part-translator.ts';
import { toCallOptions } from './to-call-options.ts';
import { toError } from './to-error.ts';
import { toStreamParts } from './to-stream-parts.ts';
import { toV3Prompt } from './to-v3-prompt.ts';

export interface BridgedCall {
  model: AnyLanguageModel;
  providerId: string;
  optionsKey: string | undefined;
  request: ChatRequest;
  context: ProviderContext;
}

interface TheirModel {
  doGenerate(options: ModelCallOptions): PromiseLike<ModelResult<TheirContent>>;
  doStream(options: ModelCallOptions): PromiseLike<ModelStream<TheirStreamPart>>;
}

/** In place of an address, which their model has and does not tell. Any other is one that the caller gave. */
export const theirAddress = 'http://ai-sdk.invalid';

/** One attempt with one of their models. */
export class BridgedModel {
  readonly #call: BridgedCall;
  readonly #model: AnyLanguageModel & TheirModel;
  readonly #translator: PartTranslator;

  constructor(call: BridgedCall) {
    const { model, providerId, request, context } = call;
    this.#call = call;
    this.#model = model as AnyLanguageModel & TheirModel;
    this.#translator = new PartTranslator({ providerId, model: request.model, observer: context.observer });
  }

  async complete(): Promise<ChatCompletionChunk[]> {
    try {
      const result = await this.#model.doGenerate(await this.#begin());
      this.#responded(200, result.response?.headers);
      if (result.finishReason.unified === 'interrupted') throw this.#interrupted();
      return [...toStreamParts(result)].flatMap((part) => this.#translator.translate(part) ?? []);
    } catch (error) {
      throw this.#failure(error);
    }
  }

  async *stream(): AsyncGenerator<ChatCompletionChunk> {
    try {
      const { stream, response } = await this.#model.doStream(await this.#begin());
      this.#responded(200, response?.headers);
      for await (const part of stream) {
        const chunk = this.#translator.translate(part);
        if (chunk) yield chunk;
      }
    } catch (error) {
      throw this.#failure(error);
    }
  }

  async #begin(): Promise<ModelCallOptions> {
    const { model, providerId, request, context } = this.#call;
    const optionsKey = this.#call.optionsKey ?? model.provider.split('.')[0] ?? providerId;
    this.#warnOfSettings();
    const drop = (parameter: string) => this.#drop(parameter, 'has no counterpart in AI SDK');
    const options = toCallOptions(request, context, { providerId, optionsKey, drop });
    await this.#checkUrls(options);
    context.observer.connected(); // which of its phases a call is in is not told
    if (model.specificationVersion === 'v4') return options;
    if (options.reasoning !== undefined)
      this.#drop('reasoning_effort', 'is not known to models of the specification v3');
    return { ...options, prompt: toV3Prompt(options.prompt) };
  }

  /** Their models have key, address and transport from their own provider. */
  #warnOfSettings(): void {
    const { apiKey, baseURL, transport } = this.#call.context;
    if (apiKey !== undefined) this.#drop('apiKey', 'belongs in the settings of the AI SDK model');
    if (baseURL !== theirAddress) this.#drop('baseURL', 'belongs in the settings of the AI SDK model');
    if (transport !== undefined) this.#drop('transport', 'cannot be used; give the AI SDK model a `fetch` instead');
  }

  #drop(parameter: string, why: string): void {
    const message = `${this.#call.providerId}: \`${parameter}\` ${why}; it was left out`;
    this.#call.context.observer.warn({ code: 'parameter_dropped', parameter, message });
  }

  /** A model that cannot fetch an address itself would be given nothing: AI SDK's functions download for it. */
  async #checkUrls({ prompt }: ModelCallOptions): Promise<void> {
    const files = prompt.flatMap(({ role, content }) => (role === 'user' ? content : [])).filter(isFileByUrl);
    if (files.length === 0) return;
    const supported = await this.#model.supportedUrls;
    if (files.every(({ mediaType, data }) => isSupportedUrl(data.url, mediaType, supported))) return;
    const { providerId: provider, request } = this.#call;
    throw new UnsupportedParameterError(
      `${provider}: the model does not fetch this address; send the content as a \`data:\` URL`,
      { provider, model: request.model, parameter: 'messages' },
    );
  }

  #responded(status: number, headers: Record<string, string> = {}): void {
    const requestId = parseRequestId(headers);
    const rateLimit = parseRateLimits(headers);
    this.#call.context.observer.responded({
      status,
      ...(requestId !== undefined && { requestId }),
      ...(rateLimit !== undefined && { rateLimit }),
    });
  }

  #interrupted(): StreamInterruptedError {
    const { providerId: provider, request } = this.#call;
    const message = `${provider}: the answer ended without a reason to finish`;
    return new StreamInterruptedError(message, { provider, model: request.model, retryable: true });
  }

  #failure(error: unknown): unknown {
    const { signal } = this.#call.context;
    if (signal.aborted) return signal.reason;
    const { statusCode, responseHeaders } = Object(error) as { statusCode?: unknown; responseHeaders?: unknown };
    if (typeof statusCode === 'number') this.#responded(statusCode, Object(responseHeaders));
    const { providerId, request } = this.#call;
    return toError(error, { providerId, model: request.model });
  }
}

type FileByUrl = FilePart & { data: { type: 'url' } };

function isFileByUrl(part: { type: string }): part is FileByUrl {
  return part.type === 'file' && (part as FilePart).data.type === 'url';
}
