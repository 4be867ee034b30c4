import { readFileSync } from 'node:fs';
import * as core from '@anyllm/core';
import { expect, test } from 'vitest';
import { matrix, type Outcome } from './fault-matrix.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

const byName = (a: { className: string }, b: { className: string }) => a.className.localeCompare(b.className);

/** The table of the page: a row for each class. */
const rows = [...read('docs/errors.md').matchAll(/^\| `(\w+)` +\| `(\w+)` +\| .+? +\| (.+?) +\|$/gm)];
const table = rows.map(([, className = '', code, retryable]) => ({ className, code, retryable })).sort(byName);

const classes = Object.entries(core)
  .filter(([name]) => name.endsWith('Error') && name !== 'AnyLLMError')
  .map(([className, value]) => ({ className, code: (value as unknown as { code: string }).code }))
  .sort(byName);

test('the page lists every class with its code, once', () => {
  expect(table.map(({ className, code }) => ({ className, code }))).toEqual(classes);
});

test('the union of codes has one for each class, and no other', () => {
  const union = read('packages/core/src/errors/error-code.ts').match(/(?<=\| ')\w+/g);
  expect(union?.sort()).toEqual(classes.map(({ code }) => code).sort());
});

test('what the page says of retries holds for every fault that is tested', () => {
  const outcomes = matrix.flatMap(({ rows }) =>
    rows.flatMap(({ name, whole, streamed, except }) =>
      [whole, streamed, except?.whole, except?.streamed]
        .filter((outcome) => outcome !== undefined)
        .map((outcome: Outcome) => ({ name, outcome })),
    ),
  );
  for (const { className, retryable } of table) {
    if (retryable !== 'yes' && retryable !== 'no') continue; // it depends, as the cell says
    const contrary = outcomes.filter(({ outcome }) => outcome.result === className && outcome.again !== (retryable === 'yes')); // biome-ignore format: one line
    expect(contrary, className).toEqual([]);
  }
});
