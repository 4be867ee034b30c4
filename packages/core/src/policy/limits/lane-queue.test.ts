import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LaneQueue, type Level, longestWaitingTurn, type Waiter } from './lane-queue.ts';

class Item implements Waiter<Item> {
  order = 0;
  next: Item | undefined;
  previous: Item | undefined;
  level: Level<Item> | undefined;
  readonly priority: number;
  readonly tokens: number;

  constructor(priority: number, tokens = 0) {
    this.priority = priority;
    this.tokens = tokens;
  }
}

/** The slow, obvious queue. */
class Model {
  readonly items: Item[] = [];
  turn = 0;

  peek(): Item | undefined {
    const best = [...this.items].sort((a, b) => b.priority - a.priority)[0]; // a stable sort
    return this.turn % longestWaitingTurn === longestWaitingTurn - 1 ? this.items[0] : best;
  }

  remove(item: Item): void {
    this.items.splice(this.items.indexOf(item), 1);
  }
}

test('it does what the slow, obvious queue does', () => {
  const push = fc.record({ kind: fc.constant('push' as const), priority: fc.integer({ min: -2, max: 2 }) });
  const other = fc.record({ kind: fc.constantFrom('shift' as const, 'remove' as const), priority: fc.nat() });
  fc.assert(
    fc.property(fc.array(fc.oneof(push, other), { maxLength: 200 }), (steps) => {
      const queue = new LaneQueue<Item>();
      const model = new Model();
      for (const { kind, priority } of steps) {
        const victim = model.items[priority % model.items.length];
        if (kind === 'push') {
          const item = new Item(priority, 3);
          queue.push(item);
          model.items.push(item);
        } else if (kind === 'remove' && victim) {
          queue.remove(victim);
          model.remove(victim);
        } else if (kind === 'shift') {
          const expected = model.peek();
          expect(queue.shift()).toBe(expected);
          if (expected) model.remove(expected);
          if (expected) model.turn++;
        }
        expect(queue.length).toBe(model.items.length);
        expect(queue.peek()).toBe(model.peek());
        const ahead = model.items.filter((item) => item.priority >= 0).length;
        expect(queue.before(0)).toEqual({ count: ahead, tokens: 3 * ahead });
      }
      expect([...queue].sort((a, b) => a.order - b.order)).toEqual(model.items);
    }),
  );
});

test('what is put back, the last first, comes out again in the same order', () => {
  const queue = new LaneQueue<Item>();
  for (let index = 0; index < 40; index++) queue.push(new Item(index % 3));
  for (let round = 0; round < 4; round++) {
    const batch = Array.from({ length: 9 }, () => queue.shift() as Item);
    for (const item of batch.toReversed()) queue.unshift(item);
    const again = Array.from({ length: 9 }, () => queue.shift() as Item);
    expect(again.map(({ order }) => order)).toEqual(batch.map(({ order }) => order));
  }
});
