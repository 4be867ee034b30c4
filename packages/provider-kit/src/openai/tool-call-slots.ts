import { ResponseParseError, type ToolCallDelta } from '@anyllm/core/provider';

/** A fragment of a tool call as servers send it: anything may be missing, empty or of another type. */
export interface WireToolCall {
  index?: unknown;
  id?: unknown;
  type?: unknown;
  function?: { name?: unknown; arguments?: unknown } | null;
  custom?: { name?: unknown; input?: unknown } | null;
}

interface Slot {
  index: number;
  id: string | undefined;
  name: string;
  text: string;
  custom: boolean;
  /** The opening fragment, with id and name, has been handed on. */
  opened: boolean;
}

/** An index beyond this is an error of the protocol; it would have us keep as many slots. */
const maxIndex = 127;

/**
 * Sorts the fragments of the tool calls of one choice into calls with a stable index, whatever a server makes of
 * `index` and `id`, and hands on fragments whose first one has id, type and name.
 */
export class ToolCallSlots {
  readonly #slots: Slot[] = [];
  readonly #provider: string;

  constructor(provider: string) {
    this.#provider = provider;
  }

  get used(): boolean {
    return this.#slots.length > 0;
  }

  add(fragment: WireToolCall): ToolCallDelta | undefined {
    const { name, text } = readFragment(fragment);
    const slot = this.#slotFor(fragment, name);
    const repeats = text.length > 2 && text === slot.text && isJson(text);
    const added = repeats ? '' : text;
    slot.text += added;
    slot.name ||= name;
    slot.id ??= realId(fragment.id);
    slot.custom ||= Boolean(fragment.custom);
    return this.#emit(slot, added);
  }

  /** What was held back for a name that never came. */
  flush(): ToolCallDelta[] {
    return this.#slots.filter((slot) => !slot.opened).map((slot) => open(slot));
  }

  #emit(slot: Slot, text: string): ToolCallDelta | undefined {
    if (slot.opened) return text === '' ? undefined : { index: slot.index, ...body(slot, { text }) };
    return slot.name === '' ? undefined : open(slot);
  }

  #slotFor(fragment: WireToolCall, name: string): Slot {
    const id = realId(fragment.id);
    if (typeof fragment.index === 'number') return this.#byIndex(fragment.index, id, name);
    const known = id === undefined ? undefined : this.#slots.find((slot) => slot.id === id);
    if (known) return known;
    const last = this.#slots.at(-1);
    const continues = id === undefined && last !== undefined && (name === '' || !isJson(last.text));
    return continues ? last : this.#create();
  }

  #byIndex(index: number, id: string | undefined, name: string): Slot {
    if (!Number.isInteger(index) || index < 0 || index > maxIndex) throw this.#badIndex(index);
    // After a server has numbered several calls alike, its index no longer tells which is meant: the latest is.
    const slot = this.#slots.findLast((slot) => slot.index === index || this.#aliases.get(slot) === index);
    if (!slot) return this.#create(index);
    if (id === undefined || slot.id === undefined || slot.id === id) return slot;
    const known = this.#slots.find((other) => other.id === id);
    if (known) return known;
    // A fresh id without a name, amid an unfinished text, comes from servers that make up an id for each fragment.
    if (name === '' && !isJson(slot.text)) return slot;
    const created = this.#create();
    this.#aliases.set(created, index);
    return created;
  }

  /** The wire's index of calls that had to be given another. */
  readonly #aliases = new Map<Slot, number>();

  #create(wanted?: number): Slot {
    const taken = new Set(this.#slots.map((slot) => slot.index));
    let index = wanted ?? 0;
    while (taken.has(index)) index += 1;
    const slot: Slot = { index, id: undefined, name: '', text: '', custom: false, opened: false };
    this.#slots.push(slot);
    return slot;
  }

  #badIndex(index: number): ResponseParseError {
    return new ResponseParseError(`${this.#provider}: a tool call has the index ${index}`, {
      provider: this.#provider,
    });
  }
}

function readFragment({ function: called, custom }: WireToolCall): { name: string; text: string } {
  const name = called?.name ?? custom?.name;
  const text = called?.arguments ?? custom?.input;
  return { name: typeof name === 'string' ? name : '', text: toText(text) };
}

/** Some servers send the arguments as an object. */
function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : JSON.stringify(value);
}

function realId(id: unknown): string | undefined {
  return typeof id === 'string' && id !== '' && id !== 'null' ? id : undefined;
}

function open(slot: Slot): ToolCallDelta {
  slot.opened = true;
  slot.id ??= `call_${crypto.randomUUID().replaceAll('-', '').slice(0, 24)}`;
  const { index, id, name, text } = slot;
  return { index, id, type: slot.custom ? 'custom' : 'function', ...body(slot, { name, text }) };
}

function body({ custom }: Slot, { name, text }: { name?: string; text: string }): Partial<ToolCallDelta> {
  const named = name === undefined ? {} : { name };
  return custom ? { custom: { ...named, input: text } } : { function: { ...named, arguments: text } };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
