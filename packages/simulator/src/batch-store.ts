import type { BatchBehaviour } from './batch-behaviour.ts';
import type { JsonObject } from './recorded-request.ts';

export interface StoredFile {
  id: string;
  filename: string;
  purpose: string;
  createdAt: number;
  text: string;
}

export interface BatchRow {
  custom_id: string;
  body: JsonObject;
}

/** Something wrong with the input of a batch, for which it fails as a whole. */
export interface InputProblem {
  code: string;
  message: string;
  line: number | null;
}

export type BatchState = 'validating' | 'in_progress' | 'completed' | 'failed' | 'expired' | 'cancelling' | 'cancelled';

export interface StoredBatch {
  id: string;
  state: BatchState;
  inputId: string;
  endpoint: string;
  model: string | undefined;
  metadata: unknown;
  createdAt: number;
  endedAt: number | undefined;
  looks: number;
  rows: readonly BatchRow[];
  problems: readonly InputProblem[];
  answered: number;
  refused: number;
  outputId: string | undefined;
  errorId: string | undefined;
}

/** The files and batches of one simulator, in memory, in order of creation. */
export class BatchStore {
  readonly behaviour: BatchBehaviour;
  readonly files = new Map<string, StoredFile>();
  readonly batches = new Map<string, StoredBatch>();

  constructor(behaviour: BatchBehaviour = {}) {
    this.behaviour = behaviour;
  }
}

export function nowInSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

/** The rows of an input file; or what is wrong with it. */
export function readInput(text: string): { rows: BatchRow[]; problems: InputProblem[] } {
  const rows: BatchRow[] = [];
  const problems: InputProblem[] = [];
  const ids = new Set<string>();
  const lines = text.split('\n');
  lines.forEach((line, at) => {
    if (line.trim() === '' && at === lines.length - 1) return;
    const problem = (code: string, message: string) => problems.push({ code, message, line: at + 1 });
    const row = parseRow(line);
    if (!row) problem('invalid_json_line', 'This line is not parseable as valid JSON.');
    else if (ids.has(row.custom_id)) problem('duplicate_custom_id', `The custom_id ${row.custom_id} appears twice.`);
    else rows.push(row);
    if (row) ids.add(row.custom_id);
  });
  if (rows.length + problems.length === 0) {
    problems.push({ code: 'empty_file', message: 'The input file is empty.', line: null });
  }
  return { rows, problems };
}

function parseRow(line: string): (BatchRow & JsonObject) | undefined {
  try {
    const row = JSON.parse(line);
    const isRow = typeof row?.custom_id === 'string' && typeof row.body === 'object' && row.body !== null;
    return isRow ? row : undefined;
  } catch {
    return undefined;
  }
}
