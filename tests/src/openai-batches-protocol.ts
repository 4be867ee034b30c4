import type { ContentBatch, ContentRow, ProtocolAnswer, ReceivedRequest } from '@anyllm/provider-testing';
import { openAIProtocol } from './openai-protocol.ts';

/** OpenAI's files and batches, in the words of the same author. The path tells what is asked. */
export function toBatchAnswer(batches: readonly ContentBatch[], request: ReceivedRequest): ProtocolAnswer {
  const { method, path } = request;
  const [, id, action] = /\/(?:files|batches)\/([^/?]+)\/?(\w*)/.exec(path) ?? [];
  const [batch] = batches;
  if (path.endsWith('/files')) return { body: { id: 'file-input' } };
  if (method === 'GET' && id === undefined) return { body: { data: batches.map(toBatch), has_more: false } };
  if (!batch) return { status: 404, body: { error: { message: 'No such batch.' } } };
  return { body: action === 'content' ? toFile(batch, id === 'file-failures', request) : toBatch(batch) };
}

function toBatch({ id, status, created, rows }: ContentBatch): object {
  const done = status === 'completed' ? rows : [];
  const failed = done.filter(({ error }) => error).length;
  return {
    ...{ id, object: 'batch', status, created_at: created },
    ...(done.length > failed && { output_file_id: 'file-answers' }),
    ...(failed > 0 && { error_file_id: 'file-failures' }),
    request_counts: { total: rows.length, completed: done.length - failed, failed },
  };
}

function toFile({ rows, strayLines = [] }: ContentBatch, ofFailures: boolean, request: ReceivedRequest): string {
  const lines = rows
    .filter(({ error }) => (error !== undefined) === ofFailures)
    .map((row) => JSON.stringify({ custom_id: row.custom_id, response: toResponse(row, request) }));
  return [...(ofFailures ? [] : strayLines), ...lines].join('\n');
}

/** A row is answered as it would be by itself. */
function toResponse(row: ContentRow, request: ReceivedRequest): object {
  const { status = 200, body } = openAIProtocol.whole({ name: 'text', content: row }, request);
  return { status_code: status, body };
}
