import type { DialectName } from './recorded-request.ts';

export type BatchEndpoint = 'files' | 'file' | 'file-content' | 'batches' | 'batch' | 'batch-cancel';

const BATCHES: Partial<Record<DialectName, string>> = { openai: '/v1/batches', mistral: '/v1/batch/jobs' };

/** The endpoints for files and batches; undefined for all others. */
export function toBatchRoute(
  method: string,
  dialect: DialectName,
  path: string,
): { endpoint: BatchEndpoint; id?: string } | undefined {
  const batches = BATCHES[dialect];
  if (batches === undefined) return undefined;
  const [, collection, id, action] = new RegExp(`^(/v1/files|${batches})(?:/([^/]+))?(?:/([^/]+))?$`).exec(path) ?? [];
  if (collection === undefined) return undefined;
  const endpoint =
    ENDPOINTS[`${method} ${collection === '/v1/files' ? 'file' : 'batch'} ${id ? 'id' : ''} ${action ?? ''}`];
  return endpoint && { endpoint, ...(id && { id: decodeURIComponent(id) }) };
}

const ENDPOINTS: Record<string, BatchEndpoint> = {
  'POST file  ': 'files',
  'GET file  ': 'files',
  'GET file id ': 'file',
  'DELETE file id ': 'file',
  'GET file id content': 'file-content',
  'POST batch  ': 'batches',
  'GET batch  ': 'batches',
  'GET batch id ': 'batch',
  'POST batch id cancel': 'batch-cancel',
};
