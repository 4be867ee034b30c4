/**
 * The request, in the OpenAI chat-completions shape: plain JSON that can be stored, queued, replayed or served by a
 * gateway unchanged. Everything about how a call runs is in `CallOptions` instead.
 * Source: OpenAI API reference, "Create chat completion".
 */

export interface TextPart {
  type: 'text';
  text: string;
}

/** An image for the model to look at. */
export interface ImagePart {
  type: 'image_url';
  /** An `https:` URL, or a `data:image/…;base64,…` URL. */
  image_url: { url: string; detail?: 'auto' | 'low' | 'high' };
}

/** A recording for the model to listen to. */
export interface AudioPart {
  type: 'input_audio';
  /** Base64 without a `data:` prefix. */
  input_audio: { data: string; format: string };
}

/** A document for the model to read. */
export interface FilePart {
  type: 'file';
  /** Either an uploaded file's id, or the content as a `data:` URL. */
  file: { file_id?: string; file_data?: string; filename?: string };
}

/** What the model said when it declined. */
export interface RefusalPart {
  type: 'refusal';
  refusal: string;
}

/** A piece of what a user says. */
export type ContentPart = TextPart | ImagePart | AudioPart | FilePart;

/** The model asks for a function to be called. */
export interface FunctionToolCall {
  id: string;
  type: 'function';
  /** `arguments` is JSON text, as the model wrote it: it may be invalid. */
  function: { name: string; arguments: string };
}

/** The model asks for a custom tool, whose input is plain text. */
export interface CustomToolCall {
  id: string;
  type: 'custom';
  custom: { name: string; input: string };
}

/** What the model asks for. The next request answers it with a `ToolMessage` of the same id. */
export type ToolCall = FunctionToolCall | CustomToolCall;

/** One piece of a model's reasoning with what its vendor needs to get back in the next turn. */
export interface ReasoningDetail {
  type: string;
  text?: string;
  /** The vendor's proof of authorship, opaque. */
  signature?: string;
  [field: string]: unknown;
}

/** Instructions. Where a vendor knows only one of the roles, the other becomes that one. */
export interface SystemMessage {
  role: 'system' | 'developer';
  content: string | TextPart[];
  name?: string;
}

/** What the user says: text, or parts. */
export interface UserMessage {
  role: 'user';
  content: string | ContentPart[];
  name?: string;
}

/** Also the message of an answer: what we return can be sent back unchanged. */
export interface AssistantMessage {
  role: 'assistant';
  content?: string | (TextPart | RefusalPart)[] | null;
  tool_calls?: ToolCall[];
  refusal?: string | null;
  reasoning?: string | null;
  reasoning_details?: ReasoningDetail[];
  name?: string;
  audio?: { id: string } | null;
}

/** What a tool returned, for the call with that id. */
export interface ToolMessage {
  role: 'tool';
  tool_call_id: string;
  content: string | TextPart[];
  name?: string;
}

/** One turn of the conversation. */
export type Message = SystemMessage | UserMessage | AssistantMessage | ToolMessage;

/** A function that the model may ask for. `parameters` is a JSON Schema. */
export interface FunctionTool {
  type: 'function';
  function: { name: string; description?: string; parameters?: Record<string, unknown>; strict?: boolean | null };
}

/** A tool that takes plain text. `format` may bind the text to a grammar, in the vendor's terms. */
export interface CustomTool {
  type: 'custom';
  custom: { name: string; description?: string; format?: Record<string, unknown> };
}

/** What the model may ask for. */
export type Tool = FunctionTool | CustomTool;

/** What the model may ask for. */
export type ToolChoice =
  | 'none'
  | 'auto'
  | 'required'
  | { type: 'function'; function: { name: string } }
  | { type: 'custom'; custom: { name: string } };

/** The form of the answer: free text, any JSON object, or JSON that fits a schema. */
export type ResponseFormat =
  | { type: 'text' }
  | { type: 'json_object' }
  | {
      type: 'json_schema';
      json_schema: { name: string; description?: string; schema?: Record<string, unknown>; strict?: boolean | null };
    };

/** How much a reasoning model is to think. A level that a vendor lacks becomes its nearest one. */
export type ReasoningEffort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max';

/** What may be asked beyond the conversation itself. */
export interface CompletionParameters {
  /** Upper bound of generated tokens. With `max_completion_tokens` present, that one wins. */
  max_tokens?: number;
  /** As `max_tokens`, reasoning tokens included. */
  max_completion_tokens?: number;
  temperature?: number;
  top_p?: number;
  stop?: string | string[] | null;
  seed?: number;
  frequency_penalty?: number;
  presence_penalty?: number;
  logit_bias?: Record<string, number>;
  logprobs?: boolean;
  top_logprobs?: number;
  /** How many choices to generate. Default 1. */
  n?: number;
  tools?: Tool[];
  tool_choice?: ToolChoice;
  parallel_tool_calls?: boolean;
  response_format?: ResponseFormat;
  reasoning_effort?: ReasoningEffort;
  verbosity?: 'low' | 'medium' | 'high';
  modalities?: string[];
  audio?: { format: string; voice: string | { id: string } };
  prediction?: { type: 'content'; content: string | TextPart[] };
  web_search_options?: Record<string, unknown>;
  service_tier?: string;
  store?: boolean;
  metadata?: Record<string, string>;
  prompt_cache_key?: string;
  prompt_cache_options?: Record<string, unknown>;
  prompt_cache_retention?: string;
  safety_identifier?: string;
  user?: string;
  moderation?: Record<string, unknown>;
  /** Accepted so that stored OpenAI requests replay; usage is reported in streams whether asked for or not. */
  stream_options?: { include_usage?: boolean; include_obfuscation?: boolean };
  /** Fields that only one vendor knows, by provider: `{ mistral: { safe_prompt: true } }`. Sent to that one only. */
  provider_options?: Record<string, Record<string, unknown>>;
}

/** A field of the request beyond the conversation and the model. */
export type ParameterName = keyof CompletionParameters;

/** The conversation: exactly one of `messages` and `prompt`, which is short for one user message. */
export type Conversation = { messages: Message[]; prompt?: never } | { prompt: string; messages?: never };

/**
 * A chat-completion request.
 * @template Model the model ids that a client accepts; any string by default
 */
export type CompletionRequest<Model extends string = string> = Conversation &
  CompletionParameters & {
    /**
     * `provider/model` or `provider:model`; with `options.provider`, the vendor's own id. Several: the first is asked,
     * the others are its fallbacks.
     */
    model: Model | readonly Model[];
    stream?: boolean;
  };
