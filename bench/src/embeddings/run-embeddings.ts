import { toFailure, toTable } from '../markdown.ts';
import { runScript } from '../run-script.ts';
import { median } from '../statistics.ts';

const rounds = 3;
const contestants = ['floor', 'ours', 'ours, as a stream', 'ai'];

/** What the vectors of 100,000 texts take, in Markdown. */
export async function runEmbeddings(): Promise<string> {
  const rows = [['100,000 texts, 2,048 at once, 10 requests at a time', 'CPU', 'over the floor', 'heap at the end']];
  let floor = Number.NaN;
  for (const name of contestants) {
    try {
      const results = await repeat(name);
      const milliseconds = median(results.map((result) => result.milliseconds));
      const grown = median(results.map((result) => result.grown));
      if (name === 'floor') floor = milliseconds;
      const ratio = (milliseconds / floor).toFixed(2);
      rows.push([name, `${milliseconds.toFixed(0)} ms`, `${ratio} ×`, `${(grown / 1e6).toFixed(0)} MB`]);
    } catch (error) {
      rows.push([name, toFailure(error)]);
    }
  }
  return toTable(rows);
}

async function repeat(contestant: string): Promise<{ milliseconds: number; grown: number }[]> {
  const results = [];
  for (let round = 1; round <= rounds; round += 1) {
    results.push(JSON.parse(await runScript('embeddings/embed-many.ts', contestant)));
    console.error(`embeddings ${contestant} ${round}/${rounds}`);
  }
  return results;
}
