import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { AnyLLMError, type ErrorDetails } from './any-llm-error.ts';
import { errorClasses, TimeoutError } from './errors.ts';

interface ErrorClass {
  new (message: string, details: ErrorDetails): AnyLLMError;
  readonly code: string;
  isInstance(value: unknown): boolean;
}
const classes = errorClasses.map((Class) => [Class.name, Class as unknown as ErrorClass] as const);
const details = { provider: 'p', model: 'm', status: 429, requestId: 'r', retryable: true, retryAfterMs: 5 };

describe.each(classes)('%s', (name, Class) => {
  test('carries its name, code and fields', () => {
    const error = new Class('p: it failed', { ...details, cause: new Error('why') });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name, code: Class.code, message: 'p: it failed', ...details, attempts: [] });
    expect((error.cause as Error).message).toBe('why');
    expect(String(error)).toBe(`${name}: p: it failed`);
  });

  test('is known as itself and as one of ours, as no other', () => {
    const error = new Class('x', {});
    expect(Class.isInstance(error)).toBe(true);
    expect(AnyLLMError.isInstance(error)).toBe(true);
    expect(classes.filter(([, Other]) => Other.isInstance(error)).map(([other]) => other)).toEqual([name]);
  });

  test('has no field for what is not known, and is not to be retried unless it says so', () => {
    const error = new Class('x', {});
    expect(error.retryable).toBe(false);
    const fields = ['provider', 'model', 'status', 'requestId', 'retryAfterMs', 'cause', 'path', 'partial'];
    for (const field of [...fields, 'partialMessage', 'partialResponse']) {
      expect(Object.hasOwn(error, field)).toBe(false);
    }
  });

  test('as JSON shows no cause, stack or partial answer', () => {
    const error = new Class('x', {
      ...details,
      cause: new Error('secret'),
      partial: { text: 'secret' },
      partialMessage: { content: 'secret' },
      partialResponse: { output_text: 'secret' },
    } as ErrorDetails);
    expect(JSON.stringify(error)).not.toContain('secret');
    expect(inspect({ ...error })).not.toContain('secret');
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      ...{ name, message: 'x', code: Class.code, attempts: [] },
      ...details,
    });
  });
});

test('no two classes share a code', () => {
  expect(new Set(classes.map(([, Class]) => Class.code)).size).toBe(classes.length);
});

test.each([null, undefined, 5, 'text', {}, new Error('x'), { code: 'timeout' }, { name: 'TimeoutError' }, () => {}])(
  '%o is not one of ours',
  (value) => {
    expect(AnyLLMError.isInstance(value)).toBe(false);
    expect(TimeoutError.isInstance(value)).toBe(false);
  },
);
