import type { IterableSource } from '../concurrency/iterable-source.ts';
import type { mapConcurrent } from '../concurrency/map-concurrent.ts';
import type { Embedding, EmbeddingFailure, EmbeddingResult } from '../contract/embedding.ts';
import { AnyLLMError } from '../errors/any-llm-error.ts';
import type { InvalidRequestError } from '../errors/errors.ts';
import { invalidField } from '../errors/invalid-field.ts';
import type { EmbeddingPart } from './embedding-parts.ts';
import type { EmbeddingRun } from './embedding-run.ts';
import { joinEmbeddings } from './join-embeddings.ts';

interface CollectOptions {
  map: typeof mapConcurrent;
  concurrency: number | undefined;
  settle: boolean | undefined;
  signal: AbortSignal | undefined;
}

interface Answered {
  start: number;
  answer: EmbeddingResult;
}

/** Asks for all parts and joins the answers. */
export async function collectEmbeddings(
  run: EmbeddingRun,
  parts: IterableSource<EmbeddingPart>,
  { map, concurrency, settle, signal }: CollectOptions,
): Promise<EmbeddingResult> {
  const answered: Answered[] = [];
  const failures: EmbeddingFailure[] = [];
  const ask = async (part: EmbeddingPart, { signal }: { signal: AbortSignal }) => {
    try {
      answered.push({ start: part.start, answer: await run.askNamed(part, signal) });
    } catch (reason) {
      if (!settle || signal.aborted) throw reason;
      failures.push({ start: part.start, end: part.start + part.texts.length, reason });
    }
  };
  try {
    for await (const _ of map(parts, ask, { concurrency, ordered: false, signal }));
  } catch (error) {
    if (AnyLLMError.isInstance(error)) keep(error, answersOf(answered));
    throw error;
  }
  if (answered.length === 0) throw failures[0]?.reason ?? empty();
  const whole = joinEmbeddings(answersOf(answered));
  return settle ? { ...whole, failures: failures.sort(byStart) } : whole;
}

function answersOf(answered: Answered[]): EmbeddingResult[] {
  return answered.sort(byStart).map(({ answer }) => answer);
}

function byStart(a: { start: number }, b: { start: number }): number {
  return a.start - b.start;
}

/** The vectors are paid for: whoever handles the error can go on from them. */
function keep(error: AnyLLMError, answers: readonly EmbeddingResult[]): void {
  const embeddings: Embedding[] = answers.flatMap(({ data }) => data);
  Object.defineProperty(error, 'embeddings', { value: embeddings });
}

function empty(): InvalidRequestError {
  return invalidField('input', 'holds no text');
}
