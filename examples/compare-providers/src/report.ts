import { stripVTControlCharacters, styleText } from 'node:util';
import { AnyLLMError, type ComparedRow, type Comparison } from '@anyllm/core';
import Table from 'cli-table3';
import { seconds } from './seconds.ts';

const longestAnswer = 320;
const columnGap = 2;
const corners = ['top-left', 'top-right', 'bottom-left', 'bottom-right', 'left-mid', 'right-mid'];
const lines = ['top', 'top-mid', 'bottom', 'bottom-mid', 'left', 'mid', 'mid-mid', 'right', 'middle', ...corners];

/** Each model's answer, or why there is none. */
export function answersOf(rows: readonly ComparedRow[]): string {
  const nameWidth = Math.max(...rows.map(({ model }) => model.length)) + columnGap;
  const answerWidth = Math.max(30, Math.min(process.stdout.columns ?? 100, 100) - nameWidth);
  const table = plainTable({ colWidths: [nameWidth, answerWidth], wordWrap: true });
  for (const row of rows) table.push([styleText('bold', row.model), answerOf(row)], []);
  return withoutTrailingBlanks(table);
}

/** How each one did. */
export function figuresOf(rows: readonly ComparedRow[]): string {
  const table = plainTable({ colAligns: ['left', 'left', 'right', 'right', 'right'] });
  table.push(['', '', 'first token', 'total', 'tokens'].map((title) => styleText('dim', title)));
  for (const row of rows) {
    const tokens = row.status === 'fulfilled' ? row.value.usage?.completion_tokens : undefined;
    table.push([row.model, statusOf(row), seconds(row.firstTokenMs), seconds(row.totalMs), tokens ?? '']);
  }
  return `${withoutTrailingBlanks(table)}\n`;
}

export function verdictOf({ rows, totalMs, sequentialMs }: Comparison): string {
  const all = rows.length === 3 ? 'all three' : `all ${rows.length}`;
  return `${all} in ${seconds(totalMs).trim()}; one after another ${seconds(sequentialMs).trim()}`;
}

function answerOf(row: ComparedRow): string {
  const text = trim(row.text);
  if (row.status === 'fulfilled') return text;
  const message = AnyLLMError.isInstance(row.reason) ? row.reason.message : String(row.reason);
  return styleText('red', message) + (text && `\nuntil then: ${text} …`);
}

function statusOf(row: ComparedRow): string {
  if (row.status === 'fulfilled') return styleText('green', 'ok');
  return styleText('red', AnyLLMError.isInstance(row.reason) ? row.reason.code : 'failed');
}

/** On few lines, and without what would steer the terminal. */
function trim(text: string): string {
  const line = stripVTControlCharacters(text)
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return line.length > longestAnswer ? `${line.slice(0, longestAnswer)} …` : line;
}

/** Columns without lines around them. */
function plainTable(options: Table.TableConstructorOptions): Table.Table {
  const style = { head: [], border: [], 'padding-left': 0, 'padding-right': columnGap };
  return new Table({ chars: Object.fromEntries(lines.map((line) => [line, ''])), style, ...options });
}

function withoutTrailingBlanks(table: Table.Table): string {
  return table.toString().replaceAll(/ +$/gm, '');
}
