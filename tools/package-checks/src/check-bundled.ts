import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { type BundledPackage, bundledPackages } from './bundled-packages.ts';
import { packPackages, repository, type Tarball } from './pack-packages.ts';
import { runCommand } from './run-command.ts';
import { thirdPartyLicenses } from './third-party-licenses.ts';
import { writeSboms } from './write-sboms.ts';

// What is bundled into a package goes to its users with its notice, and stands in its bill of materials.

const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } });
const fileName = 'THIRD_PARTY_LICENSES';

const folder = await mkdtemp(join(tmpdir(), 'anyllm-bundled-'));
try {
  const tarballs = await packPackages(folder);
  if (values.write) await Promise.all(tarballs.map(writeNotice));
  else await checkAll(tarballs);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function writeNotice({ manifest }: Tarball): Promise<void> {
  const notice = thirdPartyLicenses(await bundledPackages(folderOf(manifest.name)));
  if (notice !== undefined) await writeFile(join(folderOf(manifest.name), fileName), notice);
}

async function checkAll(tarballs: readonly Tarball[]): Promise<void> {
  const sboms = await writeSboms(join(folder, 'sbom'));
  for (const tarball of tarballs) {
    const bundled = await bundledPackages(folderOf(tarball.manifest.name));
    const problems = [await problemOfNotice(tarball, bundled), await problemOfSbom(tarball, bundled, sboms)];
    for (const problem of problems) if (problem) fail(`${tarball.manifest.name}: ${problem}`);
  }
}

async function problemOfNotice({ path }: Tarball, bundled: readonly BundledPackage[]): Promise<string | undefined> {
  const expected = thirdPartyLicenses(bundled);
  const files = (await runCommand('tar', ['-tzf', path], { cwd: repository })).split('\n');
  const inside = `package/${fileName}`;
  if (!files.includes(inside)) return expected && `the tarball lacks ${fileName}, and holds parts of others`;
  if (expected === undefined) return `${fileName} is there, and nothing of others`;
  const found = await runCommand('tar', ['-xzOf', path, inside], { cwd: repository });
  return found === expected ? undefined : `${fileName} is not about what is bundled now: pnpm check:bundled --write`;
}

async function problemOfSbom({ manifest }: Tarball, bundled: readonly BundledPackage[], sboms: readonly string[]) {
  const name = `${manifest.name.replace('@', '').replace('/', '-')}-${manifest.version}.cdx.json`;
  const path = sboms.find((sbom) => basename(sbom) === name);
  if (!path) return 'there is no bill of materials';
  const { components } = JSON.parse(await readFile(path, 'utf8')) as { components: { purl: string }[] };
  const missing = bundled.find(({ name, version }) => {
    return !components.some(({ purl }) => decodeURIComponent(purl) === `pkg:npm/${name}@${version}`);
  });
  return missing && `the bill of materials lacks ${missing.name} ${missing.version}`;
}

function folderOf(name: string): string {
  return join(repository, 'packages', name.replace('@anyllm/', ''));
}

function fail(problem: string): void {
  console.error(problem);
  process.exitCode = 1;
}
