import type { ErrorCode } from '../errors/error-code.ts';
import type { CallMeta } from './call-meta.ts';
import type { ReasoningDetail, ToolCall } from './chat-request.ts';

/** Why generation ended. What a vendor said beyond these is in `raw_finish_reason`. */
export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter';

/** A token that was generated, its log probability, and the likeliest tokens in its place. */
export interface TokenLogprob {
  token: string;
  logprob: number;
  bytes: number[] | null;
  top_logprobs: { token: string; logprob: number; bytes: number[] | null }[];
}

/** Log probabilities of a choice, token by token; only where `logprobs` was asked for. */
export interface Logprobs {
  content: TokenLogprob[] | null;
  refusal?: TokenLogprob[] | null;
}

/** Token counts. A figure that the vendor does not state is absent, never zero. */
export interface Usage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  /** `cached_tokens` are part of `prompt_tokens`. */
  prompt_tokens_details?: { cached_tokens?: number; cache_write_tokens?: number; audio_tokens?: number };
  /** `reasoning_tokens` are part of `completion_tokens`. */
  completion_tokens_details?: {
    reasoning_tokens?: number;
    audio_tokens?: number;
    accepted_prediction_tokens?: number;
    rejected_prediction_tokens?: number;
  };
}

/** A note on the text, mostly a citation. Its fields beyond `type` are the vendor's. */
export interface Annotation {
  type: string;
  [field: string]: unknown;
}

/** Spoken output. `data` is Base64 in the format that was asked for, `expires_at` Unix time in seconds. */
export interface AudioOutput {
  id: string;
  data: string;
  expires_at?: number;
  transcript: string;
}

/** The answer's message. It may be sent back as a message of the next request unchanged. */
export interface CompletionMessage {
  role: 'assistant';
  content: string | null;
  /** The model's own refusal, which is not an error. */
  refusal?: string;
  tool_calls?: ToolCall[];
  /** The model's reasoning text, where the vendor shows it. */
  reasoning?: string;
  /** The reasoning in pieces with the vendor's signatures, where there are any. */
  reasoning_details?: ReasoningDetail[];
  annotations?: Annotation[];
  audio?: AudioOutput;
}

/** One of the answers to a request, of which there are `n`. */
export interface CompletionChoice {
  index: number;
  message: CompletionMessage;
  finish_reason: FinishReason;
  /** The vendor's own word, present when it differs from `finish_reason`. */
  raw_finish_reason?: string;
  logprobs?: Logprobs | null;
}

/** A whole answer as a provider returns it. */
export interface ProviderCompletion {
  id: string;
  object: 'chat.completion';
  /** Unix time in seconds. */
  created: number;
  /** The model that answered, by the vendor's word. */
  model: string;
  choices: CompletionChoice[];
  usage?: Usage;
  service_tier?: string;
  system_fingerprint?: string;
}

/** A choice, with a shortcut to its text. */
export interface ChatChoice extends CompletionChoice {
  /** The message's text; `""` when there is none. */
  text: string;
}

/** A whole answer: the OpenAI shape, with shortcuts to the text and an account of the call. */
export interface ChatCompletion extends ProviderCompletion {
  choices: ChatChoice[];
  /** The first choice's text; `""` when there is none. */
  text: string;
  meta: CallMeta;
}

/**
 * A fragment of a tool call. The first one of an `index` carries `id`, `type` and the name;
 * the rest only add to `arguments` (or `input`).
 */
export interface ToolCallDelta {
  index: number;
  id?: string;
  type?: 'function' | 'custom';
  function?: { name?: string; arguments?: string };
  custom?: { name?: string; input?: string };
}

/** What is new in a chunk. Texts are to be appended to those of earlier chunks. */
export interface ChunkDelta {
  role?: 'assistant';
  content?: string | null;
  refusal?: string | null;
  reasoning?: string | null;
  reasoning_details?: ReasoningDetail[];
  tool_calls?: ToolCallDelta[];
  annotations?: Annotation[];
  audio?: Partial<AudioOutput>;
}

/** The part of a chunk that belongs to the choice of this `index`. */
export interface ChunkChoice {
  index: number;
  delta: ChunkDelta;
  finish_reason: FinishReason | null;
  raw_finish_reason?: string;
  logprobs?: Logprobs | null;
}

/** One step of a streamed answer. `usage`, when present, is the total so far and replaces an earlier one. */
export interface ChatCompletionChunk {
  id: string;
  object: 'chat.completion.chunk';
  created: number;
  model: string;
  choices: ChunkChoice[];
  usage?: Usage | null;
  service_tier?: string;
  system_fingerprint?: string;
  /** The stream broke off and has begun anew: what came before is void. Only with `onInterrupt: "restart"`. */
  restarted?: { code: ErrorCode; message: string };
}
