import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface RunSettings {
  cwd: string;
  env?: Record<string, string>;
}

const execute = promisify(execFile);

/**
 * What a command prints on stdout.
 * @throws Error with all that it printed, when it fails or takes more than five minutes
 */
export async function runCommand(command: string, args: readonly string[], { cwd, env }: RunSettings): Promise<string> {
  try {
    const settings = { cwd, env: { ...process.env, ...env }, timeout: 300_000, maxBuffer: 2 ** 26 };
    return (await execute(command, [...args], settings)).stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${[command, ...args].join(' ')} in ${cwd} failed\n${stdout}${stderr}`, { cause: error });
  }
}
