import '@anyllm/example-backend'; // simulated answers, unless started with --live
import { countTokens, embedding, listModels, moderation, rerank } from '@anyllm/core';
import '@anyllm/provider-mistral';
import '@anyllm/provider-ollama';
import '@anyllm/provider-openai';
import '@anyllm/provider-openai-compatible';

// What a provider has, page by page if need be.
for (const provider of ['mistral', 'ollama']) {
  const models = await listModels(provider);
  console.log(`${provider}: ${models.map(({ id }) => id).join(', ')}`);
}

// Any number of texts: they are sent in parts, several at once, and come back in their order.
const notes = ['The waiter takes the orders.', 'Ropes burn unevenly.', 'Lentils need half an hour.'];
const model = 'openai/text-embedding-3-small';
const { data, usage, meta } = await embedding({ model, input: notes, dimensions: 256 });
console.log(`\n${data.length} vectors of ${data[0]?.embedding.length} numbers, ${usage?.prompt_tokens} tokens`);
console.log(`in ${meta.totalMs.toFixed()} ms, with ${meta.attempts.length} request`);

// The nearest note: vectors of length 1 are compared by their product.
const question = await embedding({ model, input: 'Ropes burn unevenly.', dimensions: 256 });
const asked = question.data[0]?.embedding ?? [];
const closeness = (vector: number[]) => vector.reduce((sum, value, at) => sum + value * (asked[at] ?? 0), 0);
const ranked = data.map(({ embedding: vector }, at) => ({ note: notes[at], score: closeness(vector) }));
ranked.sort((a, b) => b.score - a.score);
for (const { note, score } of ranked) console.log(`${score.toFixed(2)}  ${note}`);

// Whether a text should be answered at all.
const { results } = await moderation({ model: 'openai/omni-moderation-latest', input: ['Have a nice day.'] });
console.log(`\nflagged: ${results.map(({ flagged }) => flagged).join(', ')}`);

// A model made for it puts documents in the order in which they fit a question; here that of a server of one's own.
const query = 'Which food needs half an hour?';
const order = await rerank({ model: 'openai-compatible/a-reranker', query, documents: notes, top_n: 2 });
for (const { index, relevance_score } of order.results) console.log(`${relevance_score.toFixed(2)}  ${notes[index]}`);

// How long a prompt is, by the server's own count.
const { input_tokens } = await countTokens({ model: 'openai/gpt-4o-mini', input: `${query}\n${notes.join('\n')}` });
console.log(`\nthe prompt has ${input_tokens} tokens`);
