import { ResponseParseError } from '@anyllm/core/provider';
import { describe, expect, test } from 'vitest';
import { LineDecoder } from './line-decoder.ts';

const utf8 = (text: string) => Buffer.from(text);

describe('LineDecoder', () => {
  test('hands on whole lines and keeps the rest', () => {
    const lines = new LineDecoder();
    expect(lines.push(utf8('a\nb'))).toBe('a\n');
    expect(lines.push(utf8('c'))).toBe('');
    expect(lines.push(utf8('\nd\ne'))).toBe('bc\nd\n');
    expect(lines.end()).toBe('e\n');
    expect(lines.end()).toBe('');
  });

  test('takes any Uint8Array, not only a Buffer', () => {
    const whole = new TextEncoder().encode('xxdata: y\nxx');
    expect(new LineDecoder().push(whole.subarray(2, 10))).toBe('data: y\n');
  });

  test('a carriage return is a line end only on request', () => {
    expect(new LineDecoder().push(utf8('a\rb\r\n'))).toBe('a\rb\r\n');
    expect(new LineDecoder({ carriageReturn: true }).push(utf8('a\rb\r\n'))).toBe('a\nb\n');
  });

  test('a line of the limit passes and one byte more does not', () => {
    expect(new LineDecoder({ maxLineBytes: 4 }).push(utf8('abcd\nabcd\n'))).toBe('abcd\nabcd\n');
    expect(new LineDecoder({ maxLineBytes: 4 }).push(utf8('éé\n'))).toBe('éé\n');
    expect(() => new LineDecoder({ maxLineBytes: 4 }).push(utf8('ab\néé!\n'))).toThrow(ResponseParseError);
  });

  test('a line without end is refused once it passes the limit, without its content', () => {
    const lines = new LineDecoder({ maxLineBytes: 1000 });
    const push = () => lines.push(utf8('secret'.repeat(10)));
    for (let index = 0; index < 16; index += 1) push();
    expect(push).toThrow(/^stream line of at least 1020 bytes exceeds the limit of 1000 bytes$/);
  });

  test('the default limit is 16 MiB', () => {
    const lines = new LineDecoder();
    lines.push(Buffer.alloc(16 * 1024 * 1024, 'a'));
    expect(() => lines.push(utf8('a'))).toThrow(/16777216/);
  });

  test('a line of 2 MB in pushes of one byte arrives whole', () => {
    const lines = new LineDecoder({ carriageReturn: true });
    const byte = utf8('a');
    for (let index = 0; index < 2_000_000; index += 1) lines.push(byte);
    expect(lines.push(utf8('\n'))).toHaveLength(2_000_001);
  });
});
