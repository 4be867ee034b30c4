import type { BatchStatus, ProviderBatch } from '@anyllm/core/provider';
import type { BatchWire } from '@anyllm/provider-kit/openai';

/** Mistral's words for where a job stands. */
const statuses: Record<string, BatchStatus> = {
  QUEUED: 'validating',
  RUNNING: 'in_progress',
  SUCCESS: 'completed',
  FAILED: 'failed',
  TIMEOUT_EXCEEDED: 'expired',
  CANCELLATION_REQUESTED: 'cancelling',
  CANCELLED: 'cancelled',
};

const pageSize = 100;

/** Mistral's batch jobs. Source: the types of its own client, 2.7.0, and its guide to batch inference for the limits. */
export const mistralBatchWire: BatchWire = {
  limits: { rows: 1_000_000, bytes: 512 * 1024 * 1024 },
  path: 'batch/jobs',
  toLine: (custom_id, { model: _, ...body }) => ({ custom_id, body }),
  toBody: ({ input_file_id, model, metadata }) => ({
    input_files: [input_file_id],
    endpoint: '/v1/chat/completions',
    model,
    ...(metadata && { metadata }),
  }),
  toBatch,
  toQuery: (page = '0') => ({ page, page_size: String(pageSize) }),
  toNext: ({ data, total }, page = '0') => {
    const rows = Array.isArray(data) ? data.length : 0;
    const seen = Number(page) * pageSize + rows;
    const more = typeof total === 'number' ? rows > 0 && seen < total : rows === pageSize;
    return more ? String(Number(page) + 1) : undefined;
  },
};

function toBatch(job: Record<string, unknown>): ProviderBatch | undefined {
  const { id, model, metadata } = job;
  const word = typeof job.status === 'string' ? job.status : '';
  const status = Object.hasOwn(statuses, word) ? statuses[word] : undefined;
  const endedAt = toCount(job.completed_at);
  if (typeof id !== 'string' || status === undefined) return undefined;
  const errors = (Array.isArray(job.errors) ? job.errors : []).map(toProblem);
  return {
    id,
    status,
    created_at: toCount(job.created_at) ?? 0,
    ...(endedAt !== undefined && { ended_at: endedAt }),
    ...(typeof model === 'string' && { model }),
    request_counts: {
      total: toCount(job.total_requests) ?? 0,
      completed: toCount(job.succeeded_requests) ?? 0,
      failed: toCount(job.failed_requests) ?? 0,
    },
    ...(errors.length > 0 && { errors }),
    ...(typeof metadata === 'object' && metadata !== null && { metadata: textsIn(metadata) }),
    result_file_ids: [job.output_file, job.error_file].filter((file) => typeof file === 'string'),
  };
}

/** A whole number from 0. */
function toCount(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : undefined;
}

function textsIn(metadata: object): Record<string, string> {
  const isText = (entry: [string, unknown]): entry is [string, string] => typeof entry[1] === 'string';
  return Object.fromEntries(Object.entries(metadata).filter(isText));
}

/** Mistral counts equal messages. */
function toProblem(error: unknown): { message: string } {
  const { message, count } = Object(error) as { message?: unknown; count?: unknown };
  return {
    message: `${typeof message === 'string' ? message : ''}${typeof count === 'number' && count > 1 ? ` (${count} times)` : ''}`,
  };
}
