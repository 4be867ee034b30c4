import { ResponseParseError, type ToolCallDelta } from '@anyllm/core/provider';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ToolCallSlots } from './tool-call-slots.ts';
import type { WireToolCall } from './tool-calls.ts';

interface Call {
  id: string | undefined;
  name: string | undefined;
  text: string;
}

function run(fragments: readonly WireToolCall[]): ToolCallDelta[] {
  const slots = new ToolCallSlots('x');
  return [...fragments.map((fragment) => slots.add(fragment)), ...slots.flush()].filter((out) => out !== undefined);
}

/** The calls that a consumer puts together from what is handed on. */
function calls(fragments: readonly WireToolCall[]): (Call | undefined)[] {
  const folded: (Call | undefined)[] = [];
  for (const { index, id, function: called, custom } of run(fragments)) {
    const call = folded[index] ?? { id, name: called?.name ?? custom?.name, text: '' };
    folded[index] = call;
    call.text += called?.arguments ?? custom?.input ?? '';
  }
  return folded;
}

const f = (name: string, text: unknown) => ({ function: { name, arguments: text } });
const more = (text: string) => ({ function: { arguments: text } });
const made = expect.stringMatching(/^call_\w{24}$/);

const table: [fact: string, fragments: WireToolCall[], calls: (Call | undefined)[]][] = [
  [
    'indices sort interleaved fragments',
    [
      { index: 0, id: 'a', type: 'function', ...f('f', '') },
      { index: 0, ...more('{"x"') },
      { index: 1, id: 'b', type: 'function', ...f('g', '{}') },
      { index: 0, ...more(':1}') },
    ],
    [
      { id: 'a', name: 'f', text: '{"x":1}' },
      { id: 'b', name: 'g', text: '{}' },
    ],
  ],
  [
    'without an index, fragments without an id go on with the last call',
    [{ id: 'a', ...f('f', '{"x"') }, more(':1}')],
    [{ id: 'a', name: 'f', text: '{"x":1}' }],
  ],
  [
    'one index for all calls is told apart by their ids',
    [
      { index: 0, id: 'a', ...f('f', '{"x":1}') },
      { index: 0, id: 'b', ...f('f', '{"x":2}') },
    ],
    [
      { id: 'a', name: 'f', text: '{"x":1}' },
      { id: 'b', name: 'f', text: '{"x":2}' },
    ],
  ],
  [
    'one index for all calls and cut arguments: the latest call goes on',
    [
      { index: 0, id: 'a', ...f('f', '{"x":1}') },
      { index: 0, id: 'b', ...f('g', '{"y"') },
      { index: 0, ...more(':2}') },
    ],
    [
      { id: 'a', name: 'f', text: '{"x":1}' },
      { id: 'b', name: 'g', text: '{"y":2}' },
    ],
  ],
  [
    'whole calls with neither ids nor an index of their own are told apart by their names',
    [
      { index: 0, id: 'null', ...f('f', '{"x":1}') },
      { index: 0, id: 'null', ...f('g', '{"x":1}') },
    ],
    [
      { id: made as never, name: 'f', text: '{"x":1}' },
      { id: made as never, name: 'g', text: '{"x":1}' },
    ],
  ],
  [
    'whole calls of one tool, without index and id, are two calls',
    [f('f', '{"x":1}'), f('f', '{"x":2}')],
    [
      { id: made as never, name: 'f', text: '{"x":1}' },
      { id: made as never, name: 'f', text: '{"x":2}' },
    ],
  ],
  [
    'calls of one tool in fragments, without index and id, are two calls',
    [f('f', ''), more('{"x"'), more(':1}'), f('f', ''), more('{"x"'), more(':2}')],
    [
      { id: made as never, name: 'f', text: '{"x":1}' },
      { id: made as never, name: 'f', text: '{"x":2}' },
    ],
  ],
  [
    'an id that comes again without an index finds its call',
    [
      { id: 'a', ...f('f', '{') },
      { id: 'b', ...f('g', '{') },
      { id: 'a', ...more('}') },
    ],
    [
      { id: 'a', name: 'f', text: '{}' },
      { id: 'b', name: 'g', text: '{' },
    ],
  ],
  [
    'an id and a name on each fragment change nothing',
    [
      { index: 0, id: 'a', ...f('f', '{"x"') },
      { index: 0, id: 'a', ...f('f', ':1}') },
    ],
    [{ id: 'a', name: 'f', text: '{"x":1}' }],
  ],
  [
    'an id made up for each fragment changes nothing',
    [
      { index: 0, id: 'a', ...f('f', '') },
      { index: 0, id: 'b', ...more('{"x"') },
      { index: 0, id: 'c', ...more(':1}') },
      { index: 0, id: 'd', ...more('') },
    ],
    [{ id: 'a', name: 'f', text: '{"x":1}' }],
  ],
  [
    'an empty id and name later on change nothing',
    [
      { index: 0, id: 'a', ...f('f', '{') },
      { index: 0, id: '', ...f('', '}') },
    ],
    [{ id: 'a', name: 'f', text: '{}' }],
  ],
  [
    'a name after the first fragment is waited for',
    [
      { index: 0, id: 'a', ...more('{"x"') },
      { index: 0, ...f('f', ':1}') },
    ],
    [{ id: 'a', name: 'f', text: '{"x":1}' }],
  ],
  ['a name that never comes is empty', [{ index: 0, id: 'a', ...more('{}') }], [{ id: 'a', name: '', text: '{}' }]],
  [
    'arguments may be an object',
    [{ index: 0, id: 'a', ...f('f', { x: 1 }) }],
    [{ id: 'a', name: 'f', text: '{"x":1}' }],
  ],
  [
    'whole arguments that are repeated count once',
    [
      { index: 0, id: 'a', ...f('f', '{"x"') },
      { index: 0, ...more(':1}') },
      { index: 0, ...f('f', '{"x":1}') },
    ],
    [{ id: 'a', name: 'f', text: '{"x":1}' }],
  ],
  ['a missing id is made up', [{ index: 0, ...f('f', '{}') }], [{ id: made as never, name: 'f', text: '{}' }]],
  [
    'indices may begin anywhere',
    [{ index: 2, id: 'a', ...f('f', '{}') }],
    [undefined, undefined, { id: 'a', name: 'f', text: '{}' }],
  ],
  [
    'custom tools have a free text, which may repeat itself',
    [
      { index: 0, id: 'a', type: 'custom', custom: { name: 'c', input: '123' } },
      { index: 0, custom: { input: '123' } },
    ],
    [{ id: 'a', name: 'c', text: '123123' }],
  ],
  ['an empty fragment is no call', [{}, { index: 0 }, { index: 1, function: null }], []],
  [
    'fields of the wrong type count as absent',
    [{ index: '0', id: 7, function: { name: 'f', arguments: null } }],
    [{ id: made as never, name: 'f', text: '' }],
  ],
];

describe('tool call fragments', () => {
  test.each(table)('%s', (_, fragments, expected) => {
    expect(calls(fragments)).toEqual(expected);
  });

  test.each([-1, 1.5, 128, 1e9, Number.NaN])('an index of %s is an error of the protocol', (index) => {
    expect(() => run([{ index, id: 'a', ...f('f', '') }])).toThrow(ResponseParseError);
  });

  test('more calls than can be meant are an error of the protocol', () => {
    const many = Array.from({ length: 129 }, (_, i) => ({ id: `id${i}`, ...f('f', '{}') }));
    expect(() => run(many)).toThrow(ResponseParseError);
  });

  test('the first fragment of a call has id, type and name, the others only add to it', () => {
    fc.assert(
      fc.property(fc.array(cutCall, { minLength: 1, maxLength: 4 }), fc.infiniteStream(fc.nat()), (cut, order) => {
        const seen = new Set<number>();
        for (const { index, id, type, function: called } of run(interleave(cut, order))) {
          expect(id !== undefined && type !== undefined && called?.name !== undefined).toBe(!seen.has(index));
          seen.add(index);
        }
      }),
    );
  });

  test('any cut of the arguments and any order between the calls give the same calls', () => {
    fc.assert(
      fc.property(fc.array(cutCall, { minLength: 1, maxLength: 4 }), fc.infiniteStream(fc.nat()), (cut, order) => {
        const expected = cut.map(({ name, pieces }, index) => ({ id: `id${index}`, name, text: pieces.join('') }));
        expect(calls(interleave(cut, order))).toEqual(expected);
      }),
    );
  });
});

interface CutCall {
  name: string;
  pieces: string[];
}

const cutCall: fc.Arbitrary<CutCall> = fc.record({
  name: fc.constantFrom('f', 'g'),
  pieces: fc
    .tuple(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), fc.array(fc.nat(), { maxLength: 4 }))
    .map(([value, places]) => {
      const text = JSON.stringify(value);
      const ends = [...places.map((place) => place % text.length), text.length].sort((a, b) => a - b);
      return ends.map((end, i) => text.slice(ends[i - 1] ?? 0, end));
    }),
});

/** Each call's fragments in their order, the calls mixed. */
function interleave(cut: readonly CutCall[], order: fc.Stream<number>): WireToolCall[] {
  const queues = cut.map(({ name, pieces }, index) => [
    { index, id: `id${index}`, type: 'function', ...f(name, '') },
    ...pieces.map((piece) => ({ index, ...more(piece) })),
  ]);
  const mixed: WireToolCall[] = [];
  while (queues.some((queue) => queue.length > 0)) {
    const open = queues.filter((queue) => queue.length > 0);
    const next = open[Number(order.next().value) % open.length]?.shift();
    if (next) mixed.push(next);
  }
  return mixed;
}
