import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PartialJson } from './partial-json.ts';

/** What there is after each piece. */
function growing(pieces: readonly string[], options = {}): unknown[] {
  const json = new PartialJson(options);
  return pieces.map((piece) => {
    json.write(piece);
    return structuredClone(json.value);
  });
}

function read(pieces: readonly string[]): { value: unknown } | undefined {
  const json = new PartialJson();
  for (const piece of pieces) json.write(piece);
  json.end();
  return json.complete ? { value: json.value } : undefined;
}

function parse(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

const piecesOf = (text: string, ends: readonly number[]) => {
  const sorted = [...new Set(ends.map((end) => end % (text.length + 1)))].sort((a, b) => a - b);
  return [...sorted, text.length].map((end, at) => text.slice(sorted[at - 1] ?? 0, end));
};

test('a text grows, other scalars and keys come when they are complete', () => {
  expect(growing(['{"na', 'me": "A', 'nn', '", "age": 4', '2, "ok": tr', 'ue', '}'])).toEqual([
    {},
    { name: 'A' },
    { name: 'Ann' },
    { name: 'Ann' },
    { name: 'Ann', age: 42 },
    { name: 'Ann', age: 42 },
    { name: 'Ann', age: 42, ok: true },
  ]);
});

test('a list grows by its items, and they within', () => {
  expect(growing(['[', '{"a": ["x', 'y"', ', 1', ']}, ', '[]]'])).toEqual([
    [],
    [{ a: ['x'] }],
    [{ a: ['xy'] }],
    [{ a: ['xy'] }],
    [{ a: ['xy', 1] }],
    [{ a: ['xy', 1] }, []],
  ]);
});

test('it tells whether there is more of the value', () => {
  const json = new PartialJson();
  expect(['{', ' ', '"a"', ':', '"', '"', '}'].map((piece) => json.write(piece))).toEqual([
    ...[true, false, false, false, true, true, false],
  ]);
});

test('lenient, it finds the object in fences and in prose', () => {
  const pieces = ['Here {it} is [1]:\n```json\n', '{"a": ', '"b"', '}\n```\nIs that', ' {"all": 1}?'];
  expect(growing(pieces, { lenient: true }).slice(1)).toEqual([{}, { a: 'b' }, { a: 'b' }, { a: 'b' }]);
});

test('any cut of a JSON text ends in what JSON.parse gives', () => {
  const text = fc.oneof(
    fc.json(),
    fc.json().map((json) => JSON.stringify(JSON.parse(json), null, 2)),
    fc.string({ unit: 'binary' }).map((value) => JSON.stringify({ [value]: [value, -0, 1e21] })),
    fc.constant('{"\\u0041\\ud83d\\ude00\\n": "\\/", "a": 1, "a": 2, "__proto__": {"b": 1}}'),
  );
  fc.assert(
    fc.property(text, fc.array(fc.nat(200), { maxLength: 10 }), (json, ends) => {
      expect(read(piecesOf(json, ends))).toEqual({ value: JSON.parse(json) });
      expect(read([...json])).toEqual({ value: JSON.parse(json) });
    }),
    { numRuns: 40 },
  );
});

test('it takes what JSON.parse takes and nothing else', () => {
  const sign = fc.constantFrom(...'{}[]:,"\\ \n01.-+eEtrufalsn\u0001x', '"a"', 'true', 'null', '{"a":', '1e5', '\\u00');
  fc.assert(
    fc.property(fc.array(sign, { maxLength: 12 }), (pieces) => {
      expect(read(pieces)).toEqual(parse(pieces.join('')));
    }),
    { numRuns: 2_000 },
  );
});

test('what is there never takes anything back', () => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      const steps = growing([...json]);
      const sizes = steps.map((value) => JSON.stringify(value)?.length ?? 0);
      expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
    }),
  );
});

test('a megabyte in small pieces is read once', () => {
  const rows = Array.from({ length: 10_000 }, (_, id) => ({ id, name: `name of ${id}`, tags: ['a', 'b'], text: 'x'.repeat(40) })); // biome-ignore format: one line
  const text = JSON.stringify({ rows, long: 'y'.repeat(200_000) });
  const json = new PartialJson();
  for (let at = 0; at < text.length; at += 8) json.write(text.slice(at, at + 8));
  expect(text.length).toBeGreaterThan(1_000_000);
  expect(json.complete).toBe(true);
  expect(JSON.stringify(json.value)).toBe(text);
});
