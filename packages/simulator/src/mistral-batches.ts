import type { BatchDialect } from './batch-endpoints.ts';
import { type BatchState, nowInSeconds, readInput } from './batch-store.ts';

const STATUSES: Record<BatchState, string> = {
  validating: 'QUEUED',
  in_progress: 'RUNNING',
  completed: 'SUCCESS',
  failed: 'FAILED',
  expired: 'TIMEOUT_EXCEEDED',
  cancelling: 'CANCELLATION_REQUESTED',
  cancelled: 'CANCELLED',
};

const ENDPOINTS = new Set(['/v1/chat/completions']);

/** Mistral's `/v1/files` and `/v1/batch/jobs`. */
export const mistralBatches: BatchDialect = {
  fileId: ({ random }) => random.uuid(),
  toFile: ({ id, filename, purpose, createdAt, text }) => ({
    id,
    object: 'file',
    bytes: Buffer.byteLength(text),
    created_at: createdAt,
    filename,
    purpose: 'batch',
    sample_type: purpose === 'batch' ? 'batch_request' : 'batch_result',
    num_lines: text.split('\n').length - 1,
    source: 'upload',
  }),

  create({ store, random }, body) {
    const { input_files, endpoint, model, metadata } = body;
    const [inputId] = Array.isArray(input_files) ? input_files : [];
    if (!ENDPOINTS.has(String(endpoint))) return { status: 422, message: `Unknown endpoint ${endpoint}` };
    if (typeof model !== 'string') return { status: 422, message: 'A batch job needs a model.' };
    const file = store.files.get(String(inputId));
    if (!file) return { status: 404, message: `File ${inputId} not found` };
    const { rows, problems } = readInput(file.text);
    return {
      id: random.uuid(),
      state: 'validating',
      inputId: file.id,
      endpoint: String(endpoint),
      model,
      metadata: metadata ?? null,
      createdAt: nowInSeconds(),
      endedAt: undefined,
      looks: 0,
      rows: rows.map(({ custom_id, body: own }) => ({ custom_id, body: { ...own, model } })),
      problems,
      answered: 0,
      refused: 0,
      outputId: undefined,
      errorId: undefined,
    };
  },

  toBatch: (batch) => ({
    id: batch.id,
    object: 'batch',
    input_files: [batch.inputId],
    metadata: batch.metadata,
    endpoint: batch.endpoint,
    model: batch.model ?? null,
    agent_id: null,
    output_file: batch.outputId ?? null,
    error_file: batch.errorId ?? null,
    errors: batch.problems.map(({ message }) => ({ message, count: 1 })),
    status: STATUSES[batch.state],
    created_at: batch.createdAt,
    total_requests: batch.rows.length,
    completed_requests: batch.answered + batch.refused,
    succeeded_requests: batch.answered,
    failed_requests: batch.refused,
    started_at: batch.state === 'validating' ? null : batch.createdAt,
    completed_at: batch.endedAt ?? null,
  }),

  page(items, query) {
    const size = Number(query.get('page_size') ?? 100);
    const start = Number(query.get('page') ?? 0) * size;
    return { object: 'list', data: items.slice(start, start + size), total: items.length };
  },
};
