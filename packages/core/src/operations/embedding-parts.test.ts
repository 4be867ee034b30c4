import { expect, test } from 'vitest';
import { toParts, toPartsAsync } from './embedding-parts.ts';

const words = (...lengths: number[]) => lengths.map((length) => 'x'.repeat(length));

test.each([
  ['nothing', [], {}, []],
  ['no limits', words(1, 2, 3), {}, [3]],
  ['a count', words(1, 1, 1, 1, 1), { maxInputs: 2 }, [2, 2, 1]],
  ['a count that fits exactly', words(1, 1, 1, 1), { maxInputs: 2 }, [2, 2]],
  ['tokens, two bytes each', words(4, 4, 4), { maxTokens: 4 }, [2, 1]],
  ['tokens, by the bytes of other scripts', ['日本', 'ab', 'ab'], { maxTokens: 4 }, [2, 1]],
  ['a text that is too long for any', words(2, 100, 2, 2), { maxTokens: 4 }, [1, 1, 2]],
  ['both', words(2, 2, 2, 8), { maxInputs: 2, maxTokens: 4 }, [2, 1, 1]],
])('%s', async (_, texts, limits, sizes) => {
  const parts = [...toParts(texts, limits)];
  expect(parts.map((part) => part.texts.length)).toEqual(sizes);
  expect(parts.flatMap((part) => part.texts)).toEqual(texts);
  expect(parts.map(({ start }) => start)).toEqual(sizes.map((_, at) => sizes.slice(0, at).reduce((a, b) => a + b, 0)));
  const later = [];
  for await (const part of toPartsAsync(texts, limits)) later.push(part);
  expect(later).toEqual(parts);
});

test('a full part is given before the next text is read', () => {
  const read: string[] = [];
  const source = function* () {
    for (const text of ['a', 'b', 'c']) {
      read.push(text);
      yield text;
    }
  };
  const parts = toParts(source(), { maxInputs: 2 });
  expect(parts.next().value?.texts).toEqual(['a', 'b']);
  expect(read).toEqual(['a', 'b']);
});

test.each([[''], [7], [null]])('%j is refused with its index', (text) => {
  expect(() => [...toParts(['a', text as string], {})]).toThrow('`input[1]` must');
});
