import type { CallMeta } from './call-meta.ts';

/**
 * The Messages API in the shape that its vendor gave it, to be asked of any provider.
 * Source: Anthropic API reference, "Create a Message".
 */

/** Marks a prefix to be cached. Left out with a warning: vendors cache by themselves or in ways of their own. */
export interface MessagesCacheControl {
  type: 'ephemeral';
  ttl?: '5m' | '1h';
}

interface Cacheable {
  cache_control?: MessagesCacheControl | null;
}

/** Text, of either side. */
export interface MessagesTextBlock extends Cacheable {
  type: 'text';
  text: string;
  citations?: MessagesCitation[] | null;
}

/** A source that the text draws on. */
export interface MessagesCitation {
  type: string;
  [field: string]: unknown;
}

/** An image for the model to look at. */
export interface MessagesImageBlock extends Cacheable {
  type: 'image';
  /** `data` is base64. Files that were uploaded to one vendor are not known to others: they are refused. */
  source:
    | { type: 'base64'; media_type: string; data: string }
    | { type: 'url'; url: string }
    | { type: 'file'; file_id: string };
}

/** A document for the model to read. One by its address is refused: chat completions have none. */
export interface MessagesDocumentBlock extends Cacheable {
  type: 'document';
  source:
    | { type: 'base64'; media_type: string; data: string }
    | { type: 'text'; media_type: string; data: string }
    | { type: 'content'; content: string | (MessagesTextBlock | MessagesImageBlock)[] }
    | { type: 'url'; url: string }
    | { type: 'file'; file_id: string };
  title?: string | null;
  context?: string | null;
  citations?: { enabled?: boolean } | null;
}

/** What a search has found; the model sees title, source and text. */
export interface MessagesSearchResultBlock extends Cacheable {
  type: 'search_result';
  source: string;
  title: string;
  content: MessagesTextBlock[];
  citations?: { enabled?: boolean };
}

/** The model asks for a tool. The next turn answers it with a `tool_result` of the same id. */
export interface MessagesToolUseBlock extends Cacheable {
  type: 'tool_use';
  id: string;
  name: string;
  input: Record<string, unknown>;
}

/** What a tool returned. Anything but text is shown to the model after the results. */
export interface MessagesToolResultBlock extends Cacheable {
  type: 'tool_result';
  tool_use_id: string;
  content?:
    | string
    | (MessagesTextBlock | MessagesImageBlock | MessagesDocumentBlock | MessagesSearchResultBlock)[]
    | null;
  /** The tool failed. The result that the model sees then begins with `Error: `. */
  is_error?: boolean;
}

/** The model's reasoning. It is to be sent back as it is. */
export interface MessagesThinkingBlock {
  type: 'thinking';
  thinking: string;
  /** The vendor's proof of authorship, opaque; `""` when there is none. */
  signature: string;
  /** What the vendor wants back beside text and signature; absent when there is nothing more. */
  reasoning_detail?: MessagesReasoningDetail;
}

/** Reasoning that its vendor shows to nobody. */
export interface MessagesRedactedThinkingBlock {
  type: 'redacted_thinking';
  data: string;
  reasoning_detail?: MessagesReasoningDetail;
}

/** What belongs to a piece of reasoning beside its text and its signature, as its vendor has it. */
export interface MessagesReasoningDetail {
  type: string;
  [field: string]: unknown;
}

/** What the vendor's own tools leave in a conversation. Left out with a warning: other vendors do not know them. */
export interface MessagesServerToolBlock {
  type:
    | 'server_tool_use'
    | 'mcp_tool_use'
    | 'mcp_tool_result'
    | `${'web_search' | 'web_fetch' | 'code_execution' | 'bash_code_execution' | 'text_editor_code_execution' | 'tool_search'}_tool_result`;
  [field: string]: unknown;
}

/** A piece of what a user says. */
export type MessagesUserBlock =
  | MessagesTextBlock
  | MessagesImageBlock
  | MessagesDocumentBlock
  | MessagesSearchResultBlock
  | MessagesToolResultBlock;

/** A block of an answer. */
export type MessagesAnswerBlock =
  | MessagesTextBlock
  | MessagesThinkingBlock
  | MessagesRedactedThinkingBlock
  | MessagesToolUseBlock;

/** One turn of the conversation. */
export type MessagesTurn =
  | { role: 'user'; content: string | MessagesUserBlock[] }
  /** The content of an answer may stand here unchanged. */
  | { role: 'assistant'; content: string | (MessagesAnswerBlock | MessagesServerToolBlock)[] }
  | { role: 'system'; content: string | MessagesTextBlock[] };

/** A tool that the model may ask for. The vendor's own tools are refused: they run on its servers. */
export interface MessagesTool extends Cacheable {
  type?: 'custom' | null;
  name: string;
  description?: string;
  /** JSON Schema of an object. */
  input_schema: Record<string, unknown>;
  strict?: boolean;
  /** Hints to the vendor's own servers. Left out with a warning. */
  input_examples?: Record<string, unknown>[];
  eager_input_streaming?: boolean | null;
  defer_loading?: boolean;
  allowed_callers?: string[];
}

/** Whether the model may, must or must not ask for a tool. */
export type MessagesToolChoice =
  | { type: 'auto' | 'any'; disable_parallel_tool_use?: boolean }
  | { type: 'tool'; name: string; disable_parallel_tool_use?: boolean }
  | { type: 'none' };

/** How much the model is to think. */
export type MessagesThinking =
  /** `budget_tokens` is at least 1024; it is asked for as the nearest `reasoning_effort`. */
  | { type: 'enabled'; budget_tokens: number; display?: string | null }
  | { type: 'adaptive'; display?: string | null }
  | { type: 'disabled' };

/** What may be asked of any model. */
export interface MessagesParameters {
  /** Upper bound of generated tokens, thinking included. */
  max_tokens: number;
  messages: MessagesTurn[];
  system?: string | MessagesTextBlock[];
  /** From 0 to 1. */
  temperature?: number;
  top_p?: number;
  /** Left out with a warning; where a vendor has it, it goes in `provider_options`. */
  top_k?: number;
  stop_sequences?: string[];
  tools?: MessagesTool[];
  tool_choice?: MessagesToolChoice;
  thinking?: MessagesThinking;
  output_config?: {
    /** Wins over `thinking`. */
    effort?: 'low' | 'medium' | 'high' | 'xhigh' | 'max' | null;
    format?: { type: 'json_schema'; schema: Record<string, unknown> } | null;
  };
  metadata?: { user_id?: string | null };
  service_tier?: 'auto' | 'standard_only';
  cache_control?: MessagesCacheControl | null;
  /** Fields that only one vendor knows, by provider: `{ ollama: { options: { top_k: 40 } } }`. Sent to that one only. */
  provider_options?: Record<string, Record<string, unknown>>;
}

/**
 * A request in the shape of the Messages API.
 * @template Model the model ids that a client accepts; any string by default
 */
export interface MessagesRequest<Model extends string = string> extends MessagesParameters {
  /** `provider/model` or `provider:model`. Several: the first is asked, the others are its fallbacks. */
  model: Model | readonly Model[];
  stream?: boolean;
}

/** Why the model stopped. Vendors that do not say so of a stop sequence have `end_turn` for it. */
export type MessagesStopReason =
  | 'end_turn'
  | 'max_tokens'
  | 'stop_sequence'
  | 'tool_use'
  | 'pause_turn'
  | 'refusal'
  | 'model_context_window_exceeded';

/** Token counts; 0 where the vendor states none, since the shape has no other word for it. */
export interface MessagesUsage {
  /** Without what was read from or written to a cache. */
  input_tokens: number;
  cache_creation_input_tokens: number | null;
  cache_read_input_tokens: number | null;
  /** Thinking included. */
  output_tokens: number;
  output_tokens_details?: { thinking_tokens: number };
}

/** Present when the model, or a filter, declined. */
export interface MessagesRefusal {
  type: 'refusal';
  category: null;
  /** In the model's words, where it gave any. */
  explanation: string | null;
}

/** An answer as it travels. */
export interface MessagesAnswer {
  id: string;
  type: 'message';
  role: 'assistant';
  /** The model that answered, by the vendor's word. */
  model: string;
  content: MessagesAnswerBlock[];
  stop_reason: MessagesStopReason | null;
  /** Always `null`: vendors do not say which of the sequences it was. */
  stop_sequence: string | null;
  stop_details?: MessagesRefusal | null;
  usage: MessagesUsage;
}

/** A whole answer, with an account of the call. */
export interface MessagesResult extends MessagesAnswer {
  meta: CallMeta;
}

/** What is new in a block. `partial_json` is a piece of the text of an object. */
export type MessagesDelta =
  | { type: 'text_delta'; text: string }
  | { type: 'citations_delta'; citation: MessagesCitation }
  | { type: 'thinking_delta'; thinking: string }
  | { type: 'signature_delta'; signature: string }
  | { type: 'input_json_delta'; partial_json: string };

/** One step of a streamed answer. Blocks come one after another, without gaps in their indices. */
export type MessagesEvent =
  /** The counts of tokens are not known yet. */
  | { type: 'message_start'; message: MessagesAnswer }
  | { type: 'content_block_start'; index: number; content_block: MessagesAnswerBlock }
  | { type: 'content_block_delta'; index: number; delta: MessagesDelta }
  | { type: 'content_block_stop'; index: number }
  | {
      type: 'message_delta';
      delta: Pick<MessagesAnswer, 'stop_reason' | 'stop_sequence' | 'stop_details'>;
      usage: MessagesUsage;
    }
  | { type: 'message_stop' };
