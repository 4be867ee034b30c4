import type { CallMeta } from './call-meta.ts';
import type { Message } from './chat-request.ts';

/** A piece of one content. Pictures by address or as `data:` URL. */
export type ModerationPart = { type: 'text'; text: string } | { type: 'image_url'; image_url: { url: string } };

/** Source: OpenAI API reference, "Create moderation"; Mistral's, "Chat moderations". Exactly one of the two is there. */
export interface ModerationParameters {
  /** Texts, each judged by itself, or the parts of one content, judged together. */
  input?: readonly string[] | readonly ModerationPart[];
  /** A conversation, whose last turn is judged in its context. */
  messages?: readonly Message[];
  /** Fields that only one vendor knows, by provider. */
  provider_options?: Record<string, Record<string, unknown>>;
}

/** What `moderation` takes. */
export interface ModerationRequest<Model extends string = string> extends Omit<ModerationParameters, 'input'> {
  /** `provider/model` or `provider:model`. Several: the first is asked, the others are its fallbacks. */
  model: Model | readonly Model[];
  input?: string | readonly string[] | readonly ModerationPart[];
}

/** Categories are the vendor's own: `violence`, `self-harm/intent`, `pii`, … One that is absent was not judged. */
export interface ModerationVerdict {
  /** By the vendor's word; where it gives none, whether any category is true, topics such as `health` and `law` too. */
  flagged: boolean;
  /** `null` where the vendor does not judge this model's input by it. */
  categories: Record<string, boolean | null>;
  /** From 0 to 1, where the vendor states them. */
  category_scores: Record<string, number>;
  /** Which kinds of input each category was judged by: `text`, `image`. OpenAI only. */
  category_applied_input_types?: Record<string, string[]>;
}

/** As a provider returns it. */
export interface ProviderModerations {
  id?: string;
  /** The model that answered, by the vendor's word. */
  model: string;
  /** One for each text, in their order; a single one for parts and for a conversation. */
  results: ModerationVerdict[];
}

export interface ModerationResult extends ProviderModerations {
  meta: CallMeta;
}
