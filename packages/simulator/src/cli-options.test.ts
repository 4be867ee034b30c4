import { expect, it } from 'vitest';
import { parseOptions } from './cli-options.ts';

it('has a fixed port and no fault by default', () => {
  expect(parseOptions([])).toMatchObject({ port: 4010, host: '127.0.0.1', seed: 1, requireKey: false });
  expect(parseOptions([])?.script).not.toHaveProperty('fault');
});

it('delays each token by the latency', () => {
  expect(parseOptions(['--latency', '50'])?.script).toEqual({ latency: { firstTokenMs: 50, tokenMs: 50 } });
});

it.each([
  ['silence', { kind: 'silence' }],
  ['stall', { kind: 'stall', atToken: 3 }],
  ['stall:5', { kind: 'stall', atToken: 5 }],
  ['cut', { kind: 'cut', atToken: 3, by: 'fin' }],
  ['cut:0:rst', { kind: 'cut', atToken: 0, by: 'rst' }],
  ['huge-line:10', { kind: 'huge-line', bytes: 10 }],
  ['redirect:http://localhost:1/', { kind: 'redirect', to: 'http://localhost:1/' }],
])('reads the fault %s', (text, fault) => {
  expect(parseOptions(['--fault', text])?.script).toMatchObject({ fault });
});
