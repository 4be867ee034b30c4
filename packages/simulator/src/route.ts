import { type BatchEndpoint, toBatchRoute } from './batch-route.ts';
import type { DialectName } from './recorded-request.ts';

/** What a path asks for. */
export interface Route {
  dialect: DialectName;
  endpoint: Endpoint;
  /** The path without the dialect's prefix and the query. */
  path: string;
  /** The model, file or batch named in the path. */
  id?: string;
}

export type Endpoint =
  | 'apply-template'
  | BatchEndpoint
  | 'chat'
  | 'chat-moderations'
  | 'embeddings'
  | 'input-tokens'
  | 'liveness'
  | 'model'
  | 'models'
  | 'moderations'
  | 'responses'
  | 'rerank'
  | 'show'
  | 'tokenize'
  | 'unknown'
  | 'version';

const ENDPOINTS: Record<DialectName, Record<string, Endpoint>> = {
  openai: {
    'POST /v1/chat/completions': 'chat',
    'GET /v1/models': 'models',
    'POST /v1/embeddings': 'embeddings',
    'POST /v1/moderations': 'moderations',
    'POST /v1/responses': 'responses',
    'POST /v1/rerank': 'rerank',
    'POST /v2/rerank': 'rerank',
    'POST /v1/responses/input_tokens': 'input-tokens',
    'POST /apply-template': 'apply-template',
    'POST /tokenize': 'tokenize',
  },
  mistral: {
    'POST /v1/chat/completions': 'chat',
    'GET /v1/models': 'models',
    'POST /v1/embeddings': 'embeddings',
    'POST /v1/moderations': 'moderations',
    'POST /v1/chat/moderations': 'chat-moderations',
  },
  ollama: {
    'POST /api/chat': 'chat',
    'GET /api/tags': 'models',
    'POST /api/embed': 'embeddings',
    'POST /api/show': 'show',
    'GET /api/version': 'version',
    'GET /': 'liveness',
    'HEAD /': 'liveness',
  },
};

/** Finds the endpoint; undefined when the path begins with no dialect. */
export function toRoute(method: string, url: string): Route | undefined {
  const [, prefix, rest] = /^\/([^/?]*)([^?]*)/.exec(url) ?? [];
  if (!isDialect(prefix)) return undefined;
  const path = rest || '/';
  const endpoint = ENDPOINTS[prefix][`${method} ${path}`];
  if (endpoint) return { dialect: prefix, endpoint, path };
  const model = method === 'GET' && prefix !== 'ollama' ? /^\/v1\/models\/(.+)/.exec(path)?.[1] : undefined;
  if (model) return { dialect: prefix, endpoint: 'model', path, id: decodeURIComponent(model) };
  const batch = toBatchRoute(method, prefix, path);
  if (batch) return { dialect: prefix, path, ...batch };
  return { dialect: prefix, endpoint: 'unknown', path };
}

/** Files and batches are answered alike for all who have them. */
export function isBatchRoute({ endpoint }: Route): boolean {
  return /^(file|batch)/.test(endpoint);
}

function isDialect(name: string | undefined): name is DialectName {
  return name !== undefined && Object.hasOwn(ENDPOINTS, name);
}
