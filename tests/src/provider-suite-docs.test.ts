import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { cases, groups } from '@anyllm/provider-testing';
import { expect, test } from 'vitest';

const page = fileURLToPath(new URL('../../docs/provider-testing.md', import.meta.url));

test('ids are unique and begin with their group', () => {
  expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
  for (const { id, group } of cases) expect(id).toMatch(new RegExp(`^${group}/[a-z0-9-]+$`));
  expect(new Set(cases.map(({ group }) => group))).toEqual(new Set(groups));
});

/** `vitest run provider-suite-docs -u` writes it. */
test('the page lists every case with its reason', async () => {
  const text = readFileSync(page, 'utf8').replace(/(?<=<!-- cases -->\n).*(?=<!-- \/cases -->)/s, table);
  await expect(text).toMatchFileSnapshot(page);
});

function table(): string {
  const sections = groups.map((group) => {
    const rows = cases.filter((each) => each.group === group).map(({ id, why }) => [`\`${id}\``, why] as const);
    return `\n### ${group}\n\n${toTable([['case', 'why'], ...rows])}`;
  });
  return `${sections.join('')}\n`;
}

/** Columns of one width, as the formatter wants them. */
function toTable(rows: readonly (readonly [string, string])[]): string {
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |\n`);
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |\n`;
  return lines.toSpliced(1, 0, rule).join('');
}
