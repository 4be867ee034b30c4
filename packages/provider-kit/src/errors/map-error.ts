import {
  type AnyLLMError,
  AuthenticationError,
  ContentFilterError,
  ContextLengthExceededError,
  type ErrorDetails,
  InvalidRequestError,
  ModelNotFoundError,
  OverloadedError,
  PermissionDeniedError,
  ProviderError,
  QuotaExceededError,
  RateLimitError,
  type ResponseHeaders,
  UnsupportedParameterError,
} from '@anyllm/core/provider';
import { type ErrorBody, parseErrorBody } from './error-body.ts';
import { classifyError, type ErrorKind, inferStatus } from './error-kind.ts';
import { headerValue } from './header-value.ts';
import { foldLine, redact, redactKey } from './redact.ts';
import { parseRequestId } from './request-id.ts';
import { parseRetryAfter } from './retry-after.ts';

/** A refusal as it came: status, headers and body. */
export interface ErrorResponse {
  provider: string;
  model?: string | undefined;
  status: number;
  headers: ResponseHeaders;
  /** The text of the answer; empty when there is none or it could not be read. */
  body: string;
  /** Is cut out of everything that the vendor says. */
  apiKey?: string | undefined;
  context?: {
    /** The environment variable that holds the key, for the message. */
    apiKeyEnv?: string | undefined;
  };
}

/** A failure that stands inside an answer whose status said all was well. */
export interface ErrorEvent {
  provider: string;
  model?: string | undefined;
  /** The event or the answer, parsed; or its text when it is not JSON. */
  body: unknown;
  /** Of the answer that held the event. */
  requestId?: string | undefined;
  /** Is cut out of everything that the vendor says. */
  apiKey?: string | undefined;
}

interface Meaning {
  create: new (message: string, details: ErrorDetails & { path?: string; parameter?: string }) => AnyLLMError;
  /** What failed, for the message. */
  says: string;
  /** What to do, where the vendor's words do not tell. */
  advice?: string;
  retryable?: boolean;
}

/**
 * The class of each kind. `ProviderError` takes what a caller would not treat apart: a wrong address (404 without a
 * model, redirects) and a vendor's own failures, of which conflicts (409), time-outs at the vendor (408, 504) and 5xx
 * may pass. `TimeoutError` is for our own limits alone, since it names the phase.
 */
const meanings: Record<ErrorKind, Meaning> = {
  authentication: { create: AuthenticationError, says: 'authentication failed', advice: 'check the API key' },
  permission: { create: PermissionDeniedError, says: 'permission denied', advice: 'check what the API key may do' },
  quota: { create: QuotaExceededError, says: 'quota used up', advice: 'check plan and billing' },
  rate_limit: { create: RateLimitError, says: 'rate limited', retryable: true },
  model_not_found: { create: ModelNotFoundError, says: 'model not found' },
  not_found: { create: ProviderError, says: 'not found', advice: 'check the base URL' },
  invalid_request: { create: InvalidRequestError, says: 'invalid request' },
  unsupported: { create: UnsupportedParameterError, says: 'unsupported parameter' },
  context_length: {
    create: ContextLengthExceededError,
    says: 'context length exceeded',
    advice: 'shorten the messages',
  },
  content_filter: { create: ContentFilterError, says: 'blocked by the content filter' },
  conflict: { create: ProviderError, says: 'conflict', retryable: true },
  overloaded: { create: OverloadedError, says: 'overloaded', retryable: true },
  server: { create: ProviderError, says: 'server error', retryable: true },
  timeout: { create: ProviderError, says: 'timed out at the vendor', retryable: true },
  cancelled: { create: ProviderError, says: 'cancelled at the vendor' },
  invalid_output: { create: ProviderError, says: 'the model did not write a valid tool call or JSON', retryable: true },
  redirect: { create: ProviderError, says: 'redirected', advice: 'redirects are not followed; check the base URL' },
  unknown: { create: ProviderError, says: 'unexpected answer' },
};

const MAX_VENDOR_MESSAGE_LENGTH = 300;

/** The error that an answer with a failure status stands for. Never throws. */
export function errorFromResponse({ context, ...response }: ErrorResponse): AnyLLMError {
  const { apiKey, status, headers } = response;
  const body = parseErrorBody(redactKey(response.body, apiKey));
  const kind = classifyError(status, body);
  const advice =
    kind === 'authentication' && context?.apiKeyEnv ? `check the API key in ${context.apiKeyEnv}` : undefined;
  const destination = kind === 'redirect' ? redirectOrigin(headers) : undefined;
  return createError({
    ...response,
    kind,
    body,
    requestId: parseRequestId(headers) ?? body.requestId,
    ...(advice !== undefined && { advice }),
    ...(destination !== undefined && { destination }),
  });
}

/** The error that a failure inside a successful answer stands for: an event of a stream or a whole body. Never throws. */
export function errorFromEvent(event: ErrorEvent): AnyLLMError {
  const body = parseErrorBody(redactKey(toText(event.body), event.apiKey));
  const status = inferStatus(body);
  const requestId = event.requestId ?? body.requestId;
  return createError({ ...event, headers: {}, status, kind: classifyError(status, body), body, requestId });
}

interface Failure {
  provider: string;
  model?: string | undefined;
  status: number;
  headers: ResponseHeaders;
  apiKey?: string | undefined;
  kind: ErrorKind;
  body: ErrorBody;
  requestId: string | undefined;
  advice?: string;
  destination?: string;
}

function createError(failure: Failure): AnyLLMError {
  const { provider, model, status, headers, kind, body, apiKey } = failure;
  const meaning = meanings[kind];
  const retryable = shouldRetry(headers) ?? (meaning.retryable === true && status !== 413);
  const waitMs = retryable && kind !== 'quota' ? parseRetryAfter(withBodyHeaders(failure), body.message) : undefined;
  const requestId = failure.requestId === undefined ? undefined : redact(failure.requestId, apiKey);
  const field = body.param === undefined ? undefined : foldLine(redact(body.param, apiKey), 100);
  return new meaning.create(describe(failure, meaning, waitMs, requestId), {
    ...{ provider, model, status, requestId, retryable, retryAfterMs: waitMs },
    ...(field !== undefined && { path: field, parameter: field }),
  });
}

/** `mistral: rate limited (429): vendor's words; what to do, retry after 2000 ms, request id abc` */
function describe(failure: Failure, { says, advice }: Meaning, waitMs: number | undefined, requestId?: string): string {
  const words = foldLine(redact(failure.body.message, failure.apiKey), MAX_VENDOR_MESSAGE_LENGTH).replace(
    /[.:;,\s]+$/,
    '',
  );
  const doing = failure.advice ?? advice;
  const message = [
    `${failure.provider}: ${says} (${failure.status})`,
    failure.destination && ` to ${failure.destination}`,
    words && `: ${words}`,
    doing && `; ${doing}`,
    waitMs !== undefined && `, retry after ${waitMs} ms`,
    requestId && `, request id ${requestId}`,
  ];
  return redactKey(message.filter(Boolean).join(''), failure.apiKey);
}

/** The vendor's own opinion, which wins over ours. */
function shouldRetry(headers: ResponseHeaders): boolean | undefined {
  const value = headerValue(headers, 'x-should-retry');
  return value === 'true' ? true : value === 'false' ? false : undefined;
}

/** OpenRouter hands on the headers of the vendor behind it in `error.metadata.headers`. */
function withBodyHeaders({ headers, body }: Failure): ResponseHeaders {
  const { details } = body;
  const inner = typeof details === 'object' && details !== null && 'headers' in details ? details.headers : undefined;
  if (typeof inner !== 'object' || inner === null) return headers;
  const entries = Object.entries(inner)
    .filter(([, value]) => typeof value === 'string' || typeof value === 'number')
    .map(([name, value]) => [name.toLowerCase(), String(value)]);
  return { ...Object.fromEntries(entries), ...headers };
}

/** Only the origin: path and query may hold a secret. A relative location leads to the same origin. */
function redirectOrigin(headers: ResponseHeaders): string | undefined {
  const location = headerValue(headers, 'location');
  return location !== undefined && URL.canParse(location) ? new URL(location).origin : undefined;
}

/** Through text, so that a key is cut out before anything is read. */
function toText(body: unknown): string {
  if (typeof body === 'string') return body;
  try {
    return JSON.stringify(body) ?? '';
  } catch {
    return ''; // nested deeper than the stack
  }
}
