/**
 * The part of AI SDK's language-model specification, version 4, that the bridge reads and writes, in types of our own:
 * whoever has only one side installed can still compile. `specification.test-d.ts` holds them against the real ones.
 * Source: `@ai-sdk/provider` 4.0.
 */

export type JsonValue = null | string | number | boolean | Readonly<JsonObject> | readonly JsonValue[];
export type JsonObject = { [key: string]: JsonValue | undefined };

/** By the name of the provider that they are from or for. */
export type ProviderMetadata = Record<string, JsonObject>;

interface WithOptions {
  providerOptions?: ProviderMetadata;
}

export type FileData =
  | { type: 'data'; data: Uint8Array | string }
  | { type: 'url'; url: URL }
  | { type: 'reference'; reference: Record<string, string> & { type?: never } }
  | { type: 'text'; text: string };

export interface TextPart extends WithOptions {
  type: 'text';
  text: string;
}

export interface FilePart extends WithOptions {
  type: 'file';
  filename?: string;
  data: FileData;
  /** `type/subtype`, `type/*` or only `type`. */
  mediaType: string;
}

export interface ReasoningPart extends WithOptions {
  type: 'reasoning';
  text: string;
}

export interface ToolCallPart extends WithOptions {
  type: 'tool-call';
  toolCallId: string;
  toolName: string;
  input: unknown;
  providerExecuted?: boolean;
}

export type ToolOutput =
  | { type: 'text' | 'error-text'; value: string }
  | { type: 'json' | 'error-json'; value: JsonValue }
  | { type: 'execution-denied'; reason?: string }
  | { type: 'content'; value: ({ type: 'text'; text: string } | { type: 'file' | 'custom' })[] };

export interface ToolResultPart extends WithOptions {
  type: 'tool-result';
  toolCallId: string;
  toolName: string;
  output: ToolOutput;
}

/** Parts that have no counterpart here. */
interface ForeignPart {
  type: 'custom' | 'reasoning-file' | 'tool-approval-response';
}

export type AssistantPart = TextPart | FilePart | ReasoningPart | ToolCallPart | ToolResultPart | ForeignPart;

export type PromptMessage = (
  | { role: 'system'; content: string }
  | { role: 'user'; content: (TextPart | FilePart)[] }
  | { role: 'assistant'; content: AssistantPart[] }
  | { role: 'tool'; content: (ToolResultPart | ForeignPart)[] }
) &
  WithOptions;

export type ModelTool =
  | {
      type: 'function';
      name: string;
      description?: string;
      inputSchema: object;
      inputExamples?: { input: JsonObject }[];
      strict?: boolean;
    }
  | { type: 'provider'; id: string; name: string; args: Record<string, unknown> };

export type ModelToolChoice = { type: 'auto' | 'none' | 'required' } | { type: 'tool'; toolName: string };

export type ModelResponseFormat =
  | { type: 'text' }
  | { type: 'json'; schema?: object; name?: string; description?: string };

export type ReasoningLevel = 'provider-default' | 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max';

export interface ModelCallOptions {
  prompt: PromptMessage[];
  maxOutputTokens?: number | undefined;
  temperature?: number | undefined;
  stopSequences?: string[] | undefined;
  topP?: number | undefined;
  topK?: number | undefined;
  presencePenalty?: number | undefined;
  frequencyPenalty?: number | undefined;
  responseFormat?: ModelResponseFormat | undefined;
  seed?: number | undefined;
  tools?: ModelTool[] | undefined;
  toolChoice?: ModelToolChoice | undefined;
  includeRawChunks?: boolean | undefined;
  abortSignal?: AbortSignal | undefined;
  headers?: Record<string, string | undefined> | undefined;
  reasoning?: ReasoningLevel | undefined;
  providerOptions?: ProviderMetadata | undefined;
}

export type ModelWarning =
  | { type: 'unsupported' | 'compatibility'; feature: string; details?: string }
  | { type: 'deprecated'; setting: string; message: string }
  | { type: 'other'; message: string };

export interface ModelFinishReason {
  unified: 'stop' | 'length' | 'content-filter' | 'tool-calls' | 'error' | 'interrupted' | 'other';
  raw: string | undefined;
}

export interface ModelUsage {
  inputTokens: {
    total: number | undefined;
    noCache: number | undefined;
    cacheRead: number | undefined;
    cacheWrite: number | undefined;
  };
  outputTokens: { total: number | undefined; text: number | undefined; reasoning: number | undefined };
  raw?: JsonObject;
}

interface WithMetadata {
  providerMetadata?: ProviderMetadata;
}

export interface SourceContent extends WithMetadata {
  type: 'source';
  sourceType: 'url';
  id: string;
  url: string;
  title?: string;
}

export interface DocumentContent extends WithMetadata {
  type: 'source';
  sourceType: 'document';
  id: string;
  mediaType: string;
  title: string;
  filename?: string;
}

export interface ToolCallContent extends WithMetadata {
  type: 'tool-call';
  toolCallId: string;
  toolName: string;
  /** JSON text. */
  input: string;
  providerExecuted?: boolean;
}

/** What the model did by itself or made beyond text. */
interface ForeignContent {
  type: 'custom' | 'file' | 'reasoning-file' | 'tool-approval-request' | 'tool-result';
}

interface TextContent extends WithMetadata {
  type: 'text';
  text: string;
}

interface ReasoningContent extends WithMetadata {
  type: 'reasoning';
  text: string;
}

/** What a whole answer of ours is made of. */
export type ModelContent = TextContent | ReasoningContent | SourceContent | ToolCallContent;

/** What one of theirs may be made of. */
export type TheirContent = ModelContent | DocumentContent | ForeignContent;

export interface ResponseMetadata {
  id?: string;
  timestamp?: Date;
  modelId?: string;
}

export type FinishPart = {
  type: 'finish';
  usage: ModelUsage;
  finishReason: ModelFinishReason;
} & WithMetadata;

type BlockKind = 'text' | 'reasoning';

export interface BlockPart<Kind extends BlockKind> extends WithMetadata {
  type: `${Kind}-start` | `${Kind}-end`;
  id: string;
}

export interface DeltaPart<Kind extends BlockKind> extends WithMetadata {
  type: `${Kind}-delta`;
  id: string;
  delta: string;
}

export interface ToolInputStart extends WithMetadata {
  type: 'tool-input-start';
  id: string;
  toolName: string;
  /** Fragments that are `text` are not the JSON that the call will have. */
  inputEncoding?: 'json' | 'text';
  providerExecuted?: boolean;
}

/** What a streamed answer of ours is made of. */
export type ModelStreamPart =
  | BlockPart<'text'>
  | BlockPart<'reasoning'>
  | DeltaPart<'text'>
  | DeltaPart<'reasoning'>
  | ToolInputStart
  | { type: 'tool-input-delta'; id: string; delta: string }
  | { type: 'tool-input-end'; id: string }
  | SourceContent
  | ToolCallContent
  | { type: 'stream-start'; warnings: ModelWarning[] }
  | ({ type: 'response-metadata' } & ResponseMetadata)
  | FinishPart
  | { type: 'raw'; rawValue: unknown }
  | { type: 'error'; error: unknown };

/** What one of theirs may be made of. */
export type TheirStreamPart = ModelStreamPart | DocumentContent | ForeignContent | { type: 'ping' };

export interface ModelResult<Content = ModelContent> {
  content: Content[];
  finishReason: ModelFinishReason;
  usage: ModelUsage;
  providerMetadata?: ProviderMetadata;
  response?: ResponseMetadata & { headers?: Record<string, string> };
  warnings: ModelWarning[];
}

export interface ModelStream<Part = ModelStreamPart> {
  stream: ReadableStream<Part>;
  response?: { headers?: Record<string, string> };
}

/** A language model by the specification: what `toAISDK` makes, and AI SDK's functions take. */
export interface LanguageModel {
  readonly specificationVersion: 'v4';
  readonly provider: string;
  readonly modelId: string;
  supportedUrls: PromiseLike<Record<string, RegExp[]>> | Record<string, RegExp[]>;
  /** The whole answer. Called by AI SDK. */
  doGenerate(options: ModelCallOptions): PromiseLike<ModelResult>;
  /** The answer as it is written. Called by AI SDK. */
  doStream(options: ModelCallOptions): PromiseLike<ModelStream>;
}

/**
 * Any of AI SDK's language models: what `fromAISDK` takes. Said loosely, so that a later release which adds a kind of
 * part still fits; what is not known is passed over.
 */
export interface AnyLanguageModel {
  readonly specificationVersion: 'v3' | 'v4';
  readonly provider: string;
  readonly modelId: string;
  readonly supportedUrls: LanguageModel['supportedUrls'];
  /** The whole answer. */
  doGenerate(options: never): PromiseLike<{ content: { type: string }[] }>;
  /** The answer as it is written. */
  doStream(options: never): PromiseLike<{ stream: ReadableStream<{ type: string }> }>;
}

export interface EmbedCallOptions {
  values: string[];
  dimensions?: number;
  abortSignal?: AbortSignal;
  headers?: Record<string, string | undefined>;
  providerOptions?: ProviderMetadata;
}

export interface EmbedResult {
  embeddings: number[][];
  usage?: { tokens: number };
  providerMetadata?: ProviderMetadata;
  response?: { headers?: Record<string, string>; body?: unknown };
  warnings: ModelWarning[];
}

/** An embedding model by the specification: what `toAISDKEmbedding` makes, and AI SDK's functions take. */
export interface EmbeddingModel {
  readonly specificationVersion: 'v4';
  readonly provider: string;
  readonly modelId: string;
  readonly maxEmbeddingsPerCall: PromiseLike<number | undefined> | number | undefined;
  readonly supportsParallelCalls: PromiseLike<boolean> | boolean;
  /** The vectors of texts. Called by AI SDK. */
  doEmbed(options: EmbedCallOptions): PromiseLike<EmbedResult>;
}

/** Any of AI SDK's embedding models: what `fromAISDK` takes. */
export interface AnyEmbeddingModel extends Omit<EmbeddingModel, 'specificationVersion' | 'doEmbed'> {
  readonly specificationVersion: 'v3' | 'v4';
  /** The vectors of texts. */
  doEmbed(options: never): PromiseLike<{ embeddings: number[][] }>;
}
