#!/usr/bin/env node
import { parseOptions, USAGE } from './cli-options.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from './start-simulator.ts';

await main();

async function main(): Promise<void> {
  const options = readOptions();
  if (!options) {
    console.log(USAGE);
    return;
  }
  const simulator = await startSimulator(options).catch((error: Error) => fail(error.message, 1));
  console.log(welcome(simulator));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void simulator.close());
}

function readOptions(): SimulatorOptions | undefined {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (error) {
    return fail(`${(error as Error).message}. See --help.`, 2);
  }
}

function fail(message: string, exitCode: number): never {
  console.error(`anyllm-simulator: ${message}`);
  process.exit(exitCode);
}

function welcome({ url, baseURL }: Simulator): string {
  return `Simulating three vendors at ${url}; stop with Ctrl+C.

  OpenAI    new OpenAI({ baseURL: '${baseURL.openai}', apiKey: 'any' })
  Mistral   new Mistral({ serverURL: '${baseURL.mistral}', apiKey: 'any' })
  Ollama    new Ollama({ host: '${baseURL.ollama}' })

Or in the environment:

  export OPENAI_BASE_URL=${baseURL.openai} OPENAI_API_KEY=any
  export MISTRAL_API_BASE=${baseURL.mistral} MISTRAL_API_KEY=any
  export OLLAMA_HOST=${baseURL.ollama}`;
}
