import type { ResponsesOutputItem } from '@anyllm/core/provider';
import { type Fields, fieldsOf, objectsOf } from './wire-fields.ts';

/**
 * An item of a response, as it is but for what every one of its type has. Types that we do not know go through.
 * @returns nothing for what is no item, or lacks what it is about
 */
export function toResponseItem(wire: unknown): ResponsesOutputItem | undefined {
  const item = fieldsOf(wire);
  if (typeof item?.type !== 'string') return undefined;
  const read = Object.hasOwn(readers, item.type) ? readers[item.type] : asItIs;
  return read?.(item) as ResponsesOutputItem | undefined;
}

type Reader = (item: Fields) => Fields | undefined;

const readers: Record<string, Reader> = {
  message: (item) => {
    const content = partsOf(item.content);
    return content && { ...item, role: 'assistant', content };
  },
  function_call: (item) => (haveTexts(item, ['call_id', 'name', 'arguments']) ? item : undefined),
  custom_tool_call: (item) => (haveTexts(item, ['call_id', 'name', 'input']) ? item : undefined),
  reasoning: (item) => ({ ...item, summary: objectsOf(item.summary).filter(isSummary) }),
};

function asItIs(item: Fields): Fields {
  return item;
}

function partsOf(wire: unknown): Fields[] | undefined {
  const parts = Array.isArray(wire) ? wire.map(toPart) : [];
  return parts.every((part) => part !== undefined) ? parts : undefined;
}

function toPart(wire: unknown): Fields | undefined {
  const part = fieldsOf(wire);
  if (typeof part?.type !== 'string') return undefined;
  if (part.type === 'refusal') return haveTexts(part, ['refusal']) ? part : undefined;
  if (part.type !== 'output_text') return part;
  const annotations = objectsOf(part.annotations).filter(({ type }) => typeof type === 'string');
  return haveTexts(part, ['text']) ? { ...part, annotations } : undefined;
}

function isSummary({ type, text }: Fields): boolean {
  return type === 'summary_text' && typeof text === 'string';
}

function haveTexts(fields: Fields, names: readonly string[]): boolean {
  return names.every((name) => typeof fields[name] === 'string');
}
