import fc from 'fast-check';

/** JSON text that JavaScript cannot write: what is in the quotes takes the place of the text. */
const raw = (text: string) => `raw(${text})`;
const written = /"raw\((.*?)\)"/g;
const nested = (depth: number) => raw(`deep ${depth}`);

const hostileNames = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'toJSON',
  'then',
  'length',
  '0',
  '',
];

/** What stands where something else belongs. */
const oddity: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom<unknown>(null, true, false, '', ' ', 'x', 'null', 0, -0, -1, 0.5, [], {}) },
  {
    weight: 3,
    arbitrary: fc.constantFrom<unknown>(
      ...[1e308, -1e308, 2 ** 53, 2 ** 31, 5e-324, raw('1e999'), raw('-1e999'), raw(`1${'0'.repeat(400)}`)],
      ...['\ud800', '\udc00\ud800', 'a\u0000b', '\u2028', 'x'.repeat(20_000), '9'.repeat(400)],
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom(nested(500), nested(20_000)) },
  {
    weight: 3,
    arbitrary: fc.dictionary(fc.constantFrom(...hostileNames), fc.constantFrom<unknown>(null, 1, 'x', {}, []), {
      minKeys: 1,
      maxKeys: 3,
    }),
  },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
);

type Change = 'drop' | 'replace' | 'wrap' | 'repeat' | 'add';

const mutation = fc.record({
  change: fc.constantFrom<Change>('drop', 'replace', 'replace', 'replace', 'wrap', 'repeat', 'add'),
  place: fc.nat(),
  value: oddity,
  name: fc.constantFrom(...hostileNames),
});

type Mutation = typeof mutation extends fc.Arbitrary<infer Value> ? Value : never;

/**
 * JSON of the right shape with up to four things wrong: fields that are missing, of another type, more of them, in a
 * list; numbers beyond all bounds, nesting, names that objects have of themselves, halves of characters, long texts.
 */
export function mutated(right: fc.Arbitrary<unknown>): fc.Arbitrary<string> {
  return fc.tuple(right, fc.array(mutation, { maxLength: 4 })).map(([value, mutations]) => {
    const holder = { value: structuredClone(value) };
    for (const each of mutations) mutate(holder, each);
    return toText(holder.value);
  });
}

/** JSON of no shape at all. */
export const anything: fc.Arbitrary<string> = oddity.map(toText);

function mutate(holder: object, { change, place, name, ...mutation }: Mutation): void {
  const places = placesIn(holder);
  const found = places[place % places.length];
  if (!found) return;
  const [parent, key] = found;
  const present = Reflect.get(parent, key) as unknown;
  const value = structuredClone(mutation.value); // so that nothing stands in two places
  if (change === 'drop') remove(parent, key);
  if (change === 'replace') define(parent, key, value);
  if (change === 'wrap') define(parent, key, [present]);
  if (change === 'repeat' && Array.isArray(parent)) parent.push(structuredClone(present));
  if (change === 'add' && isContainer(present)) define(present, Array.isArray(present) ? present.length : name, value);
}

type Place = [parent: object, key: string];

function placesIn(parent: object): Place[] {
  return Object.entries(parent).flatMap(([key, value]) => [
    [parent, key] as Place,
    ...(isContainer(value) ? placesIn(value) : []),
  ]);
}

function remove(parent: object, key: string): void {
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else Reflect.deleteProperty(parent, key);
}

/** Also under the name of `__proto__`, which an assignment would take for the prototype. */
function define(parent: object, key: PropertyKey, value: unknown): void {
  Object.defineProperty(parent, key, { value, enumerable: true, configurable: true, writable: true });
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function toText(value: unknown): string {
  return (JSON.stringify(value) ?? 'null').replaceAll(written, (_, text: string) => {
    const depth = Number(/^deep (\d+)$/.exec(text)?.[1] ?? 0);
    return depth === 0 ? text : '{"a":['.repeat(depth) + ']}'.repeat(depth);
  });
}
