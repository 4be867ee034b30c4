import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { safeCause } from './safe-cause.ts';

const key = 'abcdef0123456789';

test('name, code, message and causes stay', () => {
  const cause = safeCause(
    Object.assign(new TypeError('fetch failed'), {
      cause: Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:9'), { code: 'ECONNREFUSED' }),
    }),
    key,
  );
  expect(cause).toMatchObject({ name: 'TypeError', message: 'fetch failed', cause: { code: 'ECONNREFUSED' } });
  expect(cause.stack).toContain('safe-cause.test.ts');
});

test('the first of several errors is the cause', () => {
  expect(safeCause(new AggregateError([new Error('first'), new Error('second')], 'all'), key)).toMatchObject({
    message: 'all',
    cause: { message: 'first' },
  });
});

test('the key is cut out of message and stack, at every depth', () => {
  const error = new Error(`outer ${key}`, { cause: new TypeError(`Headers.append: "Bearer ${key}" is invalid`) });
  expect(inspect(safeCause(error, key), { depth: 9 })).not.toContain(key);
});

test('whatever else an error carries is left behind', () => {
  const error = Object.assign(new Error('bad'), { data: `POST / ${key}`, socket: { key }, headers: { key } });
  expect(inspect(safeCause(error, key), { depth: 9, showHidden: true })).not.toContain(key);
});

test('a cause that leads back to itself comes to an end', () => {
  const error: Error = new Error('round');
  error.cause = error;
  expect(inspect(safeCause(error, key), { depth: 99 }).match(/Error: round/g)?.length).toBeLessThan(20);
});

test.each([undefined, null, 'text', 5, {}])('%o becomes an error too', (value) => {
  expect(safeCause(value, key)).toBeInstanceOf(Error);
});
