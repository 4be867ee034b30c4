export type * from './contract/batch.ts';
export type { AttemptRecord, RateLimitBucket, RateLimitSnapshot, Warning } from './contract/call-meta.ts';
export type { ProviderConfig, TimeoutPhase, Timeouts } from './contract/call-options.ts';
export type * from './contract/chat-completion.ts';
export type * from './contract/chat-request.ts';
export type * from './contract/embedding.ts';
export type * from './contract/image.ts';
export type * from './contract/models.ts';
export type * from './contract/moderation.ts';
export type * from './contract/operations.ts';
export type {
  AttemptObserver,
  BasicParameter,
  Capabilities,
  ChatRequest,
  ChunkBatch,
  Clock,
  Connection,
  ContentKind,
  Provider,
  ProviderContext,
} from './contract/provider.ts';
export type * from './contract/rerank.ts';
export type * from './contract/responses.ts';
export type * from './contract/speech.ts';
export type * from './contract/token-count.ts';
export type * from './contract/transcription.ts';
export type * from './contract/transport.ts';
export { AnyLLMError, type ErrorDetails } from './errors/any-llm-error.ts';
export type { ErrorCode } from './errors/error-code.ts';
export {
  AuthenticationError,
  ConnectionError,
  ContentFilterError,
  ContextLengthExceededError,
  InvalidOutputError,
  InvalidRequestError,
  MissingApiKeyError,
  ModelNotFoundError,
  OverloadedError,
  PermissionDeniedError,
  ProviderError,
  ProviderNotFoundError,
  QuotaExceededError,
  RateLimitError,
  ResponseParseError,
  StreamInterruptedError,
  TimeoutError,
  UnsupportedParameterError,
} from './errors/errors.ts';
export { onDemand } from './on-demand.ts';
export { defineProvider, type ProviderDefinition } from './registry/define-provider.ts';
export { registerProvider } from './registry/registry.ts';
export { remember } from './remember.ts';
