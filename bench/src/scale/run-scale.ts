import { runScript } from '../run-script.ts';
import { median } from '../statistics.ts';

const rounds = 3;

/** What many streams and many items take; prints Markdown. */
export async function runScale(origin: string): Promise<void> {
  console.log('| streams open at once | | live heap per stream | peak memory per stream |\n|---|---|---|---|');
  for (const streams of [2_000, 10_000]) {
    for (const contestant of ['floor', 'anyllm']) {
      const results = await repeat('open-streams.ts', contestant, origin, String(streams));
      const [live, peak] = ['live', 'peak'].map((name) => median(results.map((result) => result[name])));
      console.log(`| ${streams}, all finish | ${contestant} | ${inKilobytes(live)} | ${inKilobytes(peak)} |`);
    }
  }
  console.log('\n| 1,000,000 items | time per item | heap after 100,000 | heap after 900,000 |\n|---|---|---|---|');
  for (const utility of ['mapConcurrent', 'gather']) {
    const results = await repeat('many-items.ts', utility);
    const [early, late] = [0, 1].map((at) => median(results.map(({ grown }) => grown[at])));
    const nanoseconds = median(results.map((result) => result.nanoseconds));
    console.log(`| ${utility} | ${nanoseconds.toFixed(0)} ns | ${inKilobytes(early)} | ${inKilobytes(late)} |`);
  }
}

async function repeat(script: string, ...args: string[]) {
  const results = [];
  for (let round = 0; round < rounds; round += 1) results.push(JSON.parse(await runScript(`scale/${script}`, ...args)));
  return results;
}

function inKilobytes(bytes = Number.NaN): string {
  return `${(bytes / 1000).toFixed(1)} KB`;
}
