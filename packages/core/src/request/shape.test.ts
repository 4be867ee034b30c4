import { expect, test } from 'vitest';
import { describeFlaw, formatPath } from './flaw.ts';
import {
  atLeast,
  closed,
  either,
  fits,
  flag,
  integer,
  list,
  nonEmpty,
  nullable,
  number,
  object,
  oneOf,
  optional,
  record,
  type Shape,
  tagged,
  text,
} from './shape.ts';

const named = object({ name: text, size: optional(number) });
const only = closed({ name: text, size: optional(number) }, (name) => `has no ${name}`);
const figure = tagged('type', { circle: object({ radius: number }), square: object({ side: number }) });
const words = either(text, list(text));

test.each<[string, Shape, unknown]>([
  ['text', text, ''],
  ['a fraction', number, 0.5],
  ['a bound', atLeast(0, number), 0],
  ['an option left out', optional(text), undefined],
  ['null where it is allowed', nullable(text), null],
  ['an empty list', list(text), []],
  ['more than is known', named, { name: 'a', more: 1 }],
  ['no more than is known', only, { name: 'a' }],
  ['an object without a prototype', record(flag), Object.assign(Object.create(null), { a: true })],
  ['a kind', figure, { type: 'square', side: 1 }],
  ['the second alternative', words, ['a']],
])('%s fits, at no cost', (_, shape, value) => {
  expect(shape(value)).toBe(fits);
});

test.each<[Shape, unknown, string[]]>([
  [text, 5, [': must be a string, not 5']],
  [number, Number.POSITIVE_INFINITY, [': must be a number, not Infinity']],
  [integer, 2 ** 60, [': must be an integer, not 1152921504606847000']],
  [atLeast(0, number), -1, [': must be at least 0']],
  [atLeast(0, number), 'a', [': must be a number, not a string']],
  [nonEmpty(list(text)), [], [': must not be empty']],
  [optional(text), null, [': must be a string, not null']],
  [oneOf('a', 'b'), 'secret', [': must be "a" or "b"']],
  [list(text), 'a', [': must be an array, not a string']],
  [list(text), ['a', 1, 2], ['[1]: must be a string, not 1', '[2]: must be a string, not 2']],
  [named, [], [': must be an object, not an array']],
  [named, { size: '1' }, ['name: is missing', 'size: must be a number, not a string']],
  [only, { other: 1 }, ['name: is missing', 'other: has no other']],
  [only, { name: 'a', toString: 1 }, ['toString: has no toString']],
  [record(flag), new Map(), [': must be a plain object, not an instance of Map']],
  [record(flag), JSON.parse('{"__proto__":1}'), ['__proto__: must be a boolean, not 1']],
  [figure, {}, ['type: is missing']],
  [figure, { type: 'toString' }, ['type: must be "circle" or "square"']],
  [figure, { type: 'circle' }, ['radius: is missing']],
  [words, 5, [': must be a string or an array, not 5']],
  [words, [5], ['[0]: must be a string, not 5']],
  [list(named), [{ name: { a: 1 } }], ['[0].name: must be a string, not an object']],
])('of %s, %j has these flaws: %j', (shape, value, flaws) => {
  expect(shape(value).map((flaw) => `${formatPath(flaw.path)}: ${describeFlaw(flaw)}`)).toEqual(flaws);
});

test('of several kinds, that which the value is says what is wrong with it', () => {
  const model = either(text, nonEmpty(list(text)));
  expect(model([]).map(describeFlaw)).toEqual(['must not be empty']);
  expect(model(5).map(describeFlaw)).toEqual(['must be a string or an array, not 5']);
});
