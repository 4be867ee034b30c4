import { InvalidRequestError } from '@anyllm/core/provider';

/**
 * What `provider_options.ollama` may hold. The fields of `/api/chat` itself are named here; every other key is a
 * model option and goes into `options`, so that one which a later server adds needs no release of ours.
 * Source: Ollama's API reference, "Generate a chat completion".
 */
export interface OllamaOptions {
  /** Seconds, or a duration such as `"5m"`, for which the model stays loaded; below 0 for ever. Default five minutes. */
  keep_alive?: number | string;
  /** Wins over `reasoning_effort`. Default: a model that can think does. */
  think?: boolean | 'low' | 'medium' | 'high' | 'max';
  /** `false`: a conversation that is too long is an error, not cut at its beginning. Default `true`. */
  truncate?: boolean;
  /** `false`: a full context ends the answer with `length`. Default `true`: its beginning makes room. */
  shift?: boolean;
  /** Model options as a whole; they win over the keys beside it. */
  options?: Record<string, unknown>;
  /** Tokens of context. Default: by the server's memory. A change loads the model anew. */
  num_ctx?: number;
  top_k?: number;
  min_p?: number;
  typical_p?: number;
  repeat_penalty?: number;
  repeat_last_n?: number;
  num_keep?: number;
  /** Any other model option. */
  [option: string]: unknown;
}

const topLevel: ReadonlySet<string> = new Set([
  'format',
  'keep_alive',
  'logprobs',
  'shift',
  'think',
  'tools',
  'top_logprobs',
  'truncate',
]);

type Fields = Record<string, unknown>;

/**
 * Sorts them into the fields of the request and those of its `options`.
 * @throws InvalidRequestError for what only the request itself can say
 */
export function splitOllamaOptions(own: OllamaOptions = {}): { fields: Fields; options: Fields } {
  const { options: nested = {}, ...flat } = own;
  if (!isObject(nested)) throw wrong('options', 'must be an object');
  const fields: Fields = {};
  const options: Fields = {};
  for (const [name, value] of Object.entries(flat)) {
    if (value === undefined) continue;
    if (name === 'model' || name === 'messages' || name === 'stream')
      throw wrong(name, 'belongs in the request itself');
    if (topLevel.has(name)) fields[name] = name === 'keep_alive' ? toKeepAlive(value) : value;
    else options[name] = value;
  }
  return { fields, options: { ...options, ...nested } };
}

/** The server takes seconds only as a number, and refuses a text without a unit. */
function toKeepAlive(value: unknown): unknown {
  return typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrong(name: string, complaint: string): InvalidRequestError {
  const path = `provider_options.ollama.${name}`;
  return new InvalidRequestError(`ollama: \`${path}\` ${complaint}`, { provider: 'ollama', path });
}
