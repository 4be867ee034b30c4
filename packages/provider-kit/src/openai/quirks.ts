import type { Capabilities, ChatRequest, FinishReason, Message, ProviderContext } from '@anyllm/core/provider';

/** A request body on its way to the wire. */
export type WireBody = Record<string, unknown>;

/** A body or chunk as a server sent it: any field may be missing or of any type. */
export type WireFields = Readonly<Record<string, unknown>>;

/** In what a server differs from OpenAI's chat completions. Everything is optional: the default is OpenAI's own way. */
export interface Quirks extends ConnectionQuirks, RequestQuirks, AnswerQuirks {}

interface ConnectionQuirks {
  /** The endpoint below the base URL, data in it percent-encoded. Default `chat/completions`. */
  chatPath?: string | ((request: ChatRequest) => string);
  /** How the key is sent: `Authorization: Bearer …`, or by itself as `api-key`. Default `bearer`. */
  authHeader?: AuthHeader | ((apiKey: string) => AuthHeader);
  /** Headers of every call; a function is called each time. Those of the caller win. */
  headers?: Readonly<Record<string, string>> | (() => Record<string, string>);
  /** The query of every call; a function is called each time. What the base URL says itself wins. */
  query?: Readonly<Record<string, string>> | ((baseURL: string) => Record<string, string>);
}

/** How the key is sent: as `Authorization: Bearer …`, or by itself in the header `api-key`. */
export type AuthHeader = 'bearer' | 'api-key';

interface RequestQuirks {
  /** Which field bounds the generated tokens. Default `max_tokens`, which every server but OpenAI's newest knows. */
  maxTokensField?: 'max_tokens' | 'max_completion_tokens' | ((request: ChatRequest) => string);
  /** What a `developer` or `system` message is called. Default `system` for both. */
  systemRole?: 'system' | 'developer' | 'as-is' | ((request: ChatRequest) => 'system' | 'developer');
  /** Whether to ask for usage in streams by `stream_options`. Default `true`; `false` where it comes unasked. */
  includeUsage?: boolean;
  /** Which response formats are known: `json_schema` stands for both. Default `json_schema`. */
  structuredOutputs?: 'json_schema' | 'json_object' | 'none';
  /** Parameters that the server refuses: they are no capabilities, so that core drops or refuses them. */
  dropParams?: Capabilities['parameters'];
  /** Parameters by another name: `{ seed: 'random_seed' }`. */
  renameParams?: Readonly<Record<string, string>>;
  /** Content parts that are all text become one string, for servers that take no lists. */
  flattenText?: boolean;
  /** Takes `strict` off the tools. */
  stripStrict?: boolean;
  /**
   * The field in which an assistant message of the conversation carries its reasoning back. Default `strip`, since many
   * servers refuse one; those that want it (DeepSeek, OpenRouter, vLLM, …) say which.
   */
  reasoningInHistory?: 'strip' | 'reasoning' | 'reasoning_content' | 'reasoning_details';
  /** Turns the messages into the server's own. Default: each with the fields that OpenAI's schema has. */
  toMessages?: (messages: readonly Message[], request: ChatRequest) => unknown[];
  /** The last word on the body, before the caller's `provider_options`: values that the server knows otherwise, rules of single models. */
  adjustBody?: (body: WireBody, request: ChatRequest, context: ProviderContext) => WireBody;
}

export interface AnswerQuirks {
  /** Where a message or delta has its reasoning; the first that holds a text. Default: the names in use. */
  reasoningFields?: readonly string[];
  /**
   * Reasoning stands in the content, between tags at its start. `opened`: the server's template has written the opening
   * tag already, so that the content begins with reasoning. Default `false`, since a server with a field for it needs
   * none of this.
   */
  inlineThinkTags?: boolean | 'opened';
  /** What the server's own words for the end mean, beyond those in use; `error` is a failure. */
  mapFinishReason?: Readonly<Record<string, FinishReason | 'error'>>;
  /** The token counts of a body or chunk under OpenAI's names; `undefined`: they are where others have them. */
  mapUsage?: (wire: WireFields) => WireFields | undefined;
  /**
   * The server's own error in OpenAI's shape (`{ message, code, type }`), from which its class follows; `undefined`: it
   * is read as it is. Also asked of each body and chunk of a success, for servers that report failures there.
   */
  mapError?: (wire: WireFields) => WireFields | undefined;
  /** Which chunks count. Default: all. */
  chunkFilter?: (wire: WireFields) => boolean;
}
