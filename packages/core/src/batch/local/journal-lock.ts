import { randomUUID } from 'node:crypto';
import { readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { InvalidRequestError } from '../../errors/errors.ts';

/** Who holds a journal, as its lock file says. */
interface Holder {
  pid: number;
  host: string;
  /** When the process started, Unix time in milliseconds: in a container its successor has the same id. */
  startedAt: number;
}

/** How often a holder says that it lives, and after what silence it is taken for gone. */
const beatMs = 5_000;
const staleMs = 60_000;

const prefix = 'lock-';

/**
 * A journal is for one process at a time. Each contender leaves a file of its own and then looks for others: whoever
 * comes second sees the first, and of two at the same moment none may get it, but never both. A holder is gone when its
 * process is, or when it has not touched its file for a minute.
 */
export class JournalLock {
  readonly #folder: string;
  readonly #token: string;
  readonly #timer: NodeJS.Timeout;
  #beatAt = Date.now(); // a monotonic clock may stand still while the machine is suspended

  private constructor(folder: string, token: string) {
    this.#folder = folder;
    this.#token = token;
    this.#timer = setInterval(() => this.#beat(), beatMs);
    this.#timer.unref();
  }

  /** @throws InvalidRequestError when another process, or another batch of this one, has the journal */
  static async acquire(folder: string): Promise<JournalLock> {
    const token = randomUUID();
    const holder: Holder = { pid: process.pid, host: hostname(), startedAt: processStart() };
    await writeFile(fileOf(folder, token), JSON.stringify(holder), { flag: 'wx', mode: 0o600 });
    const lock = new JournalLock(folder, token);
    try {
      const other = await findHolder(folder, token);
      if (other) throw inUse(folder, other);
      return lock;
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /**
   * Whether it is still ours: a process that stood still for long (a suspended machine) may have been taken for gone.
   * @throws InvalidRequestError when it is not
   */
  async assertHeld(): Promise<void> {
    if (Date.now() - this.#beatAt < staleMs / 2) return;
    await this.#touch().catch(() => {
      throw new InvalidRequestError(`the journal ${this.#folder} was taken over by another process`, {
        path: 'options.journal',
      });
    });
  }

  async release(): Promise<void> {
    clearInterval(this.#timer);
    await rm(fileOf(this.#folder, this.#token), { force: true });
  }

  #beat(): void {
    this.#touch().catch(() => {}); // `assertHeld` tells
  }

  /** Rejects when the file is gone: whoever took over has removed it. */
  async #touch(): Promise<void> {
    const now = new Date();
    await utimes(fileOf(this.#folder, this.#token), now, now);
    this.#beatAt = Date.now(); // a monotonic clock may stand still while the machine is suspended
  }
}

/** Who has the journal, if anybody. The files of those who are gone are removed. */
export async function findHolder(folder: string, except?: string): Promise<Partial<Holder> | undefined> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(prefix) || name === `${prefix}${except}`) continue;
    const path = join(folder, name);
    const holder = await readHolder(path);
    if (holder && (await lives(path, holder))) return holder;
    await rm(path, { force: true });
  }
  return undefined;
}

export function inUse(folder: string, { pid, host }: Partial<Holder>): InvalidRequestError {
  const who = pid === undefined ? 'another process' : `process ${pid} on ${host}`;
  return new InvalidRequestError(
    `the journal ${folder} is in use by ${who}; one that is gone is noticed within a minute`,
    { path: 'options.journal' },
  );
}

/** Undefined when the file is gone; without a process when it has not been written yet. */
async function readHolder(path: string): Promise<Partial<Holder> | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    return (error as { code?: unknown }).code === 'ENOENT' ? undefined : {};
  }
}

async function lives(path: string, { pid, host, startedAt = 0 }: Partial<Holder>): Promise<boolean> {
  if (host === hostname() && pid !== undefined) {
    if (!exists(pid)) return false;
    // Ours, perhaps of another thread, or of an earlier process with the same id. Clocks are set by a second or so.
    if (pid === process.pid && Math.abs(startedAt - processStart()) > 2_000) return false;
  }
  const touched = await stat(path).catch(() => undefined);
  return touched !== undefined && Date.now() - touched.mtimeMs < staleMs;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: unknown }).code === 'EPERM'; // it is there, and another user's
  }
}

function processStart(): number {
  return Date.now() - process.uptime() * 1_000;
}

function fileOf(folder: string, token: string): string {
  return join(folder, `${prefix}${token}`);
}
