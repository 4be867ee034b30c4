import { runScript } from '../run-script.ts';
import { median } from '../statistics.ts';

const names = ['mapConcurrent', 'p-map', 'createLimiter', 'p-limit', 'p-queue'];
const rounds = 7;

/** 10,000 items that take no time, beside the utilities that others use for it; prints Markdown. */
export async function runUtilities(): Promise<void> {
  const times = new Map<string, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) times.get(name)?.push(Number(await runScript('utilities/measure-utility.ts', name)));
  }
  console.log('| 10,000 items, 100 at once | time per item |\n|---|---|');
  for (const [name, list] of times) console.log(`| ${name} | ${median(list).toFixed(0)} ns |`);
}
