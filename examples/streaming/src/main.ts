import '@anyllm/example-backend'; // simulated answers, unless started with --live
import { completion } from '@anyllm/core';
import '@anyllm/provider-mistral';

const request = {
  model: 'mistral/mistral-small-latest',
  prompt: 'Explain the event loop as a waiter.',
  stream: true,
} as const;

// The text as it comes. `for await (const chunk of stream)` gives whole chunks instead.
const stream = await completion(request);
for await (const text of stream.text()) process.stdout.write(text);

// Afterwards the same result as without streaming.
const answer = await stream.completion();
console.log(`\n\n${answer.choices[0]?.finish_reason}, ${answer.usage?.completion_tokens} tokens`);
console.log(`first text after ${answer.meta.firstTokenMs?.toFixed()} ms of ${answer.meta.totalMs.toFixed()} ms`);

// Leaving the loop closes the connection: the model stops writing, and nothing more is paid for.
const long = await completion(request);
let start = '';
for await (const text of long.text()) {
  start += text;
  if (start.length > 40) break;
}
console.log(`\nenough after: ${start} …`);
