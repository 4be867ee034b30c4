import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** What a script of this folder prints, in a process of its own. */
export async function runScript(path: string, ...args: string[]): Promise<string> {
  const file = fileURLToPath(new URL(path, import.meta.url));
  const { stdout } = await execute(process.execPath, ['--expose-gc', file, ...args]);
  return stdout;
}
