import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Tarball } from './pack-packages.ts';

export interface Registry extends AsyncDisposable {
  /** Ends in a slash. */
  readonly url: string;
}

/**
 * Serves tarballs as a package registry does, so that projects install them by name, with their dependencies and
 * peers, as users do. It knows no other packages: a project asks it for the scope only.
 */
export async function startRegistry(tarballs: readonly Tarball[]): Promise<Registry> {
  const prefix = `/${randomUUID()}/`; // no address twice, so that nobody's cache holds what another run has packed
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '').slice(prefix.length);
    const tarball = tarballs.find(({ manifest }) => path === manifest.name || path === archiveOf(manifest.name));
    if (!tarball) response.writeHead(404).end('{}');
    else if (path.endsWith('.tgz')) response.end(tarball.bytes);
    else response.setHeader('content-type', 'application/json').end(JSON.stringify(describe(tarball, url)));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${prefix}`;
  return {
    url,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

function archiveOf(name: string): string {
  return `${name}.tgz`;
}

function describe({ manifest, bytes }: Tarball, url: string) {
  const { name, version } = manifest;
  const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  const dist = { tarball: `${url}${archiveOf(name)}`, integrity };
  return {
    name,
    'dist-tags': { latest: version },
    time: { [version]: '2020-01-01T00:00:00.000Z' }, // some managers refuse what is a few hours old
    versions: { [version]: { ...manifest, dist } },
  };
}
