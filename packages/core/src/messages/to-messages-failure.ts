import { AnyLLMError } from '../errors/any-llm-error.ts';
import type { ErrorCode } from '../errors/error-code.ts';

/** A failure as a server of the Messages API tells it. */
export interface MessagesFailure {
  /** The HTTP status for it. */
  status: number;
  body: { type: 'error'; error: { type: string; message: string } };
}

const invalid = [400, 'invalid_request_error'] as const;
const failed = [500, 'api_error'] as const;

const meanings: Record<ErrorCode, readonly [status: number, type: string]> = {
  invalid_request: invalid,
  unsupported_parameter: invalid,
  context_length_exceeded: invalid,
  content_filter: invalid,
  authentication: [401, 'authentication_error'],
  missing_api_key: [401, 'authentication_error'],
  permission_denied: [403, 'permission_error'],
  model_not_found: [404, 'not_found_error'],
  provider_not_found: [404, 'not_found_error'],
  quota_exceeded: [402, 'billing_error'],
  rate_limit: [429, 'rate_limit_error'],
  overloaded: [529, 'overloaded_error'],
  timeout: [504, 'timeout_error'],
  provider: failed,
  connection: failed,
  stream_interrupted: failed,
  response_parse: failed,
  invalid_output: failed,
};

/**
 * A failure in the words of the Messages API, for a server that answers in its shape. Of what is not an error of ours
 * nothing is told: its text is not for the other end.
 */
export function toMessagesFailure(error: unknown): MessagesFailure {
  const known = AnyLLMError.isInstance(error);
  const [status, type] = known ? meanings[error.code] : failed;
  return { status, body: { type: 'error', error: { type, message: known ? error.message : 'the call failed' } } };
}
