import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { BatchProblem } from '../../contract/batch.ts';
import { InvalidRequestError } from '../../errors/errors.ts';
import { journalError } from './journal-error.ts';
import { JournalLock } from './journal-lock.ts';

/** What a journal says of its batch, in `batch.json`. */
export interface JournalHeader {
  format: 1;
  /** The batch at a vendor; absent for a local one. */
  id?: string;
  /** Of the rows: SHA-256 of what was written of them. */
  fingerprint: string;
  total: number;
  created_at: number;
  metadata?: Record<string, string>;
  /** How the last run ended. Absent while one runs, or after it was killed. */
  ended?: { status: 'completed' | 'failed' | 'cancelled'; ended_at: number; errors?: BatchProblem[] };
}

/**
 * A directory with all that is known of a batch, for its owner's eyes: `batch.json`; and of a local batch
 * `requests.jsonl`, written before the first row is asked, and `results.jsonl`, which grows by a line for each outcome.
 */
export class Journal {
  /** Absolute. */
  readonly folder: string;
  readonly lock: JournalLock;

  private constructor(folder: string, lock: JournalLock) {
    this.folder = folder;
    this.lock = lock;
  }

  /** @throws InvalidRequestError when it is in use */
  static async open(path: string): Promise<Journal> {
    const folder = resolve(path);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return new Journal(folder, await JournalLock.acquire(folder));
  }

  get requestsPath(): string {
    return requestsIn(this.folder);
  }

  get resultsPath(): string {
    return resultsIn(this.folder);
  }

  /** In one step: whoever reads it finds the old or the new one. */
  async writeHeader(header: JournalHeader): Promise<void> {
    const path = headerIn(this.folder);
    const file = await open(`${path}.new`, 'w', 0o600);
    await file.writeFile(`${JSON.stringify(header)}\n`).then(() => file.sync());
    await file.close();
    await rename(`${path}.new`, path);
    await syncFolder(this.folder);
  }

  async close(): Promise<void> {
    await this.lock.release();
  }
}

/** @throws InvalidRequestError for what is no journal of this version; undefined when there is none */
export async function readHeader(folder: string): Promise<JournalHeader | undefined> {
  let text: string;
  try {
    text = await readFile(headerIn(folder), 'utf8');
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return undefined;
    throw journalError(folder, error);
  }
  const header = parseHeader(text);
  if (header?.format === 1) return header;
  throw new InvalidRequestError(`${folder} holds no journal that this version can read`, { path: 'options.journal' });
}

/** @throws InvalidRequestError when the journal is of another batch */
export function assertSame(
  folder: string,
  known: JournalHeader,
  { fingerprint, total }: { fingerprint: string; total: number },
): void {
  if (known.fingerprint === fingerprint) return;
  const message = `the journal ${folder} belongs to other requests (${known.total} rows; these are ${total}); name another directory`;
  throw new InvalidRequestError(message, { path: 'options.journal' });
}

function parseHeader(text: string): JournalHeader | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function requestsIn(folder: string): string {
  return join(folder, 'requests.jsonl');
}

export function resultsIn(folder: string): string {
  return join(folder, 'results.jsonl');
}

function headerIn(folder: string): string {
  return join(folder, 'batch.json');
}

/** So that a new name survives a power cut; where a directory cannot be flushed (Windows), the system sees to it. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder).catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}
