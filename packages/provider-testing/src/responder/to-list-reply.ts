import type { DialectName, Reply } from '@anyllm/simulator';
import type { Content, ContentModel, ContentVerdict } from '../scenario.ts';

/** Vectors, models, verdicts or ranks, in the words of each vendor; undefined for a content of another kind. */
export function toListReply(dialect: DialectName, content: Content): Reply | undefined {
  const { embeddings, models, moderations, ranking } = content;
  if (embeddings) return { body: embeddingsIn[dialect](content) };
  if (models) return { body: modelsIn[dialect](models) };
  if (moderations) return { body: toVerdicts(dialect, moderations) };
  return ranking && { body: toRanks(content) };
}

const embeddingsIn: Record<DialectName, (content: Content) => object> = {
  openai: toData,
  mistral: toData,
  ollama: ({ embeddings, usage }) => ({ model: 'm', embeddings, ...(usage && { prompt_eval_count: usage.prompt }) }),
};

/** The last first: where rows have an index, nothing is promised of their order. */
function toData({ embeddings = [], usage }: Content): object {
  const data = embeddings.map((embedding, index) => ({ object: 'embedding', index, embedding })).reverse();
  const counts = usage && { prompt_tokens: usage.prompt, total_tokens: usage.prompt };
  return { object: 'list', model: 'm', data, ...(counts && { usage: counts }) };
}

const modelsIn: Record<DialectName, (models: readonly ContentModel[]) => object> = {
  openai: toRows,
  mistral: toRows,
  ollama: (models) => ({
    models: models.map(({ id, created }) => ({
      name: id,
      model: id,
      modified_at: new Date(created * 1_000).toISOString(),
    })),
  }),
};

function toRows(models: readonly ContentModel[]): object {
  return { object: 'list', data: models.map((model) => ({ ...model, object: 'model', owned_by: 'suite' })) };
}

/** Mistral leaves it to the reader whether a text is flagged. */
function toVerdicts(dialect: DialectName, verdicts: readonly ContentVerdict[]): object {
  const results = verdicts.map(({ categories, scores }) => ({
    ...(dialect === 'openai' && { flagged: Object.values(categories).includes(true) }),
    categories,
    category_scores: scores,
  }));
  return { id: 'modr-1', model: 'm', results };
}

function toRanks({ ranking = [], usage }: Content): object {
  const results = ranking.map(({ index, score }) => ({ index, relevance_score: score }));
  return { id: 'rank-1', model: 'm', results, ...(usage && { usage: { total_tokens: usage.prompt } }) };
}
