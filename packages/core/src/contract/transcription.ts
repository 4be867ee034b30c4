import type { CallMeta } from './call-meta.ts';
import type { FileInput } from './file-input.ts';

/** Source: OpenAI API reference, "Create transcription". What of it a model takes differs. */
export interface TranscriptionParameters {
  /** The sound, with a name whose extension says what it is. */
  file: File;
  /** Two letters, as `en` (ISO 639-1). */
  language?: string;
  /** Spelling hints or what was said before, in the language of the sound. */
  prompt?: string;
  /** Default `json`. `text`, `srt` and `vtt` come as they are in `text`. */
  response_format?: 'json' | 'text' | 'srt' | 'vtt' | 'verbose_json' | 'diarized_json';
  temperature?: number;
  timestamp_granularities?: readonly ('segment' | 'word')[];
  include?: readonly 'logprobs'[];
  /** How long sound is cut: `auto`, or by silence. */
  chunking_strategy?: 'auto' | Record<string, unknown>;
  /** With samples of their voices as `data:` URLs in `known_speaker_references`. */
  known_speaker_names?: readonly string[];
  known_speaker_references?: readonly string[];
  /** Tells speakers apart, where that is not the model's own nature. */
  diarize?: boolean;
  /** Fields that only one vendor knows, by provider. */
  provider_options?: Record<string, Record<string, unknown>>;
}

/** What `transcription` takes. */
export interface TranscriptionRequest<Model extends string = string> extends Omit<TranscriptionParameters, 'file'> {
  /** `provider/model` or `provider:model`. Several: the first is asked, the others are its fallbacks. */
  model: Model | readonly Model[];
  file: FileInput;
  stream?: boolean;
}

/** A stretch of the text, with its times. */
export interface TranscriptionSegment {
  /** Seconds from the start of the sound. */
  start: number;
  end: number;
  text: string;
  /** Who speaks: a name that was given, or the vendor's label. */
  speaker?: string;
  id?: string | number;
}

/** A word of the text, with its times. */
export interface TranscriptionWord {
  word: string;
  /** Seconds from the start of the sound. */
  start: number;
  end: number;
}

/** By tokens or by duration, as the model counts. */
export interface TranscriptionUsage {
  prompt_tokens?: number;
  completion_tokens?: number;
  total_tokens?: number;
  /** Of sound. */
  seconds?: number;
}

/** As a provider returns it. What its vendor does not tell is absent. */
export interface ProviderTranscription {
  text: string;
  /** As the vendor names it: `en` or `english`. */
  language?: string;
  /** Seconds of sound. */
  duration?: number;
  segments?: TranscriptionSegment[];
  words?: TranscriptionWord[];
  logprobs?: { token: string; logprob: number; bytes?: number[] | null }[];
  usage?: TranscriptionUsage;
}

export interface TranscriptionResult extends ProviderTranscription {
  meta: CallMeta;
}

/** A piece of the text, a segment that has ended, or the end with the whole. */
export type TranscriptionEvent =
  | { type: 'transcript.text.delta'; delta: string }
  | { type: 'transcript.text.segment'; segment: TranscriptionSegment }
  | { type: 'transcript.text.done'; transcription: ProviderTranscription };
