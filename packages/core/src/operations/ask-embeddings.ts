import type { ClientRuntime } from '../client/client-runtime.ts';
import { systemClock } from '../clock.ts';
import { isIterable } from '../concurrency/iterable-source.ts';
import type { mapConcurrent } from '../concurrency/map-concurrent.ts';
import type {
  EmbeddingOptions,
  EmbeddingRequest,
  EmbeddingResult,
  EmbeddingStreamOptions,
} from '../contract/embedding.ts';
import { type Checks, checkFields, count, flag } from '../errors/check-fields.ts';
import { callChecks } from '../request/check-options.ts';
import { checkRequest } from '../request/check-request.ts';
import { closed, either, integer, kind, list, nonEmpty, oneOf, optional, positive, text } from '../request/shape.ts';
import { collectEmbeddings } from './collect-embeddings.ts';
import { type EmbeddingPart, toParts, toPartsAsync } from './embedding-parts.ts';
import { EmbeddingRun } from './embedding-run.ts';
import { modelField, providerOptionsField, unknownParameter } from './request-fields.ts';

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

/** What `embedding` does. */
export async function askEmbeddings(
  runtime: ClientRuntime,
  request: EmbeddingRequest,
  options: EmbeddingOptions,
  map: typeof mapConcurrent,
): Promise<EmbeddingResult> {
  checkRequest(shape, request);
  checkFields(options, checks);
  const { concurrency, batchSize, settle, ...callOptions } = options;
  const run = new EmbeddingRun(runtime, request, callOptions, systemClock.now());
  const parts = await divide(request.input, run, batchSize);
  if (Array.isArray(parts) && parts.length === 1 && !settle) return run.ask(parts[0] as EmbeddingPart);
  return collectEmbeddings(run, parts, { map, concurrency, settle, signal: callOptions.signal });
}

/** What `embedding.stream` does: the answers in the order of their texts. */
export async function openEmbeddings(
  runtime: ClientRuntime,
  request: EmbeddingRequest,
  options: EmbeddingStreamOptions,
  map: typeof mapConcurrent,
): Promise<AsyncIterableIterator<EmbeddingResult>> {
  checkRequest(shape, request);
  checkFields(options, streamChecks);
  const { concurrency, batchSize, ...callOptions } = options;
  const startedAt = options.timeout === undefined ? undefined : systemClock.now();
  const run = new EmbeddingRun(runtime, request, callOptions, startedAt);
  const parts = await divide(request.input, run, batchSize);
  const ask = (part: EmbeddingPart, { signal }: { signal: AbortSignal }) => run.askNamed(part, signal);
  return map(parts, ask, { concurrency, signal: callOptions.signal });
}

/** A list at once, whatever has to be read as it is read. */
async function divide(input: EmbeddingRequest['input'], run: EmbeddingRun, batchSize = Infinity) {
  if (typeof input === 'string') return [...toParts([input], {})];
  const { maxInputs = 2_048, ...rest } = await run.limits();
  const limits = { ...rest, maxInputs: Math.min(maxInputs, batchSize) };
  if (Array.isArray(input)) return [...toParts(input, limits)];
  return Symbol.asyncIterator in input ? toPartsAsync(input, limits) : toParts(input, limits);
}
