import type { CompletionStream } from '../completion/completion-stream.ts';
import type { CompletionOptions } from '../contract/call-options.ts';
import type { ChatCompletion } from '../contract/chat-completion.ts';
import type { CompletionRequest, Tool } from '../contract/chat-request.ts';
import type { Parsed, ParsedCompletion, StructuredRequest } from '../contract/structured-output.ts';
import { beyondCompletion } from '../late-parts.ts';
import { snapshot, snapshotOptions } from '../request/snapshot.ts';
import { type InferInput, isStandardSchema, type StandardSchema } from '../schema/standard-schema.ts';
import type { StructuredStream } from '../structured/structured-stream.ts';
import type { ClientRuntime } from './client-runtime.ts';
import { dispatch } from './dispatch.ts';

/** By `stream`: `false` where it is left out, either where only the run tells. */
type Answer<Schema extends StandardSchema, Tools, Stream> = Stream extends true
  ? StructuredStream<Parsed<Schema, Tools>, InferInput<Schema>>
  : ParsedCompletion<Parsed<Schema, Tools>>;

type Streamed = { stream: true };
type Whole = { stream?: false };

/**
 * The type of `completion`.
 * @template Model the ids that are accepted
 * @template Id the providers that may be named
 */
export interface CompletionFunction<Model extends string = string, Id extends string = string> {
  /**
   * Asks a model. With `stream: true` the promise settles with the first content, so that whatever goes wrong before
   * it rejects here. With a schema in `response_format` the answer is made to fit it, and comes read and checked. What
   * is written into the options, or into a field or list of the request, after the call changes nothing of it.
   * @throws AnyLLMError of the class that fits, or the reason of `options.signal`
   */
  <
    Schema extends StandardSchema,
    Tools extends readonly Tool[] | undefined = undefined,
    Stream extends boolean | undefined = undefined,
  >(
    request: StructuredRequest<Model, Schema, Tools> & { stream?: Stream },
    options?: CompletionOptions<Id>,
  ): Promise<Answer<Schema, Tools, Stream>>;
  <
    Schema extends StandardSchema,
    Tools extends readonly Tool[] | undefined = undefined,
    Stream extends boolean | undefined = undefined,
  >(
    request: StructuredRequest<string, Schema, Tools> & { stream?: Stream },
    options: Named<Id>,
  ): Promise<Answer<Schema, Tools, Stream>>;
  (request: CompletionRequest<Model> & Whole, options?: CompletionOptions<Id>): Promise<ChatCompletion>;
  /** As a stream. */
  (request: CompletionRequest<Model> & Streamed, options?: CompletionOptions<Id>): Promise<CompletionStream>;
  /** With `options.provider`, the model is any text. */
  (request: CompletionRequest & Whole, options: Named<Id>): Promise<ChatCompletion>;
  /** With `options.provider`, as a stream. */
  (request: CompletionRequest & Streamed, options: Named<Id>): Promise<CompletionStream>;
  /** With `options.provider`, where the request itself says whether it is to be a stream. */
  (request: CompletionRequest, options: Named<Id>): Promise<ChatCompletion | CompletionStream>;
  /** Where the request itself says whether it is to be a stream. */
  (request: CompletionRequest<Model>, options?: CompletionOptions<Id>): Promise<ChatCompletion | CompletionStream>;
}

/** Where the provider is named, the model is any text. */
type Named<Id extends string> = CompletionOptions<Id> & { provider: Id };

export function createCompletion(runtime: ClientRuntime): CompletionFunction {
  const completion = (request: unknown, options?: CompletionOptions) =>
    hasSchema(request) ? bySchema(runtime, request, options) : dispatch(runtime, request, options);
  return completion as CompletionFunction;
}

function hasSchema(request: unknown): request is StructuredRequest {
  return isStandardSchema((request as StructuredRequest | undefined)?.response_format);
}

/** Loaded by those who ask so. */
async function bySchema(runtime: ClientRuntime, request: StructuredRequest, options: CompletionOptions = {}) {
  const [asked, given] = [snapshot(request), snapshotOptions(options)];
  const { dispatchStructured } = await beyondCompletion();
  return dispatchStructured(runtime, asked, given);
}

/** For those who want whole answers only: one that was asked for as a stream is read to its end. */
export function wholeAnswers(completion: CompletionFunction) {
  return async (request: CompletionRequest, options: CompletionOptions): Promise<ChatCompletion> => {
    const answer = await completion(request, options);
    return isStream(answer) ? answer.completion() : answer;
  };
}

/** By its shape, since its class is loaded with the first stream. */
export function isStream(answer: ChatCompletion | CompletionStream): answer is CompletionStream {
  return Symbol.asyncIterator in answer;
}
