import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type BundledPackage, bundledPackages } from './bundled-packages.ts';
import { repository } from './pack-packages.ts';
import { runCommand } from './run-command.ts';

/** A bill of materials, as far as it is looked at here. Source: CycloneDX 1.7, JSON. */
interface Sbom {
  metadata: { component: { name: string; 'bom-ref': string } };
  components: object[];
  dependencies: { ref: string; dependsOn: string[] }[];
}

/**
 * Writes a bill of materials (CycloneDX) for each package of the workspace into a folder. pnpm's own tells what will be
 * installed along with a package; what is bundled into its files is added. They must have been built.
 * @param folder absolute; made if it is not there
 * @returns the paths
 */
export async function writeSboms(folder: string): Promise<string[]> {
  const out = join(folder, '%s-%v.cdx.json');
  const settings = ['--split', '--prod', '--sbom-format', 'cyclonedx', '--out', out];
  await runCommand('pnpm', ['--filter', './packages/*', 'sbom', ...settings], { cwd: repository });
  const paths = (await readdir(folder)).map((name) => join(folder, name));
  await Promise.all(paths.map(addBundled));
  return paths;
}

async function addBundled(path: string): Promise<void> {
  const sbom: Sbom = JSON.parse(await readFile(path, 'utf8'));
  const bundled = await bundledPackages(join(repository, 'packages', sbom.metadata.component.name));
  await writeFile(path, `${JSON.stringify(withBundled(sbom, bundled), null, 2)}\n`);
}

function withBundled(sbom: Sbom, bundled: readonly BundledPackage[]): Sbom {
  const refs = bundled.map(purlOf);
  const root = sbom.metadata.component['bom-ref'];
  const dependencies = sbom.dependencies.map(({ ref, dependsOn }) => ({
    ref,
    dependsOn: ref === root ? [...dependsOn, ...refs] : dependsOn,
  }));
  return {
    ...sbom,
    components: [...sbom.components, ...bundled.map(toComponent)],
    dependencies: [...dependencies, ...refs.map((ref) => ({ ref, dependsOn: [] }))],
  };
}

function toComponent(bundled: BundledPackage): object {
  const { name, version, license } = bundled;
  const [last, group] = name.split('/').reverse();
  return {
    type: 'library',
    ...(group !== undefined && { group }),
    name: last,
    version,
    'bom-ref': purlOf(bundled),
    purl: purlOf(bundled),
    licenses: [{ license: { id: license } }],
    // CycloneDX's own word for what is shipped inside another.
    properties: [{ name: 'cdx:npm:package:bundled', value: 'true' }],
  };
}

function purlOf({ name, version }: BundledPackage): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

if (import.meta.main) {
  const [folder = 'sbom'] = process.argv.slice(2);
  for (const path of await writeSboms(resolve(folder))) console.log(path);
}
