import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { DurableLog } from './durable-log.ts';

const folder = mkdtempSync(join(tmpdir(), 'anyllm-'));
afterAll(() => rmSync(folder, { recursive: true }));
const allowed = async () => {};

test('what is appended follows what was kept, in order', async () => {
  const path = join(folder, 'kept');
  writeFileSync(path, 'one\ntorn');
  const log = await DurableLog.open(path, 4, allowed);
  await Promise.all(['two\n', 'three\n'].map((text) => log.append(text)));
  await log.append('four\n');
  await log.close();
  expect(readFileSync(path, 'utf8')).toBe('one\ntwo\nthree\nfour\n');
});

test('what comes while the disk is at work is written together', async () => {
  const path = join(folder, 'together');
  let writes = 0;
  const log = await DurableLog.open(path, 0, async () => void writes++);
  await Promise.all(Array.from({ length: 1_000 }, (_, n) => log.append(`${n}\n`)));
  await log.close();
  expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(1_001);
  expect(writes).toBeLessThan(10);
});

test('after a failure nothing more is written, and whoever waits is told', async () => {
  const path = join(folder, 'failing');
  const reason = new Error('taken over');
  let allow = true;
  const log = await DurableLog.open(path, 0, async () => {
    if (!allow) throw reason;
  });
  await log.append('one\n');
  allow = false;
  const outcomes = await Promise.allSettled([log.append('two\n'), log.append('three\n')]);
  allow = true;
  expect([...outcomes, ...(await Promise.allSettled([log.append('four\n')]))]).toEqual(
    Array(3).fill({ status: 'rejected', reason }),
  );
  await log.close();
  expect(readFileSync(path, 'utf8')).toBe('one\n');
});
