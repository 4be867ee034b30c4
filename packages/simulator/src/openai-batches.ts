import type { BatchDialect } from './batch-endpoints.ts';
import { type BatchRow, type InputProblem, nowInSeconds, readInput, type StoredBatch } from './batch-store.ts';
import type { JsonObject } from './recorded-request.ts';

const ENDPOINTS = new Set(['/v1/chat/completions']);

/** OpenAI's `/v1/files` and `/v1/batches`. What is wrong with an input file shows only after the batch was made. */
export const openaiBatches: BatchDialect = {
  fileId: ({ random }) => `file-${random.text(24)}`,
  toFile: ({ id, filename, purpose, createdAt, text }) => ({
    id,
    object: 'file',
    bytes: Buffer.byteLength(text),
    created_at: createdAt,
    filename,
    purpose,
    status: 'processed',
    status_details: null,
  }),

  create({ store, random }, body) {
    const { input_file_id, endpoint, completion_window, metadata } = body;
    if (completion_window !== '24h')
      return { message: "'completion_window' must be '24h'.", param: 'completion_window' };
    if (!ENDPOINTS.has(String(endpoint))) return { message: `Invalid value: '${endpoint}'.`, param: 'endpoint' };
    const file = store.files.get(String(input_file_id));
    if (!file) return { status: 404, message: `No such File object: ${input_file_id}` };
    if (file.purpose !== 'batch') return { message: "The file's purpose must be 'batch'.", param: 'input_file_id' };
    const { rows, problems } = readInput(file.text);
    return {
      id: `batch_${random.text(24)}`,
      state: 'validating',
      inputId: file.id,
      endpoint: String(endpoint),
      model: rows[0] && String(rows[0].body.model),
      metadata: metadata ?? null,
      createdAt: nowInSeconds(),
      endedAt: undefined,
      looks: 0,
      rows,
      problems: [...problems, ...rows.flatMap((row, at) => findIn(row as BatchRow & JsonObject, at, rows))],
      answered: 0,
      refused: 0,
      outputId: undefined,
      errorId: undefined,
    };
  },

  toBatch,

  page(items, query) {
    const limit = Number(query.get('limit') ?? 20);
    const after = query.get('after');
    const start = after === null ? 0 : items.findIndex(({ id }) => id === after) + 1;
    const data = items.slice(start, start + limit);
    const has_more = start + limit < items.length;
    return { object: 'list', data, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null, has_more };
  },
};

function findIn({ method, url, body }: BatchRow & JsonObject, at: number, rows: readonly BatchRow[]): InputProblem[] {
  const line = at + 1;
  if (method !== 'POST') return [{ code: 'invalid_method', message: 'The HTTP method must be POST.', line }];
  if (!ENDPOINTS.has(String(url))) return [{ code: 'invalid_url', message: 'The URL is not that of the batch.', line }];
  if (body.stream) return [{ code: 'invalid_request', message: 'Streaming is not supported in the Batch API.', line }];
  if (body.model === rows[0]?.body.model) return [];
  return [{ code: 'mismatched_model', message: 'All requests of a batch must name the same model.', line }];
}

function toBatch(batch: StoredBatch): object {
  const { id, state, endedAt, createdAt, problems, rows, answered, refused } = batch;
  const ended = (name: StoredBatch['state']) => (state === name ? (endedAt ?? null) : null);
  return {
    id,
    object: 'batch',
    endpoint: batch.endpoint,
    model: batch.model ?? null,
    errors:
      state === 'failed' ? { object: 'list', data: problems.map((problem) => ({ ...problem, param: null })) } : null,
    input_file_id: batch.inputId,
    completion_window: '24h',
    status: state,
    output_file_id: batch.outputId ?? null,
    error_file_id: batch.errorId ?? null,
    created_at: createdAt,
    in_progress_at: state === 'validating' ? null : createdAt,
    expires_at: createdAt + 24 * 3600,
    completed_at: ended('completed'),
    failed_at: ended('failed'),
    expired_at: ended('expired'),
    cancelled_at: ended('cancelled'),
    request_counts: { total: rows.length, completed: answered, failed: refused },
    metadata: batch.metadata,
  };
}
