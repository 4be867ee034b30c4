import '@anyllm/example-backend'; // simulated answers, unless started with --live
import { gather } from '@anyllm/core';
import '@anyllm/provider-mistral';
import '@anyllm/provider-openai';

const requests = [
  { model: 'openai/gpt-4o-mini', prompt: 'The capital of France, in a word?' },
  { model: 'mistral/mistral-small-latest', prompt: 'The capital of Japan, in a word?' },
  { model: 'openai/gpt-4o-mini', prompt: 'The capital of Kenya, in a word?' },
  { model: 'mistral/mistral-small-latest', prompt: 'The capital of Peru, in a word?' },
];

// All at once, at most `concurrency` at a time. The first failure would cancel the others and be thrown here.
const startedAt = performance.now();
const running = gather(requests, { concurrency: 4, timeout: 20_000 });

// As they come …
for await (const { index, name, value } of running) {
  console.log(`#${index} ${name} after ${value.meta.totalMs.toFixed()} ms`);
}

// … and in the order of the requests.
const answers = await running;
console.log(answers.map((answer) => answer.text).join(' '));

const sumMs = answers.reduce((sum, answer) => sum + answer.meta.totalMs, 0);
console.log(`${(performance.now() - startedAt).toFixed()} ms; one after another ${sumMs.toFixed()} ms`);
