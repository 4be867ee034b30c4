import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { Dialect } from './dialects.ts';
import type { ProviderNames } from './provider-names.ts';

export interface ProviderPlan {
  names: ProviderNames;
  dialect: Dialect;
  baseURL: string;
  directory: string;
  /** Of the AnyLLM packages that it will use. */
  version: string;
}

const templates = join(import.meta.dirname, '../templates');

/** Writes a package. The templates are a provider called acme, and get the new one's names. */
export async function writeProvider(plan: ProviderPlan): Promise<void> {
  await assertEmpty(plan.directory);
  for (const template of ['common', plan.dialect]) await copy(join(templates, template), plan);
}

async function assertEmpty(directory: string): Promise<void> {
  const present = await readdir(directory).catch(() => []);
  if (present.length > 0) throw new Error(`${directory} is not empty`);
}

async function copy(template: string, plan: ProviderPlan): Promise<void> {
  const entries = await readdir(template, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((entry) => entry.isFile())) {
    const from = join(entry.parentPath, entry.name);
    const to = join(plan.directory, targetOf(relative(template, from), plan.names));
    await mkdir(dirname(to), { recursive: true });
    await writeFile(to, fill(await readFile(from, 'utf8'), plan));
  }
}

/** npm packs no `.gitignore`, and reads a `package.json` that it meets. */
function targetOf(path: string, { id }: ProviderNames): string {
  return path.replace(/^_/, '').replace('acme', id);
}

/** In one go, so that nothing is replaced in what has been put in. */
function fill(text: string, { names, baseURL, version }: ProviderPlan): string {
  const replacements: Record<string, string> = {
    'https://api.acme.example/v1': baseURL,
    'workspace:*': `^${version}`,
    acme: names.id,
    Acme: names.pascal,
    ACME: names.constant,
  };
  return text.replaceAll(
    /https:\/\/api\.acme\.example\/v1|workspace:\*|acme/gi,
    (found) => replacements[found] ?? found,
  );
}
