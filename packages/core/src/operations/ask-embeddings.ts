import type { ClientRuntime } from '../client/client-runtime.ts';
import { systemClock } from '../clock.ts';
import type { mapConcurrent } from '../concurrency/map-concurrent.ts';
import type {
  EmbeddingOptions,
  EmbeddingRequest,
  EmbeddingResult,
  EmbeddingStreamOptions,
} from '../contract/embedding.ts';
import { collectEmbeddings } from './collect-embeddings.ts';
import { type EmbeddingPart, toParts, toPartsAsync } from './embedding-parts.ts';
import { EmbeddingRun } from './embedding-run.ts';

/** What `embedding` does with a request that is in order. */
export async function askEmbeddings(
  runtime: ClientRuntime,
  request: EmbeddingRequest,
  { concurrency, batchSize, settle, ...options }: EmbeddingOptions,
  map: typeof mapConcurrent,
): Promise<EmbeddingResult> {
  const run = new EmbeddingRun(runtime, request, options, systemClock.now());
  const parts = await divide(request.input, run, batchSize);
  if (Array.isArray(parts) && parts.length === 1 && !settle) return run.ask(parts[0] as EmbeddingPart);
  return collectEmbeddings(run, parts, { map, concurrency, settle, signal: options.signal });
}

/** What `embedding.stream` does: the answers in the order of their texts. */
export async function openEmbeddings(
  runtime: ClientRuntime,
  request: EmbeddingRequest,
  { concurrency, batchSize, ...options }: EmbeddingStreamOptions,
  map: typeof mapConcurrent,
): Promise<AsyncIterableIterator<EmbeddingResult>> {
  const startedAt = options.timeout === undefined ? undefined : systemClock.now();
  const run = new EmbeddingRun(runtime, request, options, startedAt);
  const parts = await divide(request.input, run, batchSize);
  const ask = (part: EmbeddingPart, { signal }: { signal: AbortSignal }) => run.askNamed(part, signal);
  return map(parts, ask, { concurrency, signal: options.signal });
}

/** A list at once, whatever has to be read as it is read. */
async function divide(input: EmbeddingRequest['input'], run: EmbeddingRun, batchSize = Infinity) {
  if (typeof input === 'string') return [...toParts([input], {})];
  const { maxInputs = 2_048, ...rest } = await run.limits();
  const limits = { ...rest, maxInputs: Math.min(maxInputs, batchSize) };
  if (Array.isArray(input)) return [...toParts(input, limits)];
  return Symbol.asyncIterator in input ? toPartsAsync(input, limits) : toParts(input, limits);
}
