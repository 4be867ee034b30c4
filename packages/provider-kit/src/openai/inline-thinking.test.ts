import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InlineThinking } from './inline-thinking.ts';

function split(pieces: readonly string[], opened = false) {
  const thinking = new InlineThinking(opened);
  const parts = [...pieces.map((piece) => thinking.push(piece)), thinking.flush()];
  return [parts.map((part) => part.reasoning).join(''), parts.map((part) => part.content).join('')];
}

test.each<[string, string, string, string]>([
  ['a tag and its end', '<think>r</think>a', 'r', 'a'],
  ['blanks before the tag, and lines after it', ' \n<think>r\n</think>\r\n\na\n', 'r\n', 'a\n'],
  ['thinking', '<thinking>r</thinking>a', 'r', 'a'],
  ['reasoning_content', '<reasoning_content>r</reasoning_content>a', 'r', 'a'],
  ['chain_of_thought', '<chain_of_thought>r</chain_of_thought>a', 'r', 'a'],
  ["another tag's end", '<think>r</thinking>s</think>a', 'r</thinking>s', 'a'],
  ['no end', '<think>r', 'r', ''],
  ['an end that is cut off', '<think>r</thi', 'r</thi', ''],
  ['nothing between', '<think></think>a', '', 'a'],
  ['no tag', ' a', '', ' a'],
  ['half a tag', ' <thi', '', ' <thi'],
  ['another tag', '<thinks>a', '', '<thinks>a'],
  ['a tag further on', 'a<think>r</think>', '', 'a<think>r</think>'],
  ['a second pair', '<think>r</think>a<think>b</think>', 'r', 'a<think>b</think>'],
  ['an end alone', 'r</think>a', '', 'r</think>a'],
  ['less-than signs', '<think>1<2, </ b</think>a<b', '1<2, </ b', 'a<b'],
  ['nothing', '', '', ''],
])('%s', (_, text, reasoning, content) => {
  expect(split([text])).toEqual([reasoning, content]);
});

test.each<[string, string, string, string]>([
  ['an end alone', 'r</think>\n\na', 'r', 'a'],
  ['the end of any tag', 'r</chain_of_thought>a', 'r', 'a'],
  ['a tag all the same', '<think>r</think>a', 'r', 'a'],
  ['no end', 'r', 'r', ''],
])('where the template has opened it: %s', (_, text, reasoning, content) => {
  expect(split([text], true)).toEqual([reasoning, content]);
});

test('any cut of the text gives the same', () => {
  const word = fc.constantFrom('<think>', '</think>', '<thinking>', '</thinking>', '<', '</', '\n', ' ', 'think', 'é');
  const text = fc.array(word, { maxLength: 8 }).map((words) => words.join(''));
  fc.assert(
    fc.property(text, fc.boolean(), fc.array(fc.nat(60)), (whole, opened, places) => {
      const ends = [...places, whole.length].sort((a, b) => a - b);
      const pieces = ends.map((end, i) => whole.slice(ends[i - 1] ?? 0, end));
      expect(split(pieces, opened)).toEqual(split([whole], opened));
    }),
    { numRuns: 1000 },
  );
});
