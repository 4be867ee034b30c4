import { expect, test } from 'vitest';
import { parseCliOptions } from './cli-options.ts';

test('what is not given is left open', () => {
  expect(parseCliOptions([])).toEqual({});
});

test('all of it may be given', () => {
  const args = ['groq', '--dialect', 'http', '--base-url', 'https://a.test', '--directory', 'there'];
  const options = { name: 'groq', dialect: 'http', baseURL: 'https://a.test', directory: 'there' };
  expect(parseCliOptions(args)).toEqual(options);
});

test.each([
  [['--dialect', 'toString'], "--dialect is openai or http, not 'toString'"],
  [['a', 'b'], 'one name is needed, not 2'],
  [['--colour'], "Unknown option '--colour'"],
])('%s is refused', (args, message) => {
  expect(() => parseCliOptions(args)).toThrow(message);
});

test('--help wins', () => {
  expect(parseCliOptions(['groq', '--help'])).toBeUndefined();
});
