export type { Compare, ComparedRow, CompareOptions, CompareProgress, Comparison } from './client/compare.ts';
export {
  type Client,
  type ClientSettings,
  createClient,
  type ModelIdOf,
} from './client/create-client.ts';
export type { Completion } from './client/create-completion.ts';
export { compare, completion, gather } from './client/default-client.ts';
export type { CompletionStream } from './completion/completion-stream.ts';
export { currentTask } from './concurrency/current-task.ts';
export type {
  FulfilledRow,
  Gather,
  Gathering,
  GatherOptions,
  GatherProgress,
  RejectedRow,
  SettledRow,
  Task,
  TaskContext,
  TaskFunction,
} from './concurrency/gathering.ts';
export { type MapConcurrentOptions, mapConcurrent } from './concurrency/map-concurrent.ts';
export { type RaceOptions, race } from './concurrency/race.ts';
export { type TimedTask, type WithTimeoutOptions, withTimeout } from './concurrency/with-timeout.ts';
export type * from './contract/call-meta.ts';
export type * from './contract/call-options.ts';
export type * from './contract/chat-completion.ts';
export type * from './contract/chat-request.ts';
export type { Capabilities, Provider } from './contract/provider.ts';
export type { Transport } from './contract/transport.ts';
export { AnyLLMError } from './errors/any-llm-error.ts';
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
export { registerProvider } from './registry/registry.ts';
