import type { BatchStatus } from '@anyllm/core/provider';
import type { DialectName, RecordedRequest, Reply } from '@anyllm/simulator';
import type { Content, ContentBatch, ContentRow } from '../scenario.ts';
import { toVendorError } from './to-vendor-error.ts';

const answersId = 'suite-answers';
const failuresId = 'suite-failures';

/**
 * Batches and their files in the words of each vendor; undefined for a content of another kind. Files that are sent and
 * batches that are made of them are left to the simulator, which looks at them closely and gives ids of its own: what
 * is said of a batch holds for every id.
 */
export function toBatchReply(
  dialect: DialectName,
  { batches }: Content,
  { method, path }: RecordedRequest,
): Reply | undefined {
  if (!batches) return undefined;
  const [batch] = batches;
  const [, id, action] = /\/(?:files|batches|jobs)\/([^/?]+)\/?(\w*)/.exec(path) ?? [];
  if (method === 'GET' && id === undefined) return { body: toPage(dialect, batches, path) };
  if (id === undefined || !batch) return {};
  if (action === 'content') return { body: toFile(dialect, batch, id) };
  return { body: toBatch(dialect, { ...batch, id }) };
}

/** The first 100 of those that are asked for. */
function toPage(dialect: DialectName, batches: readonly ContentBatch[], path: string): object {
  const query = new URLSearchParams(path.split('?')[1]);
  const after = batches.findIndex(({ id }) => id === query.get('after'));
  const start = dialect === 'mistral' ? Number(query.get('page') ?? 0) * 100 : after + 1;
  const data = batches.slice(start, start + 100).map((batch) => toBatch(dialect, batch));
  const rest = dialect === 'mistral' ? { total: batches.length } : { has_more: start + 100 < batches.length };
  return { object: 'list', data, ...rest };
}

function toBatch(dialect: DialectName, { id, status, created, rows }: ContentBatch): object {
  const done = status === 'completed' ? rows : [];
  const failed = done.filter(({ error }) => error).length;
  const completed = done.length - failed;
  const answers = completed > 0 ? answersId : null;
  const failures = failed > 0 ? failuresId : null;
  if (dialect === 'mistral') {
    return {
      ...{ id, object: 'batch', status: mistralStatuses[status], created_at: created, errors: [] },
      ...{ output_file: answers, error_file: failures, total_requests: rows.length },
      ...{ completed_requests: done.length, succeeded_requests: completed, failed_requests: failed },
    };
  }
  return {
    ...{ id, object: 'batch', status, created_at: created, errors: null },
    ...{ output_file_id: answers, error_file_id: failures },
    request_counts: { total: rows.length, completed, failed },
  };
}

const mistralStatuses: Record<BatchStatus, string> = {
  validating: 'QUEUED',
  in_progress: 'RUNNING',
  finalizing: 'RUNNING',
  completed: 'SUCCESS',
  failed: 'FAILED',
  expired: 'TIMEOUT_EXCEEDED',
  cancelling: 'CANCELLATION_REQUESTED',
  cancelled: 'CANCELLED',
};

function toFile(dialect: DialectName, { rows, strayLines = [] }: ContentBatch, id: string): string {
  const isOfFailures = id === failuresId;
  const lines = rows.filter(({ error }) => Boolean(error) === isOfFailures).map((row) => toLine(dialect, row));
  return [...(isOfFailures ? [] : strayLines), ...lines, ''].join('\n');
}

function toLine(dialect: DialectName, row: ContentRow): string {
  const { custom_id } = row;
  return JSON.stringify({ id: `batch-${custom_id}`, custom_id, response: toResponse(dialect, row), error: null });
}

function toResponse(dialect: DialectName, { choices, usage, error }: ContentRow): object {
  if (error) {
    const { status, ...words } = toVendorError(dialect, error.code);
    const { message = 'The row was refused.', ...rest } = words;
    const body = { message, ...rest };
    return { status_code: status, body: dialect === 'mistral' ? { object: 'error', ...body } : { error: body } };
  }
  const counts = usage && { prompt_tokens: usage.prompt, completion_tokens: usage.completion };
  const body = {
    ...{ id: 'chatcmpl-1', object: 'chat.completion', created: 1_700_000_000, model: 'm' },
    choices: choices.map(({ tokens, finishReason = 'stop' }, index) => {
      const message = { role: 'assistant', content: [...tokens].join('') };
      return { index, message, finish_reason: finishReason };
    }),
    ...(counts && { usage: { ...counts, total_tokens: counts.prompt_tokens + counts.completion_tokens } }),
  };
  return { status_code: 200, body };
}
