import type { ChatCompletion } from '../../contract/chat-completion.ts';
import type { AnyLLMError } from '../../errors/any-llm-error.ts';
import { ProviderError } from '../../errors/errors.ts';
import { errorToJSON, reviveError } from '../../errors/revive-error.ts';
import type { BatchResult } from '../batch-job.ts';
import type { BatchEntry } from '../batch-request.ts';
import { linesOf } from '../lines-of.ts';
import { type JournalHeader, requestsIn, resultsIn } from './journal.ts';

/** A line of `results.jsonl`. */
type Entry = { row: number; custom_id: string } & (
  | { status: 'fulfilled'; value: ChatCompletion }
  | { status: 'rejected'; reason: Record<string, unknown> }
);

/** How far a batch is. */
export interface Progress {
  /** By position of the row. */
  states: Uint8Array;
  /** By position of the row, where its last line ends in the file: a row that was asked again has several. */
  lineEnds: Float64Array;
  completed: number;
  failed: number;
  /** Of the file, up to the end of its last whole line. What follows was being written when the process ended. */
  bytes: number;
}

/** No outcome; one that stays; a failure that may pass, for which the row is asked again by the next run. */
export const rowStates = { open: 0, done: 1, mayPass: 2 } as const;

export function toLine(row: number, result: BatchResult): string {
  const entry = { row, ...result, ...(result.status === 'rejected' && { reason: errorToJSON(result.reason) }) };
  return `${JSON.stringify(entry)}\n`;
}

/** Takes the outcome of a row into account; it replaces an earlier one. */
export function count(progress: Progress, row: number, status: Entry['status'], retryable: boolean): void {
  const { states } = progress;
  if (states[row] === rowStates.mayPass) progress.failed--;
  if (status === 'fulfilled') progress.completed++;
  else progress.failed++;
  states[row] = status === 'rejected' && retryable ? rowStates.mayPass : rowStates.done;
}

/** Reads what a journal has. A row that was not to be asked again keeps its first outcome. */
export async function readProgress(folder: string, total: number): Promise<Progress> {
  const states = new Uint8Array(total);
  const progress = { states, lineEnds: new Float64Array(total), completed: 0, failed: 0, bytes: 0 };
  for await (const { entry, endByte } of entriesOf(folder)) {
    progress.bytes = endByte;
    const state = entry && states[entry.row];
    if (!entry || state === undefined || state === rowStates.done) continue;
    progress.lineEnds[entry.row] = endByte;
    count(progress, entry.row, entry.status, entry.status === 'rejected' && entry.reason.retryable === true);
  }
  return progress;
}

/**
 * The outcomes of all rows, each once: those that the journal has, then those that it lacks as rows that were not asked.
 */
export async function* journalResults(folder: string, { total }: JournalHeader): AsyncGenerator<BatchResult> {
  const { states, lineEnds } = await readProgress(folder, total);
  for await (const { entry, endByte } of entriesOf(folder)) {
    if (entry && lineEnds[entry.row] === endByte) yield toResult(entry);
  }
  if (!states.includes(rowStates.open)) return;
  for await (const { row, entry } of requestsOf(folder)) {
    if (states[row] === rowStates.open) {
      yield { custom_id: entry.custom_id, status: 'rejected', reason: notAsked() };
    }
  }
}

function toResult(entry: Entry): BatchResult {
  const { custom_id, status } = entry;
  if (status === 'fulfilled') return { custom_id, status, value: entry.value };
  return { custom_id, status, reason: reviveError(entry.reason) };
}

/** The rows of a journal with their positions. */
export async function* requestsOf(folder: string): AsyncGenerator<{ row: number; entry: BatchEntry }> {
  for await (const { text, number } of linesOf(requestsIn(folder))) yield { row: number - 1, entry: JSON.parse(text) };
}

/** The whole lines. One that a power cut left unreadable has no entry: its row is asked again. */
async function* entriesOf(folder: string): AsyncGenerator<{ entry: Entry | undefined; endByte: number }> {
  for await (const { text, ended, endByte } of linesIfAny(resultsIn(folder))) {
    if (ended) yield { entry: parseEntry(text), endByte };
  }
}

async function* linesIfAny(path: string) {
  try {
    yield* linesOf(path);
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ENOENT') throw error;
  }
}

function parseEntry(text: string): Entry | undefined {
  try {
    const entry = JSON.parse(text);
    return typeof entry?.row === 'number' ? entry : undefined;
  } catch {
    return undefined;
  }
}

function notAsked(): AnyLLMError {
  const message = 'the row was not asked before the batch came to its end; making it again with its journal goes on';
  return new ProviderError(message, { retryable: true });
}
