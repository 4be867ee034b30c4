import { judge } from './known-failures.ts';

/** Lines of a table, and what went wrong in full. */
export class Report {
  readonly rows: Record<string, string>[] = [];
  readonly failures: string[] = [];

  /**
   * `about`: the cells that name the line. `outcomes`: by column, what went wrong there; empty when nothing did.
   * `figures`: cells that cannot fail.
   */
  add(about: Record<string, string>, outcomes: Record<string, string>, figures: Record<string, string> = {}): void {
    const row = { ...about };
    for (const [column, outcome] of Object.entries(outcomes)) {
      const what = [...Object.values(about), column].join(', ');
      row[column] = judge(what, outcome);
      if (row[column] === 'FAILED')
        this.failures.push(`${what}: ${outcome || 'works now, and is still a known failure'}`);
    }
    this.rows.push({ ...row, ...figures });
  }

  print(): void {
    console.table(this.rows);
  }
}
