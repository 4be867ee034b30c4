import '@anyllm/example-backend'; // simulated answers, unless started with --live
import { createClient, tool } from '@anyllm/core';
import { createMistral } from '@anyllm/provider-mistral';
import { createOllama } from '@anyllm/provider-ollama';
import * as z from 'zod';

const weather = tool({
  name: 'weather',
  description: 'The weather in a city now.',
  parameters: z.object({ city: z.string() }),
  timeout: 1_000, // then the model is told, and the call is left behind
  execute: ({ city }) => measured[city] ?? Promise.reject(new Error(`no station in ${city}`)),
});
const measured: Record<string, { sky: string; celsius: number }> = {
  Rome: { sky: 'sunny', celsius: 24 },
  Oslo: { sky: 'rain', celsius: 9 },
};

// What a call costs follows from its usage; the prices here are made up.
const client = createClient({
  providers: [createMistral(), createOllama()],
  prices: { 'mistral/*': { input: 2, output: 6 }, 'ollama/*': { input: 0, output: 0 } },
  budgets: [{ maxCost: 0.5, per: 'client' }],
});
const question = { prompt: 'What is the weather in Rome, Oslo and Atlantis?' };

// The model asks for all three at once; one fails, and it is told so.
const run = await client.runTools(
  { model: 'mistral/mistral-large-latest', ...question },
  { tools: [weather], maxSteps: 4, deadline: 30_000 },
);
for (const { call, status, message } of run.steps.flatMap(({ results }) => results)) {
  console.log(`${call.type === 'function' ? call.function.arguments : ''} ${status}: ${message.content}`);
}
console.log(run.text);
console.log(`${run.steps.length} steps, ${run.usage?.total_tokens} tokens, ${run.cost?.toFixed(6)} in money\n`);

// While it goes on, with somebody who has to agree.
const streamed = client.runTools(
  { model: 'ollama/llama3.2', ...question, stream: true },
  {
    tools: [weather],
    approve: ({ arguments: args }) => (JSON.stringify(args).includes('Atlantis') ? 'there is no such place' : true),
  },
);
for await (const event of streamed) {
  if (event.type === 'tool_result') console.log(`${event.result.status}: ${event.result.message.content}`);
}
console.log(`${(await streamed).stopped}; spent so far: ${client.spent?.tokens} tokens`);
