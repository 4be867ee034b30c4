import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Simulator } from '@anyllm/simulator';

const neededKeys = ['OPENAI_API_KEY', 'MISTRAL_API_KEY'];
const keyVariables = [...neededKeys, 'OLLAMA_API_KEY'];

export interface Backend {
  /** False when the program was started with `--live`: then the real services are asked. */
  simulated: boolean;
  /** The names of the variables that hold a key, as they were before the simulation. */
  keysFound: string[];
}

/** What an example asks. Importing this module is enough: it says so in a line, and the providers find their way. */
export const backend: Backend = {
  simulated: !process.argv.includes('--live'),
  keysFound: keyVariables.filter((name) => process.env[name]?.trim()),
};
if (backend.simulated) await simulateServices();
console.log(describe(backend));

/** In a thread of its own, which neither shares the program's event loop nor keeps it alive. */
async function simulateServices(): Promise<void> {
  const worker = new Worker(new URL('./simulated-services.ts', import.meta.url));
  const [baseURL]: Simulator['baseURL'][] = await once(worker, 'message');
  worker.unref();
  Object.assign(process.env, {
    OPENAI_BASE_URL: baseURL?.openai,
    OPENAI_COMPATIBLE_BASE_URL: baseURL?.openai,
    MISTRAL_API_BASE: baseURL?.mistral,
    OLLAMA_HOST: baseURL?.ollama,
    ...Object.fromEntries(keyVariables.map((name) => [name, 'simulated'])), // real ones stay out of it
  });
}

function describe({ simulated, keysFound }: Backend): string {
  const found = `keys found: ${keysFound.join(', ') || 'none'}`;
  if (simulated) return `Simulated answers: no model is asked. --live asks the real services (${found}).\n`;
  const missing = neededKeys.filter((name) => !keysFound.includes(name));
  return `Live answers (${found}; missing: ${missing.join(', ') || 'none'}; Ollama needs none).\n`;
}
