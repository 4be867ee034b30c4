import type { ClientRuntime } from '../client/client-runtime.ts';
import type { CallOptions } from '../contract/call-options.ts';
import type { ResponsesRequest, ResponsesResult } from '../contract/responses.ts';
import { lateOperation } from '../operations/late-operation.ts';
import type { ResponsesStream } from './responses-stream.ts';
import { toResponsesFailure } from './to-responses-failure.ts';

/**
 * The type of `responses`.
 * @template Model the ids that are accepted
 * @template Id the providers that may be named
 */
export interface ResponsesFunction<Model extends string = string, Id extends string = string> {
  /**
   * Asks a model in the shape of OpenAI's Responses API: natively where the provider has it, over chat completions
   * otherwise. With `stream: true` the promise settles with the first content, so that whatever goes wrong before it
   * rejects here.
   * @throws AnyLLMError of the class that fits, or the reason of `options.signal`
   */
  (request: ResponsesRequest<Model> & Whole, options?: CallOptions<Id>): Promise<ResponsesResult>;
  (request: ResponsesRequest<Model> & Streamed, options?: CallOptions<Id>): Promise<ResponsesStream>;
  (request: ResponsesRequest & Whole, options: Named<Id>): Promise<ResponsesResult>;
  (request: ResponsesRequest & Streamed, options: Named<Id>): Promise<ResponsesStream>;
  (request: ResponsesRequest, options: Named<Id>): Promise<ResponsesResult | ResponsesStream>;
  (request: ResponsesRequest<Model>, options?: CallOptions<Id>): Promise<ResponsesResult | ResponsesStream>;
}

type Streamed = { stream: true };
type Whole = { stream?: false | null };

/** Where the provider is named, the model is any text. */
type Named<Id extends string> = CallOptions<Id> & { provider: Id };

export function createResponses(runtime: ClientRuntime): ResponsesFunction {
  const ask = lateOperation(
    runtime,
    ({ askResponses }) =>
      (runtime, request: ResponsesRequest, options: CallOptions = {}) =>
        askResponses(runtime, request, options, toResponsesFailure),
  );
  return ask as ResponsesFunction;
}
