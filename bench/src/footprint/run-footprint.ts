import { toFailure, toTable, toVerdict } from '../markdown.ts';
import { bundledSize } from './bundled-size.ts';
import { installedSize } from './installed-size.ts';
import { timeImports } from './time-imports.ts';

/** By the name of their file in `completions`: what is installed and imported for it. */
const clients: Record<string, string[]> = {
  ours: ['@anyllm/core', '@anyllm/provider-openai'],
  openai: ['openai'],
  ai: ['ai', '@ai-sdk/openai'],
  langchain: ['@langchain/core', '@langchain/openai'],
  tanstack: ['@tanstack/ai', '@tanstack/ai-openai'],
  mistralai: ['@mistralai/mistralai'],
  ollama: ['ollama'],
};
/** Of ours: milliseconds of processor time, and bytes. */
const budgets = { import: 20, bundle: 25_000 };

interface Footprint {
  /** Milliseconds of processor time. */
  import: number;
  /** Bytes. */
  bundle: number;
  installed: { packages: number; bytes: number };
}

/** What a program pays before its first call: time to import, bytes to ship and to install. In Markdown. */
export async function runFootprint(): Promise<string> {
  const times = await timeImports({ ...clients, undici: ['undici'] });
  const rows = [['', 'packages', 'import, CPU', 'one completion, gzip', 'installed', 'budget']];
  for (const [name, packages] of Object.entries(clients)) {
    rows.push([name, packages.join(', '), ...(await toCells(name, packages, times.get(name)))]);
  }
  return `${toTable(rows)}\n\nWith the first call ours imports undici: ${toImport(times.get('undici'))}.`;
}

async function toCells(name: string, packages: string[], time: number | Error | undefined): Promise<string[]> {
  try {
    if (typeof time !== 'number') throw time;
    const footprint = { import: time, bundle: await bundledSize(name), installed: await installedSize(packages) };
    return [...show(footprint), name === 'ours' ? toBudget(footprint) : ''];
  } catch (error) {
    return [toFailure(error)];
  }
}

function show({ import: ms, bundle, installed: { packages, bytes } }: Footprint): string[] {
  const installed = `${packages} package${packages > 1 ? 's' : ''}, ${(bytes / 2 ** 20).toFixed(1)} MiB`;
  return [toImport(ms), inKilobytes(bundle), installed];
}

function toBudget({ import: ms, bundle }: Footprint): string {
  return `${toVerdict(ms, budgets.import, toImport)}, ${toVerdict(bundle, budgets.bundle, inKilobytes)}`;
}

function toImport(ms: number | Error | undefined): string {
  return typeof ms === 'number' ? `${ms.toFixed(1)} ms` : toFailure(ms);
}

function inKilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} KB`;
}
