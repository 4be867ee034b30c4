import { runScript } from '../run-script.ts';
import { median } from '../statistics.ts';

const starts = 15;

/** How many milliseconds of CPU importing each of these takes a fresh process, or why it cannot; they take turns. */
export async function timeImports(imports: Record<string, string[]>): Promise<Map<string, number | Error>> {
  const times = new Map<string, number[] | Error>(Object.keys(imports).map((name) => [name, []]));
  for (let start = 1; start <= starts; start += 1) {
    for (const [name, list] of times) times.set(name, await addStart(list, imports[name] ?? []));
    console.error(`imports ${start}/${starts}`);
  }
  return new Map([...times].map(([name, list]) => [name, list instanceof Error ? list : median(list)]));
}

async function addStart(times: number[] | Error, modules: string[]): Promise<number[] | Error> {
  if (times instanceof Error) return times;
  try {
    return [...times, Number(await runScript('footprint/cold-start.ts', ...modules))];
  } catch (error) {
    return error as Error;
  }
}
