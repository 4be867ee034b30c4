import type { FileData, PromptMessage } from '../specification.ts';

/** A conversation for models of the specification v3, which has the data of a file without saying what it is. */
export function toV3Prompt(prompt: readonly PromptMessage[]): PromptMessage[] {
  return prompt.map((message) => {
    if (message.role !== 'user') return message;
    const content = message.content.map((part) =>
      part.type === 'file' ? { ...part, data: toV3Data(part.data) } : part,
    );
    return { ...message, content } as PromptMessage;
  });
}

function toV3Data(data: FileData): unknown {
  if (data.type === 'data') return data.data;
  return data.type === 'url' ? data.url : data;
}
