import { createClient } from '@anyllm/core';
import { createBatch } from '@anyllm/core/batch';
import { createOllama } from '@anyllm/provider-ollama';

// Runs a local batch of its rows to its end, unless it is killed: `node run-batch.ts <base URL> <journal> <rows>`.

const [baseURL = '', journal = '', total = ''] = process.argv.slice(2);
const client = createClient({ providers: [createOllama({ baseURL })], limits: { ollama: { concurrency: 64 } } });
const batch = createBatch(client);

function* rows() {
  for (let row = 0; row < Number(total); row++) {
    yield { custom_id: `row-${row}`, request: { model: 'ollama/llama3', prompt: `${row}` } } as const;
  }
}

const { id } = await batch.create({ requests: rows() }, { journal, concurrency: 64 });
const { status } = await batch.wait(id, {
  onProgress: ({ request_counts }) => process.send?.({ done: request_counts.completed + request_counts.failed }),
});
process.send?.({ status, heapMiB: process.memoryUsage().heapUsed / 2 ** 20 });
