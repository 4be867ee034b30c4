import type { ImageEvent } from '../contract/image.ts';
import type { Flaw } from '../request/flaw.ts';
import {
  atLeast,
  atMost,
  closed,
  type Fields,
  fits,
  flag,
  integer,
  nonEmpty,
  oneOf,
  optional,
  type Shape,
  text,
} from '../request/shape.ts';
import type { EventKinds } from './event-stream.ts';
import { modelField, providerOptionsField, unknownParameter } from './request-fields.ts';

/** What both ways to make a picture have. */
const commonFields: Fields = {
  model: modelField,
  prompt: nonEmpty(text),
  n: optional(atMost(10, atLeast(1, integer))),
  size: optional(text),
  quality: optional(text),
  background: optional(oneOf('transparent', 'opaque', 'auto')),
  output_format: optional(oneOf('png', 'jpeg', 'webp')),
  output_compression: optional(atMost(100, atLeast(0, integer))),
  response_format: optional(oneOf('url', 'b64_json')),
  partial_images: optional(atMost(3, atLeast(0, integer))),
  user: optional(text),
  stream: optional(flag),
  provider_options: providerOptionsField,
};

export const pictureFields: Fields = {
  moderation: optional(oneOf('auto', 'low')),
  style: optional(oneOf('vivid', 'natural')),
};

/** Files are looked at where they are read. */
export const editFields: Fields = {
  images: () => [],
  mask: () => [],
  input_fidelity: optional(oneOf('low', 'high')),
};

type Streamable = Partial<Record<'n' | 'partial_images', number> & { stream: boolean }>;

export function imageShape(own: Fields): Shape {
  const shape = closed({ ...commonFields, ...own }, unknownParameter);
  return (value) => {
    const flaws = shape(value);
    return flaws.length > 0 ? flaws : streamFlaws(value as Streamable);
  };
}

function streamFlaws({ n = 1, stream = false, partial_images }: Streamable): readonly Flaw[] {
  // No field of an event tells several pictures apart.
  if (stream && n !== 1) return [{ path: ['n'], value: n, complaint: 'must be 1 in a stream' }];
  if (stream || partial_images === undefined) return fits;
  return [{ path: ['partial_images'], value: partial_images, complaint: 'is for streams (`stream: true`)' }];
}

export const imageKinds: EventKinds<ImageEvent> = {
  isContent: () => true,
  isEnd: ({ type }) => type === 'completed',
  usageOf: (event) => (event.type === 'completed' ? event.usage : undefined),
};
