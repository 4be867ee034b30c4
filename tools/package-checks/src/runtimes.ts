import { join } from 'node:path';
import { createProject } from './create-project.ts';
import { repository } from './pack-packages.ts';
import { runCommand } from './run-command.ts';

export interface Runtime {
  name: string;
  command: string;
  args: string[];
}

const floor = join(repository, 'tools/node-floor/node_modules/.bin/node');

/** The oldest Node that is supported, and the newest. */
export async function nodeRuntimes(): Promise<Runtime[]> {
  return Promise.all([floor, process.execPath].map(toNode));
}

async function toNode(command: string): Promise<Runtime> {
  const version = await runCommand(command, ['--version'], { cwd: repository });
  return { name: `Node ${version.trim().slice(1)}`, command, args: [] };
}

/** Bun and Deno, which npm has too. Returns the folder of their commands. */
export async function installRuntimes(folder: string): Promise<string> {
  await createProject(folder);
  const args = ['install', '--prefer-offline', '--no-audit', '--no-fund', 'bun', 'deno'];
  await runCommand('npm', args, { cwd: folder });
  return join(folder, 'node_modules/.bin');
}

export const bun = (bin: string): Runtime => ({ name: 'Bun', command: join(bin, 'bun'), args: [] });
export const deno = (bin: string): Runtime => ({
  name: 'Deno',
  command: join(bin, 'deno'),
  args: ['run', '--allow-all'],
});
