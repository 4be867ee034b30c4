import { expect, test } from 'vitest';
import { completionRequestSchema, providerConfigSchema } from './schemas.ts';

const prompt = 'Hi';

test('what fits is given back as it is', () => {
  const request = { model: 'a/b', prompt };
  expect(completionRequestSchema['~standard'].validate(request)).toEqual({ value: request });
});

test('everything that is wrong is told, with its path', () => {
  expect(completionRequestSchema['~standard'].validate({ prompt: 5, top_p: 2 })).toEqual({
    issues: [
      { message: 'is missing', path: ['model'] },
      { message: 'must be a string, not 5', path: ['prompt'] },
      { message: 'must be at most 1', path: ['top_p'] },
    ],
  });
});

test.each([{ model: 'a/b' }, { model: 'a/b', prompt, messages: [] }])('%j has not one conversation', (request) => {
  const message = 'exactly one of `prompt` and `messages` is needed';
  expect(completionRequestSchema['~standard'].validate(request)).toEqual({ issues: [{ message, path: ['messages'] }] });
});

test.each<[object, unknown[]]>([
  [{ apiKey: 'k', baseURL: 'https://host/v1', headers: { a: 'b' }, timeout: 5, limits: { concurrency: 2 } }, []],
  [{ timeout: { total: 5, idle: Infinity } }, [['timeout', 'idle']]],
  [{ timeout: { totl: 5 } }, [['timeout', 'totl']]],
  [{ baseURL: 'ftp://host' }, [['baseURL']]],
  [{ headers: { a: 1 } }, [['headers', 'a']]],
  [{ key: 'k' }, [['key']]],
])('of the settings %j these are wrong: %j', async (settings, paths) => {
  const { issues = [] } = await providerConfigSchema['~standard'].validate(settings);
  expect(issues.map(({ path }) => path)).toEqual(paths);
});
