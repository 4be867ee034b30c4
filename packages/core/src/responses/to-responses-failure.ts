import { AnyLLMError } from '../errors/any-llm-error.ts';
import type { ErrorCode } from '../errors/error-code.ts';
import { InvalidRequestError, UnsupportedParameterError } from '../errors/errors.ts';

/** A failure as a server of the Responses API tells it. */
export interface ResponsesFailure {
  /** The HTTP status for it. */
  status: number;
  body: { error: { message: string; type: string; code: string | null; param: string | null } };
}

const invalid = 'invalid_request_error';
const failed = [500, 'server_error', 'server_error'] as const;

const meanings: Record<ErrorCode, readonly [status: number, type: string, code: string | null]> = {
  invalid_request: [400, invalid, null],
  unsupported_parameter: [400, invalid, 'unsupported_parameter'],
  context_length_exceeded: [400, invalid, 'context_length_exceeded'],
  content_filter: [400, invalid, 'invalid_prompt'],
  authentication: [401, invalid, 'invalid_api_key'],
  missing_api_key: [401, invalid, 'invalid_api_key'],
  permission_denied: [403, invalid, 'permission_denied'],
  model_not_found: [404, invalid, 'model_not_found'],
  provider_not_found: [404, invalid, 'model_not_found'],
  quota_exceeded: [429, 'insufficient_quota', 'insufficient_quota'],
  rate_limit: [429, 'requests', 'rate_limit_exceeded'],
  overloaded: [503, 'server_error', 'server_error'],
  timeout: [504, 'server_error', 'server_error'],
  provider: failed,
  connection: failed,
  stream_interrupted: failed,
  response_parse: failed,
  invalid_output: failed,
};

/**
 * A failure in the words of the Responses API, for a server that answers in its shape. Of what is not an error of ours
 * nothing is told: its text is not for the other end.
 */
export function toResponsesFailure(error: unknown): ResponsesFailure {
  const known = AnyLLMError.isInstance(error);
  const [status, type, code] = known ? meanings[error.code] : failed;
  const message = known ? error.message : 'the call failed';
  return { status, body: { error: { message, type, code, param: fieldOf(error) ?? null } } };
}

function fieldOf(error: unknown): string | undefined {
  if (InvalidRequestError.isInstance(error)) return error.path;
  return UnsupportedParameterError.isInstance(error) ? error.parameter : undefined;
}
