import '@anyllm/example-backend'; // simulated answers, unless started with --live
import { AnyLLMError, gather, MissingApiKeyError, ModelNotFoundError, TimeoutError } from '@anyllm/core';
import '@anyllm/provider-mistral';
import '@anyllm/provider-ollama';
import '@anyllm/provider-openai';

const prompt = 'Explain entanglement in a sentence.';

// With `settle` nothing is thrown: each outcome is a row, in the order of the requests.
const rows = await gather(
  [
    { model: 'openai/gpt-4o-mini', prompt },
    { model: 'mistral/unknown-model', prompt },
    { model: 'nowhere/some-model', prompt },
    { model: 'ollama/llama3.2', prompt: 'Measure 45 minutes with two ropes.' },
  ],
  { settle: true, timeout: 2_000 },
);

for (const row of rows) {
  if (row.status === 'fulfilled') console.log(`${row.input.model}\n  ${row.value.text}`);
  else console.log(`${row.input.model}\n  ${advise(row.reason)}`);
}

function advise(reason: unknown): string {
  if (TimeoutError.isInstance(reason)) return `too slow (${reason.phase}, ${reason.timeoutMs} ms)`;
  if (ModelNotFoundError.isInstance(reason)) return `misspelt? ${reason.message}`;
  if (MissingApiKeyError.isInstance(reason)) return `not set up: ${reason.message}`;
  if (AnyLLMError.isInstance(reason)) return `${reason.code}: ${reason.message}`;
  throw reason;
}
