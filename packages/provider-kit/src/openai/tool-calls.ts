import type { ToolCallDelta } from '@anyllm/core/provider';
import { jsonText } from '../decode/json-text.ts';
import { type Fields, fieldsOf, textOf } from './wire-fields.ts';

/** A tool call, or a fragment of one, as servers send it: anything may be missing, empty or of another type. */
export type WireToolCall = Fields;

/** Turns the tool calls of one choice into our own, of which the first fragment has id, type and name. */
export interface ToolCalls {
  /** Whether there are any. */
  readonly used: boolean;
  /** @returns nothing for what adds nothing, or is held back */
  add(wire: WireToolCall): ToolCallDelta | undefined;
  /** What was held back to the end. */
  flush(): ToolCallDelta[];
}

/** What a call, or a fragment of one, says. */
export interface CallParts {
  id: string | undefined;
  name: string;
  /** Of the arguments, or of the input of a custom tool. */
  text: string;
  custom: boolean;
}

/**
 * The calls of a whole message, each in one piece. Their order counts: their `index` is 0 for all on some servers.
 */
export class WholeToolCalls implements ToolCalls {
  readonly #provider: string;
  #count = 0;

  constructor(provider: string) {
    this.#provider = provider;
  }

  get used(): boolean {
    return this.#count > 0;
  }

  add(wire: WireToolCall): ToolCallDelta | undefined {
    const parts = readCall(wire, this.#provider);
    return isEmpty(parts) ? undefined : openCall(this.#count++, parts);
  }

  flush(): ToolCallDelta[] {
    return [];
  }
}

export function readCall({ id, function: called, custom }: WireToolCall, provider: string): CallParts {
  const freeform = fieldsOf(custom);
  const { name, arguments: text } = fieldsOf(called) ?? {};
  return {
    id: textOf(id) === 'null' ? undefined : textOf(id) || undefined, // `"null"` is Mistral's
    name: textOf(name ?? freeform?.name),
    text: toText(text ?? freeform?.input, provider),
    custom: freeform !== undefined,
  };
}

/** Some servers send the arguments as an object. */
function toText(value: unknown, provider: string): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : jsonText(value, provider);
}

export function isEmpty({ id, name, text }: CallParts): boolean {
  return id === undefined && name === '' && text === '';
}

/** The first fragment of a call. */
export function openCall(index: number, { id = newId(), name, text, custom }: CallParts): ToolCallDelta {
  return custom
    ? { index, id, type: 'custom', custom: { name, input: text } }
    : { index, id, type: 'function', function: { name, arguments: text } };
}

function newId(): string {
  return `call_${crypto.randomUUID().replaceAll('-', '').slice(0, 24)}`;
}
