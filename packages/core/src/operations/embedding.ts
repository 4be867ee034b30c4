import type { ClientRuntime } from '../client/client-runtime.ts';
import { isIterable } from '../concurrency/iterable-source.ts';
import { mapConcurrent } from '../concurrency/map-concurrent.ts';
import type {
  EmbeddingOptions,
  EmbeddingRequest,
  EmbeddingResult,
  EmbeddingStreamOptions,
} from '../contract/embedding.ts';
import { type Checks, checkFields, count, flag } from '../errors/check-fields.ts';
import { beyondCompletion } from '../late-parts.ts';
import { callChecks } from '../request/check-options.ts';
import { checkRequest } from '../request/check-request.ts';
import { closed, either, integer, kind, list, nonEmpty, oneOf, optional, positive, text } from '../request/shape.ts';
import { EmbeddingStream } from './embedding-stream.ts';
import { modelField, providerOptionsField, unknownParameter } from './request-fields.ts';

/** @template Model the ids that are accepted; @template Id the providers that may be named */
export interface EmbeddingFunction<Model extends string = string, Id extends string = string> {
  /**
   * Turns texts into vectors, in as many requests as the vendor's limits ask for, several at once. One deadline covers
   * them all. The first that fails aborts the others: the error's `inputs` names its texts, its `embeddings` are the
   * vectors that were there by then. With `settle` the others go on, and it is one of the result's `failures`.
   * @throws AnyLLMError of the class that fits, or the reason of `options.signal`
   */
  (request: EmbeddingRequest<Model>, options?: EmbeddingOptions<Id>): Promise<EmbeddingResult>;
  (request: EmbeddingRequest, options: EmbeddingOptions<Id> & { provider: Id }): Promise<EmbeddingResult>;
  /**
   * The same for a source of any length, in constant memory: iterate over the vectors as they come, in order. A time
   * limit of the options is one for the whole; those of the client hold for each request.
   * @throws InvalidRequestError at once for a wrong request or option, and in the iteration whatever goes wrong there
   */
  stream(request: EmbeddingRequest<Model>, options?: EmbeddingStreamOptions<Id>): EmbeddingStream;
  stream(request: EmbeddingRequest, options: EmbeddingStreamOptions<Id> & { provider: Id }): EmbeddingStream;
}

const someText = nonEmpty(text);

/** Not a list: its texts are checked as they are read. */
const source = kind(
  'another iterable',
  (value) => typeof value === 'object' && !Array.isArray(value) && isIterable(value),
);

const shape = closed(
  {
    model: modelField,
    input: either(someText, nonEmpty(list(someText)), source),
    dimensions: optional(positive(integer)),
    encoding_format: optional(oneOf('float', 'base64')),
    user: optional(text),
    provider_options: providerOptionsField,
  },
  unknownParameter,
);

const partChecks = { concurrency: count, batchSize: count };
const checks: Checks<EmbeddingOptions> = { ...partChecks, settle: flag, ...callChecks };
const streamChecks: Checks<EmbeddingStreamOptions> = { ...partChecks, ...callChecks };

export function createEmbedding(runtime: ClientRuntime): EmbeddingFunction {
  const embedding = async (request: EmbeddingRequest, options: EmbeddingOptions = {}): Promise<EmbeddingResult> => {
    checkRequest(shape, request);
    checkFields(options, checks);
    const { askEmbeddings } = await beyondCompletion();
    return askEmbeddings(runtime, request, options, mapConcurrent);
  };
  const stream = (request: EmbeddingRequest, options: EmbeddingStreamOptions = {}): EmbeddingStream => {
    checkRequest(shape, request);
    checkFields(options, streamChecks);
    return new EmbeddingStream(async () => {
      const { openEmbeddings } = await beyondCompletion();
      return openEmbeddings(runtime, request, options, mapConcurrent);
    });
  };
  return Object.assign(embedding, { stream });
}
