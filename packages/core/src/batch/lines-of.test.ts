import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { LineTooLong, linesOf } from './lines-of.ts';

const folder = mkdtempSync(join(tmpdir(), 'anyllm-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function read(content: string | Buffer, maxLineBytes?: number) {
  const path = join(folder, 'lines');
  writeFileSync(path, content);
  const lines = [];
  for await (const line of linesOf(path, maxLineBytes)) lines.push(line);
  return lines;
}

test.each([
  ['', []],
  ['a', ['a']],
  ['a\n', ['a']],
  ['a\nb', ['a', 'b']],
  ['\n\na\n\n', ['', '', 'a', '']],
  ['\uFEFFa\nb', ['a', 'b']],
  ['ä\n€', ['ä', '€']],
])('%j has the lines %j', async (content, expected) => {
  expect((await read(content)).map(({ text }) => text)).toEqual(expected);
});

test('each line tells its number, where it ends, and whether a line feed ends it', async () => {
  expect(await read('ä\n\nb')).toEqual([
    { text: 'ä', number: 1, endByte: 3, ended: true },
    { text: '', number: 2, endByte: 4, ended: true },
    { text: 'b', number: 3, endByte: 5, ended: false },
  ]);
});

test('lines of any length are whole, wherever the reads of the file cut them', async () => {
  const line = fc.tuple(fc.constantFrom('a', 'ß', '€'), fc.nat(200_000)).map(([text, count]) => text.repeat(count));
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 4 }), async (lines) => {
      const read_ = await read(lines.map((text) => `${text}\n`).join(''));
      expect(read_.map(({ text }) => text)).toEqual(lines);
    }),
    { numRuns: 15 },
  );
});

test('a line that is too long ends the reading with its number', async () => {
  const error = await read('aaa\nbbbb\n', 3).catch((reason) => reason);
  expect(error).toBeInstanceOf(LineTooLong);
  expect(error.number).toBe(2);
});
