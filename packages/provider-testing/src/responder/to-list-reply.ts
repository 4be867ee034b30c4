import type { DialectName, Reply, Fault as ReplyFault } from '@anyllm/simulator';
import type { Content, ContentModel, Scenario } from '../scenario.ts';

/** Vectors or models, in the words of each vendor. */
export function toListReply(dialect: DialectName, { content, fault }: Scenario): Reply {
  const body = content.models ? modelsIn[dialect](content.models) : embeddingsIn[dialect](content);
  if (!fault) return { body };
  return { body, fault: fault.kind === 'truncated' ? { kind: 'truncated-json' } : (fault as ReplyFault) };
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
