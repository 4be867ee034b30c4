import type { CallMeta } from './call-meta.ts';
import type { FileInput } from './file-input.ts';

/** Source: OpenAI API reference, "Images". What of it a model takes differs: the server refuses the rest. */
export interface ImageParameters {
  /** What to draw, or what to change. */
  prompt: string;
  /** How many pictures, 1 to 10. Default 1. */
  n?: number;
  /** As `1024x1024`, or `auto`. */
  size?: string;
  quality?: 'auto' | 'low' | 'medium' | 'high' | 'standard' | 'hd' | (string & {});
  background?: 'transparent' | 'opaque' | 'auto';
  output_format?: 'png' | 'jpeg' | 'webp';
  /** 0 to 100, for jpeg and webp. */
  output_compression?: number;
  moderation?: 'auto' | 'low';
  style?: 'vivid' | 'natural';
  /** For the DALL·E models; all others give `b64_json`. */
  response_format?: 'url' | 'b64_json';
  /** Streams: how many sketches are to come before the picture, 0 to 3. Fewer may come. */
  partial_images?: number;
  user?: string;
  /** Fields that only one vendor knows, by provider. */
  provider_options?: Record<string, Record<string, unknown>>;
}

/** What a provider is asked to change. */
export interface ImageEditParameters extends Omit<ImageParameters, 'moderation' | 'style'> {
  /** The pictures to start from. */
  images: readonly Blob[];
  /** A png with the size of the first picture: what is transparent in it may change. */
  mask?: Blob;
  /** How closely faces and the like are kept. */
  input_fidelity?: 'low' | 'high';
}

interface ModelField<Model extends string> {
  /** `provider/model` or `provider:model`. Several: the first is asked, the others are its fallbacks. */
  model: Model | readonly Model[];
}

export interface ImageRequest<Model extends string = string> extends ImageParameters, ModelField<Model> {
  stream?: boolean;
}

/** What `imageEdit` takes. */
export interface ImageEditRequest<Model extends string = string>
  extends Omit<ImageEditParameters, 'images' | 'mask'>,
    ModelField<Model> {
  images: FileInput | readonly FileInput[];
  mask?: FileInput;
  stream?: boolean;
}

/** A picture: its bytes in base64, or where it can be fetched, for about an hour. */
export interface Image {
  b64_json?: string;
  url?: string;
  /** What was drawn in place of the prompt. */
  revised_prompt?: string;
}

/** Token counts of the prompt and of the pictures. */
export interface ImageUsage {
  input_tokens: number;
  output_tokens: number;
  total_tokens: number;
  input_tokens_details?: { text_tokens?: number; image_tokens?: number };
  output_tokens_details?: { text_tokens?: number; image_tokens?: number };
}

/** As a provider returns it. */
export interface ProviderImages {
  /** Unix time in seconds. */
  created: number;
  data: Image[];
  background?: string;
  output_format?: string;
  quality?: string;
  size?: string;
  usage?: ImageUsage;
}

export interface ImageResult extends ProviderImages {
  meta: CallMeta;
}

/** A sketch of the picture to come, or the picture. */
export type ImageEvent =
  | { type: 'partial_image'; b64_json: string /** From 0. */; partial_image_index: number }
  | { type: 'completed'; b64_json: string; usage?: ImageUsage };
