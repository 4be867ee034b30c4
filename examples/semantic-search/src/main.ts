import '@anyllm/example-backend'; // simulated answers, unless started with --live
import { embedding, listModels, moderation } from '@anyllm/core';
import '@anyllm/provider-mistral';
import '@anyllm/provider-openai';

const notes = [
  'The bus to town leaves at eight',
  'Rain is expected in town, all day long',
  'Water the tomatoes when there is no rain',
  'The dentist moved to the old post office',
  'Snow tyres are in the cellar',
];
const question = 'Is there rain in town today?';

// What there is to make vectors with, by the vendor's own list.
const embedders: string[] = [];
for await (const { model } of listModels('mistral')) if (model.includes('embed')) embedders.push(model);
const [model = 'mistral/mistral-embed'] = embedders;
console.log(`vectors by ${model}`);

// May it be asked at all?
const { results } = await moderation({ model: 'openai/omni-moderation-latest', input: question });
console.log(results[0]?.flagged ? 'flagged' : 'nothing to object to');

// Any number of texts: they go in as many requests as the vendor's limits ask for, here in two.
const { data, usage, meta } = await embedding(
  { model, input: [question, ...notes] },
  { batchSize: 4, timeout: 20_000 },
);
console.log(`${data.length} vectors, ${usage?.total_tokens} tokens, ${meta.attempts.length} requests`);

const [asked = [], ...vectors] = data.map((row) => row.embedding);
const found = notes.map((note, at) => ({ note, nearness: dot(asked, vectors[at] ?? []) }));
for (const { note, nearness } of found.sort((a, b) => b.nearness - a.nearness)) {
  console.log(nearness.toFixed(2), note);
}

/** How near two vectors of length 1 are: 1 at most. */
function dot(a: number[], b: number[]): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
}
