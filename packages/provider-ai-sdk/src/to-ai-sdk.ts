import { type Client, type CompletionFunction, completion as defaultCompletion } from '@anyllm/core';
import { toCall } from './model/to-call.ts';
import { toContent } from './model/to-content.ts';
import { toFinishReason } from './model/to-finish-reason.ts';
import { toMetadata } from './model/to-metadata.ts';
import { failAsModel } from './model/to-model-error.ts';
import { toPartStream } from './model/to-part-stream.ts';
import { toUsage } from './model/to-usage.ts';
import { toWarning } from './model/to-warning.ts';
import type { LanguageModel, ModelCallOptions, ModelResult, ModelStream } from './specification.ts';

/** Through whom the model asks. */
export interface ToAISDKSettings {
  /** Whose settings, limits and providers are used. Any client will do. Default: the module-level `completion()`. */
  client?: Pick<Client<never, never>, 'completion'>;
}

/**
 * Makes a model that AI SDK's functions accept. Every call is a `completion()`, with its time limits, retries and
 * limits; their own retry leaves its failures alone.
 * @param modelId `provider/model` or `provider:model`
 */
export function toAISDK(modelId: string, { client }: ToAISDKSettings = {}): LanguageModel {
  const completion = (client?.completion ?? defaultCompletion) as CompletionFunction;
  return {
    specificationVersion: 'v4',
    provider: 'anyllm',
    modelId,
    supportedUrls: {}, // AI SDK downloads: content as data is what every provider takes
    doGenerate: (call) => failAsModel(generate(completion, modelId, call)),
    doStream: (call) => failAsModel(stream(completion, modelId, call)),
  };
}

async function generate(completion: CompletionFunction, modelId: string, call: ModelCallOptions): Promise<ModelResult> {
  const { request, options, warnings } = toCall(modelId, call);
  const answer = await completion({ ...request, stream: false }, options);
  const { message, finish_reason = 'stop', raw_finish_reason } = answer.choices[0] ?? {};
  const { id, model, created, usage, meta } = answer;
  return {
    content: message ? toContent(message) : [],
    finishReason: toFinishReason(finish_reason, raw_finish_reason, Boolean(message?.refusal)),
    usage: toUsage(usage),
    warnings: [...warnings, ...meta.warnings.map(toWarning)],
    response: { id, modelId: model, timestamp: new Date(created * 1000) },
    providerMetadata: toMetadata(meta),
  };
}

async function stream(completion: CompletionFunction, modelId: string, call: ModelCallOptions): Promise<ModelStream> {
  const { request, options, warnings } = toCall(modelId, call);
  const answer = await completion({ ...request, stream: true }, options);
  return { stream: toPartStream(answer, { warnings, includeRawChunks: call.includeRawChunks }) };
}
