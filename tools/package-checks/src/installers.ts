import { runCommand } from './run-command.ts';

export type InstallerName = 'npm' | 'pnpm' | 'bun' | 'deno';

/** What a user types, and where needed a cache of its own: two runs install different bytes of the same version. */
const installers: Record<InstallerName, (names: readonly string[], cache: string) => Installation> = {
  npm: (names) => ({ command: 'npm', args: ['install', '--prefer-offline', '--no-audit', '--no-fund', ...names] }),
  pnpm: (names) => ({ command: 'pnpm', args: ['add', '--prefer-offline', ...names] }),
  bun: (names, cache) => ({ command: 'bun', args: ['add', ...names], env: { BUN_INSTALL_CACHE_DIR: cache } }),
  deno: (names, cache) => ({
    command: 'deno',
    args: ['install', ...names.map((name) => `npm:${name}`)],
    env: { DENO_DIR: cache },
  }),
};

interface Installation {
  command: string;
  args: string[];
  env?: Record<string, string>;
}

export interface InstallSettings {
  folder: string;
  cache: string;
  /** The folder of commands that are not on the path. */
  bin?: string | undefined;
}

export async function install(
  installer: InstallerName,
  names: readonly string[],
  { folder, cache, bin }: InstallSettings,
): Promise<void> {
  const { command, args, env = {} } = installers[installer](names, cache);
  const path = bin === undefined ? {} : { PATH: `${bin}:${process.env.PATH}` };
  await runCommand(command, args, { cwd: folder, env: { ...env, ...path } });
}
