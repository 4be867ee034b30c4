import { globSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import sirv from 'sirv';
import { browse } from './browse.ts';
import { findBrowser } from './find-browser.ts';
import { type BuiltPage, findDeadLinks } from './find-dead-links.ts';

// Checks the site that was built: every link and anchor, and every page in a browser.

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const files = globSync('**/*.html', { cwd: dist }).filter((file) => file !== '404.html');
const paths = files.sort().map((file) => `/${file}`);

const server = createServer(sirv(dist, { single: false })).listen(0, '127.0.0.1');
await new Promise((listening) => server.once('listening', listening));
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const pages = await Promise.all(paths.map(load));
const { links, dead } = findDeadLinks(pages);
const browser = findBrowser();
const complaints = [...dead, ...(browser ? await browse(browser, origin, paths) : [])];
server.close();

for (const complaint of complaints) console.error(complaint);
const how = browser ? `opened in ${browser}` : 'no browser found, pages checked over HTTP only';
console.log(`${pages.length} pages with ${links} links: ${complaints.length} complaints (${how})`);
if (complaints.length > 0) process.exitCode = 1;

async function load(path: string): Promise<BuiltPage> {
  const response = await fetch(origin + path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return { path, html: await response.text() };
}
