import { type FileHandle, open } from 'node:fs/promises';

interface Waiting {
  text: string;
  resolve: () => void;
  reject: (reason: unknown) => void;
}

/**
 * A file that only grows. What is appended while the disk is at work is written and flushed together, so that the
 * number of flushes follows the disk and not the number of rows.
 */
export class DurableLog {
  readonly #file: FileHandle;
  readonly #beforeWrite: () => Promise<void>;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  #failure: { reason: unknown } | undefined;

  private constructor(file: FileHandle, beforeWrite: () => Promise<void>) {
    this.#file = file;
    this.#beforeWrite = beforeWrite;
  }

  /**
   * @param length what comes after it is cut off
   * @param beforeWrite asked before each write; when it rejects, nothing more is written
   */
  static async open(path: string, length: number, beforeWrite: () => Promise<void>): Promise<DurableLog> {
    const file = await open(path, 'a', 0o600);
    await file.truncate(length);
    return new DurableLog(file, beforeWrite);
  }

  /** Resolves when the text is on the disk. After a failure nothing more is taken: what it left behind may be torn. */
  append(text: string): Promise<void> {
    if (this.#failure) return Promise.reject(this.#failure.reason);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ text, resolve, reject });
      this.#writing ??= this.#write();
    });
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#file.close();
  }

  async #write(): Promise<void> {
    await undefined; // what is appended in the same turn goes along
    while (this.#waiting.length > 0 && !this.#failure) await this.#writeTogether(this.#waiting.splice(0));
    this.#writing = undefined;
  }

  async #writeTogether(group: readonly Waiting[]): Promise<void> {
    try {
      await this.#beforeWrite();
      await this.#file.appendFile(group.map(({ text }) => text).join(''));
      await this.#file.datasync();
      for (const { resolve } of group) resolve();
    } catch (reason) {
      this.#failure = { reason };
      for (const { reject } of [...group, ...this.#waiting.splice(0)]) reject(reason);
    }
  }
}
