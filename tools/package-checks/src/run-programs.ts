import { deepStrictEqual } from 'node:assert';
import { startSimulator } from '@anyllm/simulator';
import { runCommand } from './run-command.ts';
import type { Runtime } from './runtimes.ts';

/** By column of the table. Each asks for an answer whole and streamed. */
const programs = {
  import: 'import.mjs',
  require: 'require.cjs',
  'ESM bundle': 'bundle/bundle.mjs',
  'CJS bundle': 'bundle/bundle.cjs',
};

const text = 'Hello from the simulator.';

/** What went wrong with each program of a project; empty when nothing did. */
export async function runPrograms(folder: string, runtime: Runtime): Promise<Record<string, string>> {
  await using simulator = await startSimulator({ script: { text }, requireKey: true });
  const env = { OPENAI_BASE_URL: simulator.baseURL.openai, OPENAI_API_KEY: 'test-key' };
  const outcomes: Record<string, string> = {};
  for (const [column, program] of Object.entries(programs)) {
    outcomes[column] = await outcomeOf(program, { folder, runtime, env });
  }
  return outcomes;
}

interface ProgramRun {
  folder: string;
  runtime: Runtime;
  env: Record<string, string>;
}

async function outcomeOf(program: string, { folder, runtime, env }: ProgramRun): Promise<string> {
  try {
    const stdout = await runCommand(runtime.command, [...runtime.args, program], { cwd: folder, env });
    deepStrictEqual(JSON.parse(stdout), { whole: text, streamed: text });
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Milliseconds to import core and a provider, beyond what the runtime itself takes to start: the best of five. */
export async function importTime(folder: string, { command, args }: Runtime): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < 5; run += 1) {
    times.push(Number(await runCommand(command, [...args, 'import-time.mjs'], { cwd: folder })));
  }
  return Math.min(...times);
}
