import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Registry } from './start-registry.ts';

export interface ProjectSettings {
  /** Where the packages of this repository come from. */
  registry?: Registry;
  /** A folder whose files the project starts with. */
  files?: string;
}

/** A project in a folder of its own, outside the workspace, that has nothing installed. */
export async function createProject(folder: string, { registry, files }: ProjectSettings = {}): Promise<string> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
  if (files) await cp(files, folder, { recursive: true });
  if (registry) await writeFile(join(folder, '.npmrc'), `@anyllm:registry=${registry.url}\n`);
  return folder;
}
