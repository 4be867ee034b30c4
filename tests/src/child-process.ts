import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** A new folder, gone after the test, with these files in it. */
export function folderWith(files: Record<string, string>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'anyllm-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** The files of an installed package that does this when it is imported. */
export function packageFiles(name: string, code: string): Record<string, string> {
  return {
    [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: '1.0.0', type: 'module', exports: './index.js' }), // biome-ignore format: one line
    [`node_modules/${name}/index.js`]: code,
  };
}

/** Installs a built package of this repository: as a copy, as npm does, or as a link to its place, as pnpm does. */
export function install(folder: string, name: string, how: 'copy' | 'link'): string {
  const from = dirname(dirname(fileURLToPath(import.meta.resolve(name))));
  const to = join(folder, 'node_modules', name);
  mkdirSync(dirname(to), { recursive: true });
  if (how === 'link') symlinkSync(from, to, 'junction');
  else for (const part of ['dist', 'package.json']) cpSync(join(from, part), join(to, part), { recursive: true });
  return to;
}

export interface ChildResult {
  stdout: string;
  stderr: string;
  /** The exit code; `null` when it had to be killed. */
  code: number | null;
  elapsedMs: number;
}

/** Runs a file in a Node process of its own, for at most `withinMs`. */
export function runNode(file: string, env: Record<string, string> = {}, withinMs = 20_000): Promise<ChildResult> {
  const startedAt = performance.now();
  const options = { cwd: dirname(file), timeout: withinMs, env: { PATH: process.env.PATH, ...env } };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [file], options, (_, stdout, stderr) =>
      resolve({ stdout, stderr, code: child.exitCode, elapsedMs: performance.now() - startedAt }),
    );
  });
}
