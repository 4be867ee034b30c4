import '@anyllm/example-backend'; // simulated answers, unless started with --live
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { gather } from '@anyllm/core';
import '@anyllm/provider-mistral';
import { Piscina } from 'piscina';

// Work on the CPU would stop the event loop, and with it every answer on its way. A pool of threads does it instead.
const pool = new Piscina<number, number>({
  filename: new URL('./count-primes.ts', import.meta.url).href,
  maxThreads: 2,
});

const model = 'mistral/mistral-small-latest';
const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();

// Requests and functions mix. The signal reaches into the pool: whatever cancels the one cancels the other.
const [primes, words, waiter] = await gather(
  [
    ({ signal }) => pool.run(3_000_000, { signal }),
    { model, prompt: 'What is a prime?' },
    { model, prompt: 'Explain the event loop as a waiter.' },
  ],
  { timeout: 30_000 },
);

delay.disable();
await pool.close();

console.log(`${primes} primes below 3,000,000`);
console.log(words.text);
console.log(waiter.text);
console.log(`\nlongest pause of the event loop meanwhile: ${(delay.max / 1e6).toFixed()} ms`);
