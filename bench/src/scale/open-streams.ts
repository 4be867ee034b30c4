import { answers, toServerURL } from '../answers/index.ts';
import type { CreateOpenStream } from './openers/open-stream.ts';

// Many streams open at once, in a process of its own: `open-streams.ts <contestant> <origin> <streams>`, with
// `--expose-gc`. Prints bytes per stream.

const [contestant = '', origin = '', count = ''] = process.argv.slice(2);
const streams = Number(count);
const { createOpenStream } = (await import(`./openers/${contestant}.ts`)) as { createOpenStream: CreateOpenStream };
const open = createOpenStream(toServerURL(origin, 'openai', 'held'), streams);

await finish([await open()]); // loads what is loaded with the first call
const before = { heap: liveHeap(), resident: process.memoryUsage.rss() };
const opened = await Promise.all(Array.from({ length: streams }, open));
const heap = liveHeap() - before.heap;
await finish(opened);
const peak = process.resourceUsage().maxRSS * 1024 - before.resident;
process.stdout.write(JSON.stringify({ live: heap / streams, peak: peak / streams }), () => process.exit());

async function finish(readers: (() => Promise<string>)[]): Promise<void> {
  const texts = Promise.all(readers.map((read) => read()));
  await fetch(`${origin}/release`, { method: 'POST', body: '{}' });
  const wrong = (await texts).filter((text) => text !== answers.openai.held.text).length;
  if (wrong > 0) throw new Error(`${wrong} of ${readers.length} streams brought another text`);
}

function liveHeap(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
