import type { ClientRuntime } from '../client/client-runtime.ts';
import { systemClock } from '../clock.ts';
import { isIterable } from '../concurrency/iterable-source.ts';
import { mapConcurrent } from '../concurrency/map-concurrent.ts';
import type {
  EmbeddingOptions,
  EmbeddingRequest,
  EmbeddingResult,
  EmbeddingStreamOptions,
} from '../contract/embedding.ts';
import { type Checks, checkFields, count, flag } from '../errors/check-fields.ts';
import { callChecks } from '../request/check-options.ts';
import { closed, either, integer, kind, list, nonEmpty, oneOf, optional, positive, text } from '../request/shape.ts';
import { checkRequest } from '../request/validate-request.ts';
import { collectEmbeddings } from './collect-embeddings.ts';
import { type EmbeddingPart, toParts, toPartsAsync } from './embedding-parts.ts';
import { EmbeddingRun } from './embedding-run.ts';
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
    const { concurrency, batchSize, settle, ...rest } = options;
    const run = new EmbeddingRun(runtime, request, rest, systemClock.now());
    const parts = await divide(request.input, run, batchSize);
    if (Array.isArray(parts) && parts.length === 1 && !settle) return run.ask(parts[0] as EmbeddingPart);
    return collectEmbeddings(run, parts, { concurrency, settle, signal: rest.signal });
  };
  const stream = (request: EmbeddingRequest, options: EmbeddingStreamOptions = {}): EmbeddingStream => {
    checkRequest(shape, request);
    checkFields(options, streamChecks);
    const { concurrency, batchSize, ...rest } = options;
    return new EmbeddingStream(async () => {
      const startedAt = rest.timeout === undefined ? undefined : systemClock.now();
      const run = new EmbeddingRun(runtime, request, rest, startedAt);
      const parts = await divide(request.input, run, batchSize);
      return mapConcurrent(parts, (part, { signal }) => run.askNamed(part, signal), {
        concurrency,
        signal: rest.signal,
      });
    });
  };
  return Object.assign(embedding, { stream });
}

/** A list at once, whatever has to be read as it is read. */
async function divide(input: EmbeddingRequest['input'], run: EmbeddingRun, batchSize = Infinity) {
  if (typeof input === 'string') return [...toParts([input], {})];
  const { maxInputs = 2_048, ...rest } = await run.limits();
  const limits = { ...rest, maxInputs: Math.min(maxInputs, batchSize) };
  if (Array.isArray(input)) return [...toParts(input, limits)];
  return Symbol.asyncIterator in input ? toPartsAsync(input, limits) : toParts(input, limits);
}
