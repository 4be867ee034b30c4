import type { TimeoutPhase } from '../contract/call-options.ts';
import type { ChatCompletion, Usage } from '../contract/chat-completion.ts';
import type { MessagesResult } from '../contract/messages.ts';
import type { ResponsesResult } from '../contract/responses.ts';
import type { SchemaIssue } from '../schema/validate.ts';
import { AnyLLMError, type ErrorDetails } from './any-llm-error.ts';

/** As much of a streamed answer as had come when it failed, in the shape that was asked for: at most one of them. */
export interface PartialAnswer {
  partial?: ChatCompletion | undefined;
  partialMessage?: MessagesResult | undefined;
  partialResponse?: ResponsesResult | undefined;
}

/** The request or an option is wrong: nothing was sent, or the vendor refused it as malformed. */
export class InvalidRequestError extends AnyLLMError {
  static override readonly code = 'invalid_request';
  declare readonly code: 'invalid_request';
  /** The wrong field, as `messages[0].content`. */
  declare readonly path?: string;

  constructor(message: string, details: ErrorDetails & { path?: string | undefined } = {}) {
    super(message, details);
    if (details.path !== undefined) this.path = details.path;
  }
}

/** The request asks for what the provider or model cannot do. */
export class UnsupportedParameterError extends AnyLLMError {
  static override readonly code = 'unsupported_parameter';
  declare readonly code: 'unsupported_parameter';
  /** The request's field, as `tools` or `messages[0].content[1]`. */
  declare readonly parameter?: string;

  constructor(message: string, details: ErrorDetails & { parameter?: string | undefined } = {}) {
    super(message, details);
    if (details.parameter !== undefined) this.parameter = details.parameter;
  }
}

/** No provider of that name is registered or installed. */
export class ProviderNotFoundError extends AnyLLMError {
  static override readonly code = 'provider_not_found';
  declare readonly code: 'provider_not_found';
}

/** No key was given where the vendor needs one. */
export class MissingApiKeyError extends AnyLLMError {
  static override readonly code = 'missing_api_key';
  declare readonly code: 'missing_api_key';
}

/** The vendor does not accept the key. */
export class AuthenticationError extends AnyLLMError {
  static override readonly code = 'authentication';
  declare readonly code: 'authentication';
}

/** The key is good but may not do this. */
export class PermissionDeniedError extends AnyLLMError {
  static override readonly code = 'permission_denied';
  declare readonly code: 'permission_denied';
}

/** The vendor has no such model, or not for this key. */
export class ModelNotFoundError extends AnyLLMError {
  static override readonly code = 'model_not_found';
  declare readonly code: 'model_not_found';
}

/** The conversation is longer than the model's context. */
export class ContextLengthExceededError extends AnyLLMError {
  static override readonly code = 'context_length_exceeded';
  declare readonly code: 'context_length_exceeded';
}

/** The vendor blocked the request for its content, or the rest of an answer that was to fit a schema. */
export class ContentFilterError extends AnyLLMError {
  static override readonly code = 'content_filter';
  declare readonly code: 'content_filter';
  /** The answer as far as it was let through. */
  declare readonly partial?: ChatCompletion;

  constructor(message: string, details: ErrorDetails & { partial?: ChatCompletion | undefined } = {}) {
    super(message, details);
    hide(this, 'partial', details.partial);
  }
}

/** Too many requests or tokens in a span of time: waiting helps. */
export class RateLimitError extends AnyLLMError {
  static override readonly code = 'rate_limit';
  declare readonly code: 'rate_limit';
}

/** Credits or a budget are used up: waiting does not help. */
export class QuotaExceededError extends AnyLLMError {
  static override readonly code = 'quota_exceeded';
  declare readonly code: 'quota_exceeded';
}

/** The vendor has no capacity at the moment. */
export class OverloadedError extends AnyLLMError {
  static override readonly code = 'overloaded';
  declare readonly code: 'overloaded';
}

/** Any other failure that the vendor reports. */
export class ProviderError extends AnyLLMError {
  static override readonly code = 'provider';
  declare readonly code: 'provider';
}

/** No connection, or it broke before an answer came. */
export class ConnectionError extends AnyLLMError {
  static override readonly code = 'connection';
  declare readonly code: 'connection';
}

/** A time limit passed. */
export class TimeoutError extends AnyLLMError {
  static override readonly code = 'timeout';
  declare readonly code: 'timeout';
  /** Which of the limits it was. */
  readonly phase: TimeoutPhase;
  /** The limit in milliseconds. */
  readonly timeoutMs: number;
  /** What a stream of `completion` had delivered until then. */
  declare readonly partial?: ChatCompletion;
  /** Likewise of `messages`. A call of a tool whose input had not come whole is not in it. */
  declare readonly partialMessage?: MessagesResult;
  /** Likewise of `responses`. It and the items that had not come whole are `incomplete`. */
  declare readonly partialResponse?: ResponsesResult;

  constructor(message: string, details: ErrorDetails & PartialAnswer & { phase: TimeoutPhase; timeoutMs: number }) {
    super(message, details);
    this.phase = details.phase;
    this.timeoutMs = details.timeoutMs;
    keepPartial(this, details);
  }
}

/** A stream ended before the answer did. `cause` tells why, where that is known. */
export class StreamInterruptedError extends AnyLLMError {
  static override readonly code = 'stream_interrupted';
  declare readonly code: 'stream_interrupted';
  /** What had arrived of a `completion` until then, usage included where it was known. */
  declare readonly partial?: ChatCompletion;
  /** Likewise of `messages`. A call of a tool whose input had not come whole is not in it. */
  declare readonly partialMessage?: MessagesResult;
  /** Likewise of `responses`. It and the items that had not come whole are `incomplete`. */
  declare readonly partialResponse?: ResponsesResult;

  constructor(message: string, details: ErrorDetails & PartialAnswer = {}) {
    super(message, details);
    keepPartial(this, details);
  }
}

/** The vendor answered with something that cannot be read. */
export class ResponseParseError extends AnyLLMError {
  static override readonly code = 'response_parse';
  declare readonly code: 'response_parse';
}

/**
 * Why an output is of no use: `json`: it is not JSON; `schema`: it does not fit; `length`: it was cut off before its
 * end; `refusal`: the model declined to answer.
 */
export type OutputFault = 'json' | 'schema' | 'length' | 'refusal';

export interface OutputDetails extends ErrorDetails {
  reason?: OutputFault | undefined;
  text?: string | undefined;
  issues?: readonly SchemaIssue[] | undefined;
  partial?: ChatCompletion | undefined;
}

/** Structured output or tool arguments that do not fit their schema, or never came. */
export class InvalidOutputError extends AnyLLMError {
  static override readonly code = 'invalid_output';
  declare readonly code: 'invalid_output';
  declare readonly reason?: OutputFault;
  /** What the model wrote. */
  declare readonly text?: string;
  /** Where it does not fit, in the validator's words. */
  declare readonly issues?: readonly SchemaIssue[];
  /** The whole answer, with its finish reason and a refusal's words. */
  declare readonly partial?: ChatCompletion;
  /** What the call has cost until then: it is paid for all the same. */
  declare readonly usage?: Usage;

  constructor(message: string, details: OutputDetails = {}) {
    super(message, details);
    const { reason, text, issues, partial } = details;
    if (reason !== undefined) this.reason = reason;
    if (partial?.usage !== undefined) this.usage = partial.usage;
    hide(this, 'text', text);
    hide(this, 'issues', issues);
    hide(this, 'partial', partial);
  }
}

/** All of them. An object of all that this module exports would be in every bundle. */
export const errorClasses = [
  InvalidRequestError,
  UnsupportedParameterError,
  ProviderNotFoundError,
  MissingApiKeyError,
  AuthenticationError,
  PermissionDeniedError,
  ModelNotFoundError,
  ContextLengthExceededError,
  ContentFilterError,
  RateLimitError,
  QuotaExceededError,
  OverloadedError,
  ProviderError,
  ConnectionError,
  TimeoutError,
  StreamInterruptedError,
  ResponseParseError,
  InvalidOutputError,
] as const;

function keepPartial(error: AnyLLMError, { partial, partialMessage, partialResponse }: PartialAnswer): void {
  hide(error, 'partial', partial);
  hide(error, 'partialMessage', partialMessage);
  hide(error, 'partialResponse', partialResponse);
}

/** An answer may repeat the prompt: it is there to be read, but is not printed with the error. */
function hide(error: AnyLLMError, name: string, value: unknown): void {
  if (value !== undefined) Object.defineProperty(error, name, { value });
}
