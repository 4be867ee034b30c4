import type { CallMeta } from './call-meta.ts';
import type { Message, Tool } from './chat-request.ts';

/** What is to be counted. Exactly one of `messages` and `input` is there. */
export interface CountTokensParameters {
  /** A conversation, with all that the model is given around it. */
  messages?: Message[];
  /** A text by itself. */
  input?: string;
  /** The tools that go with the messages. */
  tools?: Tool[];
  /** Fields that only one vendor knows, by provider. */
  provider_options?: Record<string, Record<string, unknown>>;
}

export interface CountTokensRequest<Model extends string = string> extends CountTokensParameters {
  /** `provider/model` or `provider:model`. Several: the first is asked, the others are its fallbacks. */
  model: Model | readonly Model[];
}

/** As a provider returns it: what the server counted, never an estimate. */
export interface ProviderTokenCount {
  input_tokens: number;
  /** The most tokens that prompt and answer may have together, where the server tells. */
  max_model_len?: number;
  /** The server's answer, as it came. */
  raw: unknown;
}

export interface TokenCount extends ProviderTokenCount {
  meta: CallMeta;
}
