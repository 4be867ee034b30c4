import { ResponseParseError } from '@anyllm/core/provider';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSseDecoder, type SseDecoderOptions } from './sse-decoder.ts';

type Event = { data: string; event: string | undefined };

function decode(chunks: readonly Uint8Array[], options?: SseDecoderOptions): Event[] {
  const events: Event[] = [];
  const decoder = createSseDecoder(options);
  const emit = (data: string, event: string | undefined) => events.push({ data, event });
  for (const chunk of chunks) {
    // A transport reuses its buffer after the call.
    const borrowed = Uint8Array.from(chunk);
    decoder.push(borrowed, emit);
    borrowed.fill(0x21);
  }
  decoder.end(emit);
  return events;
}

const bytes = (text: string) => Buffer.from(text, 'latin1');
const utf8 = (text: string) => Buffer.from(text);
const one = (data: string, event?: string): Event => ({ data, event });

/** Cuts `input` at the given places. */
function cut(input: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...places.map((place) => place % (input.length + 1)), input.length].sort((a, b) => a - b);
  return ends.map((end, index) => input.subarray(ends[index - 1] ?? 0, end));
}

/** The same rules, written for the whole text at once. */
function reference(input: Uint8Array): Event[] {
  const lines = new TextDecoder().decode(input).split(/\r\n|\r|\n/);
  const events: Event[] = [];
  let data: string[] = [];
  let event: string | undefined;
  for (const line of [...lines, '']) {
    const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/su.exec(line) ?? [];
    if (line === '') {
      if (data.join('\n').replaceAll(/[ \t\n]/g, '') !== '') events.push({ data: data.join('\n'), event });
      data = [];
      event = undefined;
    }
    if (field === 'event') event = value || undefined;
    if (field === 'error') event = 'error';
    if (field === 'data' || field === 'error') data.push(value);
  }
  return events;
}

/** Bytes that mean something here are frequent, so that their combinations are met. */
const streamBytes = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'data: ',
        'data:',
        'data',
        'event: ',
        'error: ',
        'id: 1',
        ': c',
        '\n\n',
        '\n',
        '\r',
        '\r\n',
        ' ',
        ':',
      ),
      fc.constantFrom(
        '{"a":1}',
        '[DONE]',
        '\xef\xbb\xbf',
        '\xf0\x9f\x98\x80',
        '\xe2\x80\xa8',
        '\xf0\x9f',
        '\xed\xa0',
        '\xc2\xa0',
      ),
      fc.uint8Array({ maxLength: 3 }).map((array) => Buffer.from(array).toString('latin1')),
    ),
    { maxLength: 40 },
  )
  .map((parts) => bytes(parts.join('')));

describe('createSseDecoder', () => {
  test.each<[string, string[], Event[]]>([
    [
      'CRLF cut in the middle',
      ['data: {"a":1}\r', '\n\r', '\ndata: {"a":2}\r', '\n\r', '\n'],
      [one('{"a":1}'), one('{"a":2}')],
    ],
    ['lone CR', ['data: {"a":1}\r\rdata: [DONE]\r\r'], [one('{"a":1}'), one('[DONE]')]],
    ['CRLF between the data lines of one event', ['data: 1\r\ndata: 2\r\n\r\n'], [one('1\n2')]],
    ['an empty event name', ['event: a\nevent:\ndata: x\n\n'], [one('x')]],
    ['mixed line ends', ['data: 1\r\n\ndata: 2\n\rdata: 3\r\r\n'], [one('1'), one('2'), one('3')]],
    ['a byte order mark at the start', ['\xef\xbb', '\xbfdata: 1\n\n'], [one('1')]],
    ['a byte order mark further on', ['data: 1\n\n\xef\xbb\xbfdata: 2\n\n'], [one('1')]],
    ['comments', [': hi\n\n:\n: ping\ndata: x\n\n'], [one('x')]],
    ['several data lines', ['data: {\ndata: "a":1}\n\n'], [one('{\n"a":1}')]],
    [
      'an event name',
      ['event: error\ndata: {"error":{"message":"m"}}\n\ndata: x\n\n'],
      [one('{"error":{"message":"m"}}', 'error'), one('x')],
    ],
    ['a name without data, and blank data', ['event: ping\n\ndata:\n\ndata:  \n\ndata\n\ndata:x\n\n'], [one('x')]],
    ['a code point cut in two', ['data: {"c":"\xf0\x9f', '\x98\x80"}\n\n'], [one('{"c":"😀"}')]],
    ['no blank line at the end', ['data: {"a":1}'], [one('{"a":1}')]],
    ['half a line at the end', ['data: {"a":'], [one('{"a":')]],
    ['[DONE] like any other data', ['data: [DONE]\n\ndata: junk\n\n'], [one('[DONE]'), one('junk')]],
    [
      'U+2028, U+0085, form feed inside a line',
      ['data: a\xe2\x80\xa8b\xc2\x85c\x0cd\x0be\n\n'],
      [one('a\u2028b\u0085c\fd\ve')],
    ],
    ['only one leading space dropped', ['data:  x\n\n'], [one(' x')]],
    ['id, retry and unknown fields', ['id: 7\nretry: 10\nfoo: bar\ndata: x\n\n'], [one('x')]],
    ['a bare error field', ['error: {"code":500}\n\n'], [one('{"code":500}', 'error')]],
    ['invalid bytes', ['data: \xff\xfe\xf0\x9f\n\n'], [one('\ufffd\ufffd\ufffd')]],
    ['a blank line in a push of its own', ['data: x\n', '\n', 'data: y', '\n\n'], [one('x'), one('y')]],
    ['nothing at all', ['', '\n\n\n', ''], []],
  ])('reads %s', (_, chunks, expected) => {
    expect(decode(chunks.map(bytes))).toEqual(expected);
    expect(
      decode(
        chunks.flatMap((chunk) =>
          cut(
            bytes(chunk),
            [...chunk].map((_, index) => index),
          ),
        ),
      ),
    ).toEqual(expected);
  });

  test('any bytes, cut anywhere, give the events of the reference', () => {
    fc.assert(
      fc.property(streamBytes, fc.array(fc.nat(), { maxLength: 12 }), (input, places) => {
        expect(decode(cut(input, places))).toEqual(reference(input));
      }),
      { numRuns: 2000 },
    );
  });

  test('random bytes under a small limit throw nothing but ResponseParseError, however they are cut', () => {
    const attempt = (chunks: Uint8Array[]) => {
      try {
        return decode(chunks, { maxEventBytes: 24 });
      } catch (error) {
        expect(error).toBeInstanceOf(ResponseParseError);
        return 'too large';
      }
    };
    fc.assert(
      fc.property(streamBytes, fc.array(fc.nat(), { maxLength: 12 }), (input, places) => {
        expect(attempt(cut(input, places))).toEqual(attempt([input]));
      }),
      { numRuns: 2000 },
    );
  });

  test('events of several lines count one by one against the limit', () => {
    expect(decode([utf8('data: 1\ndata: 2\n\n'.repeat(100))], { maxEventBytes: 20 })).toHaveLength(100);
  });

  test('many small data lines count together against the limit', () => {
    const details = { provider: 'p', model: 'm' };
    const run = () => decode([utf8('data:\n'.repeat(100))], { maxEventBytes: 200, details });
    expect(run).toThrow(/^p: stream event of at least 205 bytes exceeds the limit of 200 bytes$/);
    expect(run).toThrow(expect.objectContaining({ provider: 'p', model: 'm' }));
  });
});
