import { fileURLToPath } from 'node:url';

/** A table; the first row is its head. */
export function toTable(rows: string[][]): string {
  const widths = (rows[0] as string[]).map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  const [head, ...body] = rows.map(
    (cells) => `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`,
  );
  return [head, `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...body].join('\n');
}

/** What a figure may be at most and whether it is: `≤ 150 ns met`. */
export function toVerdict(figure: number, budget: number, show: (figure: number) => string): string {
  return `≤ ${show(budget)} ${figure <= budget ? 'met' : 'MISSED'}`;
}

const failed = 'failed: ';

/** Paths are told from here. */
const repository = fileURLToPath(new URL('../..', import.meta.url));
const longest = 100;

/** What stands in the place of a figure: why there is none. */
export function toFailure(error: unknown): string {
  const line = (error as Error).message.replaceAll(repository, '').replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
  return `${failed}${line.length > longest ? `${line.slice(0, longest - 1)}…` : line}`;
}

export function tellsFailure(markdown: string): boolean {
  return markdown.includes(failed);
}
