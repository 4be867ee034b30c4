import type { ChatRequest, Message, ProviderContext } from '@anyllm/core/provider';

/** A request body on its way to the wire. */
export type WireBody = Record<string, unknown>;

/** In what a server differs from OpenAI's chat completions. Everything is optional: the default is OpenAI's own way. */
export interface Quirks {
  /** Which field bounds the generated tokens. Default `max_tokens`, which every server but OpenAI's newest knows. */
  maxTokensField?: 'max_tokens' | 'max_completion_tokens' | ((request: ChatRequest) => string);
  /** What a `developer` or `system` message is called. Default `system` for both. */
  systemRole?: 'system' | 'developer' | 'as-is' | ((request: ChatRequest) => 'system' | 'developer');
  /** Whether to ask for usage in streams by `stream_options`. Default `true`; `false` where it comes unasked. */
  includeUsage?: boolean;
  /** Parameters by another name: `{ seed: 'random_seed' }`. */
  renameParams?: Readonly<Record<string, string>>;
  /**
   * The field in which an assistant message of the conversation carries its reasoning back. Default: none, since many
   * servers refuse one; those that want it (DeepSeek, OpenRouter, vLLM, …) say which.
   */
  reasoningInHistory?: 'reasoning' | 'reasoning_content' | 'reasoning_details';
  /** Turns the messages into the server's own. Default: each with the fields that OpenAI's schema has. */
  toMessages?: (messages: readonly Message[], request: ChatRequest) => unknown[];
  /** The last word on the body, before the caller's `provider_options`: values that the server knows otherwise, rules of single models. */
  adjustBody?: (body: WireBody, request: ChatRequest, context: ProviderContext) => WireBody;
  /** Headers of every call, read at call time. Those of the caller win. */
  headers?: () => Record<string, string>;
}
