#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { ask } from './ask.ts';
import { type CliOptions, parseCliOptions, usage } from './cli-options.ts';
import { namesOf, packageNameOf } from './provider-names.ts';
import { type ProviderPlan, writeProvider } from './write-provider.ts';

try {
  await main();
} catch (error) {
  console.error(`create-anyllm-provider: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const given = parseCliOptions(process.argv.slice(2));
  if (!given) return console.log(usage);
  const options = process.stdin.isTTY ? await ask(given) : given;
  if (!options) return;
  const plan = toPlan(options);
  await writeProvider(plan);
  console.log(nextSteps(plan));
}

function toPlan({ name, dialect = 'openai', baseURL, directory }: CliOptions): ProviderPlan {
  if (name === undefined) throw new Error(`a name is needed\n\n${usage}`);
  const names = namesOf(name);
  return {
    names,
    dialect,
    baseURL: parseBaseURL(baseURL) ?? `https://api.${names.id}.example/v1`,
    directory: resolve(directory ?? packageNameOf(names.id)),
    version: ownVersion(),
  };
}

function parseBaseURL(value: string | undefined): string | undefined {
  if (value === undefined || /^https?:\/\/[^\s'"`\\]+$/.test(value)) return value?.replace(/\/+$/, '');
  throw new Error(`--base-url is an http or https address, not '${value}'`);
}

/** All packages are released together, with one version. */
function ownVersion(): string {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version;
}

function nextSteps({ directory, baseURL }: ProviderPlan): string {
  const steps = [`cd ${relative(process.cwd(), directory) || '.'}`, 'npm install', 'npm test'];
  const address = baseURL.endsWith('.example/v1')
    ? `\nThe address ${baseURL} stands in src; put the real one there.`
    : '';
  return `Written. Now:\n\n${steps.map((step) => `  ${step}`).join('\n')}\n${address}`;
}
