import '@anyllm/example-backend'; // simulated answers, unless started with --live
import { setTimeout as delay } from 'node:timers/promises';
import { completion, TimeoutError, withTimeout } from '@anyllm/core';
import '@anyllm/provider-mistral';
import '@anyllm/provider-ollama';

const prompt = 'Explain the event loop as a waiter.';

// A number is the time for the whole call.
try {
  await completion({ model: 'ollama/llama3.2', prompt }, { timeout: 400 });
} catch (error) {
  console.log(`1. ${TimeoutError.isInstance(error) ? error.message : error}`);
}

// Or limits by phase. A stream that runs out of time keeps what had come.
try {
  const timeout = { total: 1_500, firstToken: 1_400, idle: 1_000 };
  const stream = await completion({ model: 'ollama/llama3.2', prompt, stream: true }, { timeout });
  console.log(`2. ${(await stream.completion()).text}`);
} catch (error) {
  const partial = TimeoutError.isInstance(error) ? `${error.phase}, after "${error.partial?.text ?? ''}"` : error;
  console.log(`2. ${partial}`);
}

// Your own signal: the call rejects with your reason, and its socket is closed.
const user = new AbortController();
setTimeout(() => user.abort(new Error('the user left')), 100);
try {
  await completion({ model: 'mistral/mistral-small-latest', prompt }, { signal: user.signal });
} catch (error) {
  console.log(`3. ${error instanceof Error ? error.message : error}`);
}

// A deadline for anything else. The task is told by its signal, and left behind if it does not listen.
const slow = withTimeout(({ signal }) => delay(5_000, 'done', { signal }), 200);
console.log(`4. ${await slow.catch((error) => error.message)}`);
