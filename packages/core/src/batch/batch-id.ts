import type { CallOptions } from '../contract/call-options.ts';
import { InvalidRequestError } from '../errors/errors.ts';
import { parseProviderId } from '../request/model-id.ts';

export interface BatchId {
  provider: string;
  /** The vendor's id, or the path of a journal. */
  own: string;
}

/**
 * Splits `openai/batch_1` and `local:/path` at whichever separator comes first.
 * @param options where they name a provider, the id is its own, with or without the prefix
 * @throws InvalidRequestError with path `id`
 */
export function parseBatchId(id: unknown, { provider: named }: CallOptions): BatchId {
  if (typeof id !== 'string' || id === '') throw malformed();
  const at = id.search(/[/:]/);
  const prefix = at === -1 ? undefined : id.slice(0, at);
  if (named !== undefined && prefix !== named) return { provider: parseProviderId(named, 'options.provider'), own: id };
  if (prefix === undefined || at === id.length - 1) throw malformed();
  return { provider: parseProviderId(prefix, 'id'), own: id.slice(at + 1) };
}

function malformed(): InvalidRequestError {
  const message = 'a batch is known by the `id` of its job, as `openai/batch_1`, or its own id with `options.provider`';
  return new InvalidRequestError(message, { path: 'id' });
}
