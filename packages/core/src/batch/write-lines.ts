import { createHash } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';

export interface WrittenLines {
  fingerprint: string;
  total: number;
}

/**
 * Writes lines as they come, a block at a time, and flushes them.
 * @param onLine is told the size of the file with each line
 */
export async function writeLines(
  path: string,
  lines: AsyncIterable<string>,
  onLine?: (total: number, bytes: number) => void,
): Promise<WrittenLines> {
  const file = await open(path, 'w', 0o600);
  try {
    return await writeBlocks(file, lines, onLine);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

const blockBytes = 256 * 1024;

async function writeBlocks(
  file: FileHandle,
  lines: AsyncIterable<string>,
  onLine?: (total: number, bytes: number) => void,
): Promise<WrittenLines> {
  const hash = createHash('sha256');
  let total = 0;
  let bytes = 0;
  let block: Buffer[] = [];
  let size = 0;
  const flush = async () => {
    const whole = Buffer.concat(block);
    block = [];
    size = 0;
    hash.update(whole);
    await file.appendFile(whole);
  };
  for await (const line of lines) {
    const text = Buffer.from(`${line}\n`);
    block.push(text);
    size += text.length;
    bytes += text.length;
    total++;
    onLine?.(total, bytes);
    if (size > blockBytes) await flush();
  }
  await flush();
  await file.sync();
  return { fingerprint: hash.digest('hex'), total };
}
