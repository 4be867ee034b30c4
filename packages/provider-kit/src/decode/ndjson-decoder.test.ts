import { ResponseParseError } from '@anyllm/core/provider';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createNdjsonDecoder } from './ndjson-decoder.ts';

function decode(chunks: readonly Uint8Array[], maxLineBytes?: number): string[] {
  const lines: string[] = [];
  const decoder = createNdjsonDecoder({ maxLineBytes });
  const emit = (line: string) => lines.push(line);
  for (const chunk of chunks) {
    // A transport reuses its buffer after the call.
    const borrowed = Uint8Array.from(chunk);
    decoder.push(borrowed, emit);
    borrowed.fill(0x21);
  }
  decoder.end(emit);
  return lines;
}

const bytes = (text: string) => Buffer.from(text, 'latin1');

describe('createNdjsonDecoder', () => {
  test.each<[string, string[], string[]]>([
    ['lines cut anywhere', ['{"a"', ':1}\n{"b":2}', '\n'], ['{"a":1}', '{"b":2}']],
    ['a last line without end', ['{"a":1}\n{"done":true}'], ['{"a":1}', '{"done":true}']],
    ['CRLF, also cut in the middle', ['{"a":1}\r\n{"b":2}\r', '\n'], ['{"a":1}', '{"b":2}']],
    ['CRLF cut short by the end', ['{"a":1}\r'], ['{"a":1}']],
    ['blank lines', ['\n\r\n \t\n{"a":1}\n\n'], ['{"a":1}']],
    ['a lone carriage return as part of its line', ['{"a":\r1}\n'], ['{"a":\r1}']],
    ['a code point cut in two', ['"\xf0\x9f', '\x98\x80"\n'], ['"😀"']],
    ['U+2028 as part of its line', ['"\xe2\x80\xa8"\n'], ['"\u2028"']],
    ['invalid bytes', ['"\xff"\n'], ['"\ufffd"']],
    ['nothing at all', [''], []],
  ])('reads %s', (_, chunks, expected) => {
    expect(decode(chunks.map(bytes))).toEqual(expected);
  });

  test('any bytes, cut anywhere, give the lines of the reference', () => {
    const part = fc.constantFrom(
      '\n',
      '\r',
      ' ',
      '{"a":1}',
      '\xef\xbb\xbf',
      '\xf0\x9f',
      '\x98\x80',
      '\xed\xa0',
      '\xc2\xa0',
    );
    const input = fc.array(part, { maxLength: 30 }).map((parts) => bytes(parts.join('')));
    const reference = (whole: Uint8Array) =>
      new TextDecoder()
        .decode(whole)
        .split(/\r?\n/)
        .map((line, index, all) => (index === all.length - 1 ? line.replace(/\r$/, '') : line))
        .filter((line) => /[^ \t\r]/.test(line));
    fc.assert(
      fc.property(input, fc.integer({ min: 1, max: 9 }), (whole, size) => {
        const chunks = Array.from({ length: Math.ceil(whole.length / size) }, (_, index) =>
          whole.subarray(index * size, (index + 1) * size),
        );
        expect(decode(chunks)).toEqual(reference(whole));
      }),
      { numRuns: 2000 },
    );
  });

  test('a line over the limit is refused', () => {
    expect(() => decode([bytes('{"a":'), bytes('123456}\n')], 8)).toThrow(ResponseParseError);
  });
});
