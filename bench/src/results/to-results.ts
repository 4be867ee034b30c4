import { availableParallelism, loadavg } from 'node:os';
import { type CallOptions, runCalls } from '../calls/run-calls.ts';
import { toBudgetTable, toContestantTable } from '../calls/tables.ts';
import { runFootprint } from '../footprint/run-footprint.ts';
import { runScale } from '../scale/run-scale.ts';
import type { Upstream } from '../start-upstream.ts';
import { runUtilities } from '../utilities/run-utilities.ts';
import { installedVersions } from './installed-versions.ts';

const command = 'npx --yes pnpm@12.21.0 --dir bench bench results';

/** Measures everything; the page that tells it, in Markdown. */
export async function toResults(options: CallOptions, upstream: Upstream): Promise<string> {
  const startedAt = Date.now();
  const loadBefore = toLoad();
  const calls = await runCalls(options, upstream);
  const sections = [
    `## What a call costs, and what it may\n\n${toBudgetTable(calls)}`,
    `## Beside other clients\n\n${toContestantTable(calls)}`,
    `## Scale (\`bench scale\`)\n\n${await runScale(upstream.origin)}`,
    `## Utilities (\`bench utilities\`)\n\n${await runUtilities()}`,
    `## Footprint (\`bench footprint\`)\n\n${await runFootprint()}`,
  ];
  const minutes = Math.round((Date.now() - startedAt) / 60_000);
  const machine = `${availableParallelism()} shared processors (load average ${loadBefore} at first, ${toLoad()} at last)`;
  const head = `# Results

Written by \`${command}\` on ${new Date(startedAt).toISOString().slice(0, 10)}, in ${minutes} minutes on ${machine}, with Node ${process.versions.node}. Every figure is a
median over fresh processes that warm up and take turns, calls over up to ${options.rounds} rounds; compare the ratios, not the figures of
different days, and see the [README](README.md) for how it is measured.

${(await installedVersions()).join(', ')}.`;
  return `${[head, ...sections].join('\n\n')}\n`;
}

function toLoad(): string {
  return (loadavg()[0] as number).toFixed(1);
}
