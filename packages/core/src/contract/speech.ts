/** Source: OpenAI API reference, "Create speech". */
export interface SpeechParameters {
  /** What to say. */
  input: string;
  /** The vendor's name of a voice, or the id of an own one. */
  voice: string;
  /** Default `mp3`. `pcm` is 16 bit, little-endian, mono, without a header; OpenAI's at 24 kHz. */
  response_format?: 'mp3' | 'opus' | 'aac' | 'flac' | 'wav' | 'pcm';
  /** 0.25 to 4. Default 1. */
  speed?: number;
  /** How to say it. */
  instructions?: string;
  /** Fields that only one vendor knows, by provider. */
  provider_options?: Record<string, Record<string, unknown>>;
}

export interface SpeechRequest<Model extends string = string> extends SpeechParameters {
  /** `provider/model` or `provider:model`. Several: the first is asked, the others are its fallbacks. */
  model: Model | readonly Model[];
}

/** Tokens of the text and of the sound. */
export interface SpeechUsage {
  input_tokens: number;
  output_tokens: number;
  total_tokens: number;
}

/** What a provider yields: first of which kind the sound is, then the sound, last, where it is told, what it used. */
export type SpeechChunk =
  | { type: 'start'; media_type: string }
  | { type: 'audio'; audio: Uint8Array }
  | { type: 'end'; usage?: SpeechUsage };
