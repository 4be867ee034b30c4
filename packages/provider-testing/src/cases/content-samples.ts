import type { ContentPart } from '@anyllm/core';
import type { ContentKind } from '@anyllm/core/provider';

/** A picture of one pixel. */
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

/** One part of each kind, and what of it stands in the request on the wire. */
export const contentSamples: Readonly<Record<ContentKind, { part: ContentPart; sent: string }>> = {
  image_url: {
    part: { type: 'image_url', image_url: { url: 'https://example.com/suite-picture.png' } },
    sent: 'https://example.com/suite-picture.png',
  },
  image_data: { part: { type: 'image_url', image_url: { url: `data:image/png;base64,${png}` } }, sent: png },
  input_audio: {
    part: { type: 'input_audio', input_audio: { data: 'UklGRiQAAABXQVZF', format: 'wav' } },
    sent: 'UklGRiQAAABXQVZF',
  },
  file: {
    part: { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0xLjcK' } },
    sent: 'JVBERi0xLjcK',
  },
};
