import '@anyllm/example-backend'; // simulated answers, unless started with --live
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BatchJob, batch } from '@anyllm/core/batch';
import '@anyllm/provider-ollama';
import '@anyllm/provider-openai';

const rowsFor = (model: string) =>
  ['France', 'Japan', 'Kenya', 'Peru'].map((country) => ({
    custom_id: country,
    request: { model, prompt: `The capital of ${country}, in a word?` },
  }));
const onProgress = ({ status, request_counts: { total, completed, failed } }: BatchJob) =>
  console.log(`  ${status}, ${completed + failed} of ${total} rows`);

// OpenAI has batches: the rows are uploaded, and answered within a day.
const { id } = await batch.create({ requests: rowsFor('openai/gpt-4o-mini'), metadata: { example: 'batch' } });
console.log(`at OpenAI: ${id.replace(/(_.{3}).*/, '$1…')}`);
await batch.wait(id, { interval: 200, onProgress });
for await (const row of batch.results(id)) {
  console.log(`  ${row.custom_id}: ${row.status === 'fulfilled' ? row.value.text : row.reason.message}`);
}

// Ollama has none: the rows are asked from here. What is done is in the journal, however the program ends.
const journal = await mkdtemp(join(tmpdir(), 'anyllm-example-'));
const requests = rowsFor('ollama/llama3.2');
console.log('here, until somebody ends it:');
const evening = new AbortController();
const local = await batch.create({ requests }, { journal, concurrency: 1, signal: evening.signal });
await batch.wait(local.id, {
  onProgress(job) {
    onProgress(job);
    if (job.request_counts.completed === 2) evening.abort();
  },
});

// The same call goes on with the rows that are left.
console.log('and on:');
await batch.create({ requests }, { journal });
await batch.wait(local.id, { onProgress });
for await (const row of batch.results(local.id)) {
  console.log(`  ${row.custom_id}: ${row.status === 'fulfilled' ? row.value.text : row.reason.message}`);
}
await rm(journal, { recursive: true });
