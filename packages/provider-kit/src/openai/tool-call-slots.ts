import { ResponseParseError, type ToolCallDelta } from '@anyllm/core/provider';
import { type CallParts, isEmpty, openCall, readCall, type ToolCalls, type WireToolCall } from './tool-calls.ts';

interface Fragment extends CallParts {
  /** The server's number of the call, which may be the same for several. */
  number: number | undefined;
}

interface Slot extends Fragment {
  /** Ours, stable and unique. */
  index: number;
  /** The opening fragment, with id and name, has been handed on. */
  opened: boolean;
  /** After whole arguments the name came again by itself: arguments that follow are those of another such call. */
  namedAgain: boolean;
}

/** An index beyond this is an error of the protocol; it would have us keep as many slots. */
const maxIndex = 127;

/**
 * The calls of a streamed choice: sorts their fragments into calls with a stable index, whatever a server makes of
 * `index` and `id`.
 */
export class ToolCallSlots implements ToolCalls {
  readonly #slots: Slot[] = [];
  readonly #provider: string;

  constructor(provider: string) {
    this.#provider = provider;
  }

  get used(): boolean {
    return this.#slots.length > 0;
  }

  /** @throws ResponseParseError for an index that cannot be one */
  add(wire: WireToolCall): ToolCallDelta | undefined {
    const fragment = readFragment(wire, this.#provider);
    const known = this.#slotOf(fragment);
    if (!known && isEmpty(fragment)) return undefined;
    const slot = known ?? this.#create(fragment.number);
    const text = repeats(slot, fragment) ? '' : fragment.text;
    slot.namedAgain ||= known !== undefined && fragment.name !== '' && text === '' && isJson(slot.text);
    slot.id ??= fragment.id;
    slot.name = slot.opened ? slot.name : fragment.name || slot.name;
    slot.custom ||= fragment.custom;
    slot.text += text;
    if (slot.opened) return text === '' ? undefined : goOn(slot, text);
    return slot.name === '' ? undefined : open(slot);
  }

  /** What was held back for a name that never came. */
  flush(): ToolCallDelta[] {
    return this.#slots.filter((slot) => !slot.opened).map(open);
  }

  /**
   * The call that a fragment goes on with. By the server's number, else by its id, else the latest; but a server that
   * gives all its calls one number, or none and no ids, is found out by what the fragment would make of that call.
   */
  #slotOf(fragment: Fragment): Slot | undefined {
    const { number, id } = fragment;
    const byId = id === undefined ? undefined : this.#slots.find((slot) => slot.id === id);
    const candidate =
      number === undefined ? (byId ?? this.#slots.at(-1)) : this.#slots.findLast((slot) => slot.number === number);
    if (!candidate) return undefined;
    return continues(candidate, fragment) ? candidate : byId;
  }

  #create(number: number | undefined): Slot {
    const index = this.#freeIndex(number ?? 0);
    if (!Number.isInteger(index) || index < 0 || index > maxIndex) throw this.#badIndex(index);
    const last = this.#slots.at(-1);
    const name = last?.namedAgain ? last.name : '';
    const slot: Slot = {
      index,
      number,
      id: undefined,
      name,
      text: '',
      custom: false,
      opened: false,
      namedAgain: false,
    };
    this.#slots.push(slot);
    return slot;
  }

  #freeIndex(wanted: number): number {
    const taken = new Set(this.#slots.map((slot) => slot.index));
    let index = wanted;
    while (taken.has(index)) index += 1;
    return index;
  }

  #badIndex(index: number): ResponseParseError {
    return new ResponseParseError(`${this.#provider}: a tool call has the index ${index}`, {
      provider: this.#provider,
    });
  }
}

function readFragment(wire: WireToolCall, provider: string): Fragment {
  const { index } = wire;
  return { ...readCall(wire, provider), number: typeof index === 'number' ? index : undefined };
}

function continues(slot: Slot, fragment: Fragment): boolean {
  const { id, name, text } = fragment;
  if (id !== undefined && id === slot.id) return true;
  if (id === undefined && name === '' && slot.namedAgain && text.trim() !== '') return !isJson(slot.text);
  // Without a name it is more of the same, also under a fresh id, which some servers make up for each fragment.
  if (name === '') return id === undefined || slot.id === undefined || text === '' || !isJson(slot.text);
  if (id !== undefined && slot.id !== undefined) return false;
  // A name again: a mere repeat, or with whole arguments before it the next call.
  return !isJson(slot.text) || (name === slot.name && (text === '' || repeats(slot, fragment)));
}

/** Some servers send the whole arguments once more at the end. */
function repeats(slot: Slot, { text }: Fragment): boolean {
  return text.length > 2 && text === slot.text && !slot.custom && isJson(text);
}

function open(slot: Slot): ToolCallDelta {
  slot.opened = true;
  return openCall(slot.index, slot);
}

function goOn({ index, custom }: Slot, text: string): ToolCallDelta {
  return custom ? { index, custom: { input: text } } : { index, function: { arguments: text } };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
