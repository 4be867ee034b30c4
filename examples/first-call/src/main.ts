import '@anyllm/example-backend'; // simulated answers, unless started with --live
import { completion } from '@anyllm/core';
import '@anyllm/provider-mistral'; // importing a provider registers it

const answer = await completion(
  { model: 'mistral/mistral-small-latest', prompt: 'Explain entanglement in a sentence.', max_tokens: 100 },
  { timeout: 15_000 },
);

console.log(answer.text);
console.log(`\n${answer.model}: ${answer.usage?.completion_tokens} tokens in ${answer.meta.totalMs.toFixed()} ms`);
