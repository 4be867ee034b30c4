import {
  AnyLLMError,
  InvalidRequestError,
  MissingApiKeyError,
  ModelNotFoundError,
  ProviderError,
  ResponseParseError,
  UnsupportedParameterError,
} from '@anyllm/core/provider';
import { errorFromEvent, errorFromResponse, errorFromTransport } from '@anyllm/provider-kit';

interface ErrorContext {
  providerId: string;
  model: string;
}

/** What AI SDK's errors, and the ones that their streams report, may hold. */
interface TheirError {
  name?: unknown;
  message?: unknown;
  statusCode?: unknown;
  responseHeaders?: Record<string, string>;
  responseBody?: unknown;
  url?: unknown;
  cause?: unknown;
  code?: unknown;
  data?: unknown;
}

/**
 * The error of ours that one of theirs stands for. It has theirs not as its cause: that holds the prompt, and would be
 * printed along. What is not theirs, our own included, comes back as it is. Never throws.
 */
export function toError(error: unknown, context: ErrorContext): unknown {
  if (AnyLLMError.isInstance(error)) return error;
  const theirs = Object(error) as TheirError;
  const { name } = theirs;
  if (name === 'AI_APICallError') return fromCall(theirs, context);
  if (typeof name === 'string' && name.startsWith('AI_')) return fromName(name, theirs, context);
  return fromStream(error, theirs, context);
}

function fromCall(theirs: TheirError, context: ErrorContext): AnyLLMError {
  const { providerId: provider, model } = context;
  const { statusCode: status, responseHeaders: headers = {}, responseBody } = theirs;
  if (typeof status !== 'number') return fromConnection(theirs, context);
  if (status < 300) return unreadable(context);
  const body = typeof responseBody === 'string' ? responseBody : '';
  return errorFromResponse({ provider, model, status, headers, body });
}

/** Only what lies below their error is shown as the cause. */
function fromConnection({ cause, url }: TheirError, { providerId: provider, model }: ErrorContext): AnyLLMError {
  return errorFromTransport(cause, { provider, model, baseURL: typeof url === 'string' ? url : '' });
}

/** An error of a stream has its vendor's event with it; other failures under way are those of the connection. */
function fromStream(error: unknown, theirs: TheirError, context: ErrorContext): unknown {
  const { providerId: provider, model } = context;
  if (error instanceof Error) return isNetworkError(error) ? fromConnection({ cause: error }, context) : error;
  const { data, message, statusCode } = theirs;
  const body = data ?? { error: { message: typeof message === 'string' ? message : error, status: statusCode } };
  return errorFromEvent({ provider, model, body });
}

/** `fetch` fails with a `TypeError`, whose cause has a code. */
function isNetworkError(error: Error): boolean {
  return error instanceof TypeError || 'code' in error || 'code' in Object(error.cause);
}

/** Their messages may quote prompt and answer, so that ours are made here. */
function fromName(name: string, theirs: TheirError, context: ErrorContext): AnyLLMError {
  const { providerId: provider, model } = context;
  const details = { provider, model };
  switch (name) {
    case 'AI_LoadAPIKeyError':
      return new MissingApiKeyError(`${provider}: no API key; give it to the AI SDK model`, details);
    case 'AI_NoSuchModelError':
      return new ModelNotFoundError(`${provider}: there is no model \`${model}\``, details);
    case 'AI_UnsupportedFunctionalityError':
      return new UnsupportedParameterError(`${provider}: ${String(theirs.message)}`, details);
    case 'AI_InvalidPromptError':
    case 'AI_InvalidArgumentError':
    case 'AI_LoadSettingError':
    case 'AI_NoSuchProviderReferenceError':
      return new InvalidRequestError(`${provider}: the AI SDK model refuses the request (${name})`, details);
    case 'AI_JSONParseError':
    case 'AI_TypeValidationError':
    case 'AI_EmptyResponseBodyError':
    case 'AI_InvalidResponseDataError':
    case 'AI_NoContentGeneratedError':
      return unreadable(context);
    default:
      return new ProviderError(`${provider}: the AI SDK model failed (${name})`, details);
  }
}

function unreadable({ providerId: provider, model }: ErrorContext): AnyLLMError {
  return new ResponseParseError(`${provider}: the answer cannot be read`, { provider, model, retryable: true });
}
