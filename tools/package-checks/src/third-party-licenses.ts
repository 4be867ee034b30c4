import type { BundledPackage } from './bundled-packages.ts';

/** The file that goes along with parts of others: who they are, and under which licence. Nothing where there are none. */
export function thirdPartyLicenses(bundled: readonly BundledPackage[]): string | undefined {
  const others = bundled.filter(({ own }) => !own);
  return others.length === 0 ? undefined : others.map(notice).join('\n');
}

function notice({ name, version, homepage, licenseText }: BundledPackage): string {
  const where = homepage === undefined ? '' : ` (${homepage})`;
  return `The files in dist/ contain parts of ${name} ${version}${where}, under this licence:\n\n${licenseText.trim()}\n`;
}
