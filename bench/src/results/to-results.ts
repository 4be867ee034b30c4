import { availableParallelism, loadavg } from 'node:os';
import { type CallOptions, runCalls } from '../calls/run-calls.ts';
import { toBudgetTable, toContestantTable } from '../calls/tables.ts';
import { runEmbeddings } from '../embeddings/run-embeddings.ts';
import { runFootprint } from '../footprint/run-footprint.ts';
import { runScale } from '../scale/run-scale.ts';
import type { Upstream } from '../start-upstream.ts';
import { runUtilities } from '../utilities/run-utilities.ts';
import { installedVersions } from './installed-versions.ts';

/** Measures everything; the page that tells it, in Markdown. */
export async function toResults(options: CallOptions, upstream: Upstream): Promise<string> {
  const startedAt = new Date();
  const loads = [toLoad()];
  const calls = await runCalls(options, upstream);
  const sections = [
    ['What a call costs, and what it may', toBudgetTable(calls)],
    ['Beside other clients', toContestantTable(calls)],
    ['Scale', await runScale(upstream.origin)],
    ['Utilities', await runUtilities()],
    ['Embeddings', await runEmbeddings()],
    ['Footprint', await runFootprint()],
  ].map(([title, content]) => `## ${title}\n\n${content}`);
  loads.push(toLoad());
  const head = `# Results

Written by \`pnpm bench results\` on ${startedAt.toISOString().slice(0, 10)} in ${minutesSince(startedAt)} minutes, with
Node ${process.versions.node} on ${availableParallelism()} processors (load average ${loads.join(' before, ')} after). Figures are medians over fresh
processes that warm up and take turns; only the ratios mean anything. [How it is measured](README.md).

${(await installedVersions()).join(', ')}.`;
  return `${[head, ...sections].join('\n\n')}\n`;
}

function toLoad(): string {
  return (loadavg()[0] as number).toFixed(1);
}

function minutesSince(date: Date): number {
  return Math.ceil((Date.now() - date.getTime()) / 60_000);
}
