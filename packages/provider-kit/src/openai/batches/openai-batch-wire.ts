import type { BatchStatus, ProviderBatch } from '@anyllm/core/provider';
import { countOf, type Fields, fieldsOf, objectsOf, textOf, textsOf } from '../wire-fields.ts';
import type { BatchWire } from './openai-batches.ts';

const statuses: ReadonlySet<string> = new Set<BatchStatus>([
  'validating',
  'in_progress',
  'finalizing',
  'completed',
  'failed',
  'expired',
  'cancelling',
  'cancelled',
]);

const endpoint = '/v1/chat/completions';

/** Source: OpenAI API reference, "Create batch" and "The batch object"; the limits are from its guide to batches. */
export const openAIBatchWire: BatchWire = {
  limits: { rows: 50_000, bytes: 200 * 1024 * 1024 },
  path: 'batches',
  toLine: (custom_id, body) => ({ custom_id, method: 'POST', url: endpoint, body }),
  toBody: ({ input_file_id, metadata }) => ({
    input_file_id,
    endpoint,
    completion_window: '24h',
    ...(metadata && { metadata }),
  }),
  toBatch,
  toQuery: (after) => ({ limit: '100', ...(after !== undefined && { after }) }),
  toNext: ({ has_more, data }) => (has_more === true ? textOf(objectsOf(data).at(-1)?.id) || undefined : undefined),
};

function toBatch(wire: Fields): ProviderBatch | undefined {
  const { id, status, model } = wire;
  if (typeof id !== 'string' || !isStatus(status)) return undefined;
  const counts = fieldsOf(wire.request_counts);
  const metadata = fieldsOf(wire.metadata);
  const endedAt = countIn(wire, ['completed_at', 'failed_at', 'expired_at', 'cancelled_at']);
  const expiresAt = countIn(wire, ['expires_at']);
  const errors = objectsOf(fieldsOf(wire.errors)?.data).map(toProblem);
  return {
    id,
    status,
    created_at: countIn(wire, ['created_at']) ?? 0,
    ...(endedAt !== undefined && { ended_at: endedAt }),
    ...(expiresAt !== undefined && { expires_at: expiresAt }),
    ...(typeof model === 'string' && { model }),
    request_counts: {
      total: countOf(counts?.total) ?? 0,
      completed: countOf(counts?.completed) ?? 0,
      failed: countOf(counts?.failed) ?? 0,
    },
    ...(errors.length > 0 && { errors }),
    ...(metadata && { metadata: textsOf(metadata) }),
    result_file_ids: [wire.output_file_id, wire.error_file_id].filter((file) => typeof file === 'string'),
  };
}

function isStatus(value: unknown): value is BatchStatus {
  return typeof value === 'string' && statuses.has(value);
}

function toProblem({ message, code, line }: Fields): { message: string; code?: string; line?: number } {
  return {
    message: textOf(message),
    ...(typeof code === 'string' && { code }),
    ...(countOf(line) !== undefined && { line: Number(line) }),
  };
}

function countIn(wire: Fields, names: readonly string[]): number | undefined {
  return names.map((name) => countOf(wire[name])).find((count) => count !== undefined);
}
