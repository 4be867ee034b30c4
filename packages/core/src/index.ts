export type {
  Compare,
  ComparedRequest,
  ComparedRow,
  CompareOptions,
  CompareProgress,
  Comparison,
} from './client/compare.ts';
export {
  type Client,
  type ClientSettings,
  createClient,
  type ModelIdOf,
} from './client/create-client.ts';
export type { CompletionFunction } from './client/create-completion.ts';
export {
  compare,
  countTokens,
  embedding,
  gather,
  imageEdit,
  imageGeneration,
  listModels,
  messages,
  moderation,
  rerank,
  responses,
  runTools,
  speech,
  transcription,
} from './client/default-client.ts';
export { completion } from './client/default-completion.ts';
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
export type { BatchCounts, BatchProblem, BatchStatus } from './contract/batch.ts';
export type * from './contract/call-meta.ts';
export type * from './contract/call-options.ts';
export type * from './contract/chat-completion.ts';
export type * from './contract/chat-request.ts';
export type * from './contract/embedding.ts';
export type * from './contract/file-input.ts';
export type * from './contract/image.ts';
export type * from './contract/messages.ts';
export type { ListedModel, ModelCapability } from './contract/models.ts';
export type * from './contract/moderation.ts';
export type { Capabilities, Provider } from './contract/provider.ts';
export type * from './contract/rerank.ts';
export type * from './contract/responses.ts';
export type * from './contract/speech.ts';
export type * from './contract/structured-output.ts';
export type * from './contract/token-count.ts';
export type * from './contract/transcription.ts';
export type { Transport } from './contract/transport.ts';
export { AnyLLMError, type FailedTask, type GaveUp } from './errors/any-llm-error.ts';
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
  type OutputFault,
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
export type { MessagesFunction } from './messages/create-messages.ts';
export type { MessagesStream } from './messages/messages-stream.ts';
export { type MessagesFailure, toMessagesFailure } from './messages/to-messages-failure.ts';
export type { CountTokensFunction } from './operations/count-tokens.ts';
export type { EmbeddingFunction } from './operations/embedding.ts';
export type { EmbeddingStream } from './operations/embedding-stream.ts';
export type { EventStream } from './operations/event-stream.ts';
export type { ImageEditFunction } from './operations/image-edit.ts';
export type { ImageGenerationFunction } from './operations/image-generation.ts';
export type { ListModelsFunction, ListModelsOptions, ModelList } from './operations/list-models.ts';
export type { ModerationFunction } from './operations/moderation.ts';
export type { RerankFunction } from './operations/rerank.ts';
export type { SpeechFunction } from './operations/speech.ts';
export type { SpeechStream } from './operations/speech-stream.ts';
export type { TranscriptionFunction } from './operations/transcription.ts';
export type { BalancedModel, BalanceOptions, BalanceStrategy } from './policy/balance/balance-options.ts';
export { type BalancedRun, type Balancer, createBalancer } from './policy/balance/balancer.ts';
export type { CircuitBreakerOptions } from './policy/breaker/breaker-options.ts';
export type { CircuitBreaker, Permit, Refusal } from './policy/breaker/circuit-breaker.ts';
export { createCircuitBreaker } from './policy/breaker/create-circuit-breaker.ts';
export type { BudgetOptions } from './policy/cost/budget.ts';
export type { ModelPrice, PriceTable } from './policy/cost/price-table.ts';
export type { Spent } from './policy/cost/spending.ts';
export type { FallbackOptions } from './policy/fallback.ts';
export { type HedgeRunOptions, type HedgeTask, hedge } from './policy/hedge/hedge.ts';
export { createHedger, type HedgeOptions, type Hedger } from './policy/hedge/hedger.ts';
export { createLimiter } from './policy/limits/create-limiter.ts';
export type { ProviderLimits } from './policy/limits/limit-lanes.ts';
export type { LimitSettings } from './policy/limits/limit-settings.ts';
export type { LimitStore } from './policy/limits/limit-store.ts';
export type { AcquireOptions, Lease, Limiter, LimiterStats, LimitFeedback } from './policy/limits/limiter.ts';
export { type RetryRunOptions, type RetryTask, retry } from './policy/retry/retry.ts';
export { createRetryBudget, type RetryBudget } from './policy/retry/retry-budget.ts';
export type { RetryNotice, RetryOptions, RetrySettings } from './policy/retry/retry-policy.ts';
export { registerProvider } from './registry/registry.ts';
export type { ResponsesFunction } from './responses/create-responses.ts';
export type { ResponsesStream } from './responses/responses-stream.ts';
export { type ResponsesFailure, toResponsesFailure } from './responses/to-responses-failure.ts';
export type { AnyJsonSchema, JsonSchema } from './schema/json-keywords.ts';
export { jsonSchema } from './schema/json-schema.ts';
export type {
  InferInput,
  InferOutput,
  StandardIssue,
  StandardJsonSchema,
  StandardResult,
  StandardSchema,
} from './schema/standard-schema.ts';
export type { SchemaIssue } from './schema/validate.ts';
export type { StructuredStream } from './structured/structured-stream.ts';
export type { RunTools } from './tools/run-tools.ts';
export { type RunnableTool, type ToolContext, type ToolDefinition, tool } from './tools/tool.ts';
export type * from './tools/tool-run.ts';
