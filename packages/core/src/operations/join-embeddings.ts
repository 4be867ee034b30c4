import type { CallMeta } from '../contract/call-meta.ts';
import type { Embedding, EmbeddingResult, ProviderEmbeddings } from '../contract/embedding.ts';
import { sumUsage, withoutRepeats } from './embedding-account.ts';

/** What keeps these rows from being those of the texts: too few or too many, or two for one. */
export function miscountOf({ data }: ProviderEmbeddings, inputs: number): string | undefined {
  const seen = new Set(data.map(({ index }) => index));
  const all = Array.from({ length: inputs }, (_, at) => at);
  const missing = all.find((at) => !seen.has(at));
  if (data.length === inputs && missing === undefined) return undefined;
  const lack = missing === undefined ? '' : ` (none for input ${missing})`;
  return `asked for ${inputs} embeddings, got ${data.length}${lack}`;
}

/** In the order of the texts, whatever order the server answers in, counted from `start`. */
export function inOrder(data: readonly Embedding[], start: number): Embedding[] {
  const ordered: Embedding[] = new Array(data.length);
  for (const row of data) ordered[row.index] = start === 0 ? row : { ...row, index: start + row.index };
  return ordered;
}

/** One answer of several, at least one, in the order of their texts. */
export function joinEmbeddings(answers: readonly EmbeddingResult[]): EmbeddingResult {
  const [first] = answers as readonly [EmbeddingResult];
  if (answers.length === 1) return first;
  const usage = sumUsage(answers);
  const { object, model } = first;
  const data = answers.flatMap((answer) => answer.data);
  return { object, model, data, ...(usage && { usage }), meta: joinMeta(answers.map(({ meta }) => meta)) };
}

/** The last to come knows how long the whole took and what it cost. */
function joinMeta(metas: readonly CallMeta[]): CallMeta {
  const last = metas.reduce((a, b) => (b.totalMs > a.totalMs ? b : a));
  const attempts = metas.flatMap((meta) => meta.attempts).sort((a, b) => a.startMs - b.startMs);
  const queueMs = Math.max(...metas.map((meta) => meta.queueMs));
  return { ...last, attempts, queueMs, warnings: withoutRepeats(metas.flatMap(({ warnings }) => warnings)) };
}
