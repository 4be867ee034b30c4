import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface Entry {
  /** What is imported: `@anyllm/core/provider`. */
  name: string;
  /** Its page below `api/`: `core-provider`. */
  page: string;
  /** Its module, from the root of the repository. */
  source: string;
}

/** Every entry of the published packages, by name. */
export const entries: Entry[] = globSync('packages/*/package.json', { cwd: root }).sort().flatMap(entriesOf);

function entriesOf(manifest: string): Entry[] {
  const { name, exports = {} } = JSON.parse(readFileSync(join(root, manifest), 'utf8'));
  const paths = Object.keys(exports).filter((path) => !path.endsWith('.json'));
  return paths.map((path) => ({
    name: join(name, path),
    page: join(name, path).replace('@anyllm/', '').replaceAll('/', '-'),
    source: join(dirname(manifest), 'src', `${path === '.' ? 'index' : path}.ts`),
  }));
}
