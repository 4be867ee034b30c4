import { expect, test } from 'vitest';
import { parseBatchId } from './batch-id.ts';

test.each([
  ['openai/batch_1', undefined, 'openai', 'batch_1'],
  ['openai:batch_1', undefined, 'openai', 'batch_1'],
  ['local:/tmp/journal', undefined, 'local', '/tmp/journal'],
  ['local:C:\\journal', undefined, 'local', 'C:\\journal'],
  ['batch_1', 'openai', 'openai', 'batch_1'],
  ['openai/batch_1', 'openai', 'openai', 'batch_1'],
  ['jobs/1', 'mistral', 'mistral', 'jobs/1'],
])('%s with the provider %s is of %s, there %s', (id, named, provider, own) => {
  expect(parseBatchId(id, named === undefined ? {} : { provider: named })).toEqual({ provider, own });
});
