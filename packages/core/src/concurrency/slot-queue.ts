import { LazyContext } from './item-context.ts';

type OnSettled = (slot: Slot, failed: boolean, outcome: unknown) => void;

/** The place of one item from its start until its result is taken; then it serves another item. */
export class Slot {
  /** Present while the item runs and its result is wanted. */
  context: LazyContext | undefined;
  failed = false;
  /** The result, or the reason of the failure. */
  outcome: unknown;
  /** In the queue, or among the free slots. */
  next: Slot | undefined;
  /** Made once per slot: a pair of closures per item would be a good part of its cost. */
  readonly onFulfilled: (value: unknown) => void;
  readonly onRejected: (reason: unknown) => void;

  constructor(onSettled: OnSettled) {
    this.onFulfilled = (value) => onSettled(this, false, value);
    this.onRejected = (reason) => onSettled(this, true, reason);
  }
}

/** The results on their way to the consumer, in slots that are used again and again. */
export class SlotQueue {
  /** Slots acquired and not yet shifted, whether they are in the queue or not. */
  occupied = 0;
  head: Slot | undefined;
  #tail: Slot | undefined;
  #free: Slot | undefined;
  #all: Slot[] = [];
  readonly #onSettled: OnSettled;

  constructor(onSettled: OnSettled) {
    this.#onSettled = onSettled;
  }

  /** A slot for the item, not yet in the queue. */
  acquire(context: LazyContext): Slot {
    const slot = this.#free ?? this.#grow();
    this.#free = slot.next;
    slot.next = undefined;
    slot.context = context;
    this.occupied++;
    return slot;
  }

  push(slot: Slot): void {
    if (this.#tail === undefined) this.head = slot;
    else this.#tail.next = slot;
    this.#tail = slot;
  }

  /** Frees the first slot. */
  shift(): void {
    const slot = this.head as Slot;
    this.head = slot.next;
    if (this.head === undefined) this.#tail = undefined;
    slot.outcome = undefined;
    slot.next = this.#free;
    this.#free = slot;
    this.occupied--;
  }

  /** Aborts the running items whose index is above the given one. What becomes of them is ignored. */
  abandonAfter(index: number, reason: unknown): void {
    for (const slot of this.#all) {
      const { context } = slot;
      if (context === undefined || context.index <= index) continue;
      slot.context = undefined;
      LazyContext.abort(context, reason);
    }
  }

  /** Forgets every slot. */
  clear(): void {
    this.head = this.#tail = this.#free = undefined;
    this.#all = [];
    this.occupied = 0;
  }

  #grow(): Slot {
    const slot = new Slot(this.#onSettled);
    this.#all.push(slot);
    return slot;
  }
}
