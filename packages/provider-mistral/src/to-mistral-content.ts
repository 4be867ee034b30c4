import { type ContentPart, InvalidRequestError, type RefusalPart } from '@anyllm/core/provider';

/** A part of a message in Mistral's shape: `ContentChunk` of its own client. */
export type MistralPart =
  | { type: 'text'; text: string }
  | { type: 'image_url'; image_url: { url: string; detail?: string } }
  | { type: 'input_audio'; input_audio: string }
  | { type: 'document_url'; document_url: string; document_name?: string }
  | { type: 'file'; file_id: string }
  | { type: 'thinking'; thinking: { type: 'text'; text: string }[]; signature?: string; closed: true };

/** @throws InvalidRequestError for a file part without a file */
export function toMistralContent(content: string | readonly (ContentPart | RefusalPart)[]): string | MistralPart[] {
  return typeof content === 'string' ? content : content.map(toMistralPart);
}

function toMistralPart(part: ContentPart | RefusalPart): MistralPart {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text };
    case 'refusal':
      return { type: 'text', text: part.refusal }; // there is no such part, and the words were said
    case 'image_url': {
      const { url, detail } = part.image_url;
      return { type: 'image_url', image_url: { url, ...(detail && { detail }) } };
    }
    case 'input_audio':
      return { type: 'input_audio', input_audio: part.input_audio.data };
    case 'file':
      return toFile(part.file);
  }
}

function toFile({ file_id, file_data, filename }: { file_id?: string; file_data?: string; filename?: string }) {
  if (file_id !== undefined) return { type: 'file', file_id } as const;
  if (file_data === undefined) {
    const message = 'mistral: a file part needs `file_id` or `file_data`';
    throw new InvalidRequestError(message, { provider: 'mistral', path: 'messages' });
  }
  return { type: 'document_url', document_url: file_data, ...(filename && { document_name: filename }) } as const;
}
