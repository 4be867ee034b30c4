import { type ExecFileException, execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const timeout = 180_000;

/**
 * What a script of this folder prints, in a process of its own. When it fails, the error's message is the line that
 * tells why.
 */
export function runScript(path: string, ...args: string[]): Promise<string> {
  return runScriptOn(process.execPath, path, ...args);
}

/** The same on another Node, by the path of its executable. */
export async function runScriptOn(node: string, path: string, ...args: string[]): Promise<string> {
  const file = fileURLToPath(new URL(path, import.meta.url));
  try {
    const { stdout } = await execute(node, ['--expose-gc', file, ...args], { timeout });
    return stdout;
  } catch (error) {
    throw new Error(toReason(error as ExecFileException), { cause: error });
  }
}

function toReason({ stderr = '', killed, message }: ExecFileException): string {
  if (killed) return `not done within ${timeout / 1000} s`;
  return /^(?:\[?\w*Error\b.*)$/m.exec(stderr)?.[0] ?? message;
}
