import { expect, test } from 'vitest';
import { toForm } from './to-form.ts';

const blob = new Blob(['x']);

test.each([
  [{ a: 'text', b: 2, c: false }, [['a', 'text'], ['b', 2], ['c', false]]], // biome-ignore format: one line
  [{ a: undefined, b: null, c: [] }, []],
  [{ a: ['x', null, 'y'] }, [['a[]', 'x'], ['a[]', 'y']]], // biome-ignore format: one line
  [{ a: { type: 'server_vad', threshold: 0.5 } }, [['a[type]', 'server_vad'], ['a[threshold]', 0.5]]], // biome-ignore format: one line
  [{ image: [blob, blob] }, [['image[]', blob], ['image[]', blob]]], // biome-ignore format: one line
  [{ image: blob }, [['image', blob]]],
])('%j becomes %j', (fields, form) => {
  expect(toForm(fields)).toEqual(form);
});

test('lists go without brackets where the server wants them so', () => {
  expect(toForm({ a: ['x', 'y'] }, false)).toEqual([
    ['a', 'x'],
    ['a', 'y'],
  ]);
});
