import { rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { CallOptions } from '../../contract/call-options.ts';
import { InvalidRequestError } from '../../errors/errors.ts';
import { type BatchJob, type BatchResult, hasEnded } from '../batch-job.ts';
import { type Row, toJSON } from '../batch-rows.ts';
import { notEnded } from '../not-ended.ts';
import { writeLines } from '../write-lines.ts';
import { assertSame, Journal, type JournalHeader, readHeader } from './journal.ts';
import { findHolder, inUse } from './journal-lock.ts';
import { journalResults, readProgress } from './journal-results.ts';
import { type Complete, LocalRun } from './local-run.ts';

/** The provider of a local batch, in its id. */
export const localProvider = 'local';

/** The runs of this process by folder. */
const runs = new Map<string, LocalRun>();

export interface LocalBatch {
  /** Open; the run takes it over. */
  journal: Journal;
  rows: AsyncIterable<Row>;
  metadata: Record<string, string> | undefined;
  options: CallOptions;
  concurrency: number;
}

/** Writes the rows down, or compares them with those of the journal, and starts to ask those that are not done. */
export async function startLocal(batch: LocalBatch, complete: Complete): Promise<BatchJob> {
  const { journal, rows, metadata, options, concurrency } = batch;
  const written = `${journal.requestsPath}.new`;
  const { fingerprint, total } = await writeLines(written, linesFor(rows));
  const known = await readHeader(journal.folder);
  if (known) {
    await rm(written);
    assertSame(journal.folder, known, { fingerprint, total });
  } else await rename(written, journal.requestsPath);
  const header: JournalHeader = known ?? {
    format: 1,
    fingerprint,
    total,
    created_at: Math.floor(Date.now() / 1000),
    ...(metadata && { metadata }),
  };
  const run = await LocalRun.start({ journal, header, complete, options, concurrency });
  runs.set(journal.folder, run);
  run.ended.then(() => runs.delete(journal.folder));
  return jobOf(journal.folder, run);
}

async function* linesFor(rows: AsyncIterable<Row>): AsyncGenerator<string> {
  for await (const { place, custom_id, request } of rows) yield toJSON(place, { custom_id, request });
}

export async function retrieveLocal(path: string): Promise<BatchJob> {
  const folder = resolve(path);
  const run = runs.get(folder);
  return run ? jobOf(folder, run) : readJob(folder);
}

/** Whether a batch runs in this process, so that looking at it costs nothing. */
export function runsHere(path: string): boolean {
  return runs.has(resolve(path));
}

/** @throws InvalidRequestError when it runs in another process */
export async function cancelLocal(path: string): Promise<BatchJob> {
  const folder = resolve(path);
  await runs.get(folder)?.cancel();
  const job = await readJob(folder);
  if (job.status === 'in_progress') throw inUse(folder, (await findHolder(folder)) ?? {});
  if (job.status !== 'failed') return job;
  const journal = await Journal.open(folder);
  try {
    const header = await headerOf(folder);
    await journal.writeHeader({ ...header, ended: { status: 'cancelled', ended_at: Math.floor(Date.now() / 1000) } });
  } finally {
    await journal.close();
  }
  return readJob(folder);
}

export async function* localResults(path: string): AsyncGenerator<BatchResult> {
  const folder = resolve(path);
  const job = await retrieveLocal(folder);
  if (!hasEnded(job)) throw notEnded(job);
  yield* journalResults(folder, await headerOf(folder));
}

async function headerOf(folder: string): Promise<JournalHeader> {
  const header = await readHeader(folder);
  if (header) return header;
  throw new InvalidRequestError(`there is no batch in ${folder}`, { path: 'id' });
}

/** The lock comes first: whoever holds it may come to the end meanwhile, but what nobody holds stays as it is. */
async function readJob(folder: string): Promise<BatchJob> {
  const header = await headerOf(folder);
  if (await findHolder(folder)) return toJob(folder, header, await readProgress(folder, header.total), true);
  const last = await headerOf(folder);
  return toJob(folder, last, await readProgress(folder, last.total), false);
}

function jobOf(folder: string, run: LocalRun): BatchJob {
  const job = toJob(folder, run.header, run.progress, true);
  return job.status === 'in_progress' && run.cancelling ? { ...job, status: 'cancelling' } : job;
}

function toJob(
  folder: string,
  header: JournalHeader,
  { completed, failed }: { completed: number; failed: number },
  running: boolean,
): BatchJob {
  const { total, created_at, metadata, ended } = header;
  return {
    id: `${localProvider}:${folder}`,
    object: 'batch',
    provider: localProvider,
    created_at,
    request_counts: { total, completed, failed },
    ...(metadata && { metadata }),
    ...(ended ?? { status: running ? 'in_progress' : 'failed', ...(!running && { errors: [killed] }) }),
    ...(completed + failed === total && !running && { status: 'completed' as const }),
    result_file_ids: [],
    warnings: [],
  };
}

const killed = {
  code: 'interrupted',
  message: 'its process ended before the batch did; making it again with the same journal goes on',
};
