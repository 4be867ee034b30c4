import '@anyllm/example-backend'; // simulated answers, unless started with --live
import { parseArgs } from 'node:util';
import { compare } from '@anyllm/core';
import '@anyllm/provider-mistral';
import '@anyllm/provider-ollama';
import '@anyllm/provider-openai';
import { startProgress } from './progress.ts';
import { answersOf, figuresOf, verdictOf } from './report.ts';

const { values } = parseArgs({
  args: process.argv.slice(2).filter((arg) => arg !== '--'), // pnpm hands it on
  options: {
    live: { type: 'boolean' },
    model: {
      type: 'string',
      multiple: true,
      default: ['openai/gpt-4o-mini', 'mistral/mistral-small-latest', 'ollama/llama3.2'],
    },
    prompt: {
      type: 'string',
      default: 'Two ropes each burn for exactly one hour, but unevenly. How do you measure 45 minutes with them?',
    },
    /** Milliseconds for each answer. */
    timeout: { type: 'string', default: '20000' },
  },
});
const { model: models, prompt, timeout } = values;
console.log(`${prompt}\n`);

const progress = startProgress(models);
const comparison = await compare(
  { prompt },
  { models, timeout: Number(timeout), onProgress: (step) => progress.update(step) },
).finally(() => progress.stop());

console.log(answersOf(comparison.rows));
console.log(figuresOf(comparison.rows));
console.log(verdictOf(comparison));
if (comparison.rows.every(({ status }) => status === 'rejected')) process.exitCode = 1;
