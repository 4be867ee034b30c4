import { join } from 'node:path';
import type { Measured } from './budgets.ts';
import { bundleSize } from './bundle-programs.ts';
import { folderSize } from './folder-size.ts';

/** What a project with core and one provider weighs. */
export async function measure(project: string): Promise<Measured> {
  const { packages, bytes } = await folderSize(join(project, 'node_modules'));
  const mebibytes = Math.round((bytes / 2 ** 20) * 100) / 100;
  return { packages, mebibytes, gzipBytes: await bundleSize(project, ['undici']) };
}
