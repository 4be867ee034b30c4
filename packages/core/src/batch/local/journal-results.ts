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
  /** By position of the row, 1 where it has an outcome. */
  done: Uint8Array;
  completed: number;
  failed: number;
  /** Of the file, up to the end of its last whole line. What follows was being written when the process ended. */
  bytes: number;
}

export function toLine(row: number, result: BatchResult): string {
  const entry = { row, ...result, ...(result.status === 'rejected' && { reason: errorToJSON(result.reason) }) };
  return `${JSON.stringify(entry)}\n`;
}

/** Reads what a journal has, the first line of each row. */
export async function readProgress(folder: string, total: number): Promise<Progress> {
  const progress = newProgress(total);
  for await (const _ of entriesOf(folder, progress));
  return progress;
}

/**
 * The outcomes of all rows, each once: those that the journal has, then those that it lacks as rows that were not asked.
 */
export async function* journalResults(folder: string, { total }: JournalHeader): AsyncGenerator<BatchResult> {
  const progress = newProgress(total);
  for await (const entry of entriesOf(folder, progress)) {
    const { custom_id, status } = entry;
    if (status === 'fulfilled') yield { custom_id, status, value: entry.value };
    else yield { custom_id, status, reason: reviveError(entry.reason) };
  }
  if (progress.completed + progress.failed === total) return;
  for await (const { row, entry } of requestsOf(folder)) {
    if (progress.done[row] === 0) yield { custom_id: entry.custom_id, status: 'rejected', reason: notAsked() };
  }
}

/** The rows of a journal with their positions. */
export async function* requestsOf(folder: string): AsyncGenerator<{ row: number; entry: BatchEntry }> {
  for await (const { text, number } of linesOf(requestsIn(folder))) yield { row: number - 1, entry: JSON.parse(text) };
}

function newProgress(total: number): Progress {
  return { done: new Uint8Array(total), completed: 0, failed: 0, bytes: 0 };
}

/** A line that a power cut left unreadable does not count: its row is asked again. */
async function* entriesOf(folder: string, progress: Progress): AsyncGenerator<Entry> {
  for await (const line of linesIfAny(resultsIn(folder))) {
    if (!line.ended) return;
    progress.bytes = line.endByte;
    const entry = parseEntry(line.text);
    if (!entry || progress.done[entry.row] !== 0) continue;
    progress.done[entry.row] = 1;
    if (entry.status === 'fulfilled') progress.completed++;
    else progress.failed++;
    yield entry;
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
