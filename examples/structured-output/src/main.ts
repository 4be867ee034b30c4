import '@anyllm/example-backend'; // simulated answers, unless started with --live
import { completion, InvalidOutputError } from '@anyllm/core';
import '@anyllm/provider-mistral';
import '@anyllm/provider-openai';
import * as z from 'zod';

// Any validator that follows Standard Schema will do: zod, Valibot, ArkType …
const recipe = z.object({
  title: z.string(),
  minutes: z.int().describe('From the first cut to the table.'),
  ingredients: z.array(z.object({ name: z.string(), amount: z.string().optional() })),
});
const prompt = 'A recipe for lentil soup.';

// `parsed` is typed by the schema, and checked.
const { parsed, meta } = await completion({ model: 'openai/gpt-4o-mini', prompt, response_format: recipe });
console.log(`${parsed.title}, ${parsed.minutes} minutes (by ${meta.structuredOutput?.mode})`);
for (const { name, amount = 'some' } of parsed.ingredients) console.log(`- ${amount} ${name}`);
console.log();

// While it is being written: more and more of the object is there.
const request = { model: 'mistral/mistral-small-latest', prompt, response_format: recipe, stream: true } as const;
const stream = await completion(request);
let shown = 0;
for await (const { ingredients = [] } of stream.partial()) {
  if (ingredients.length === shown) continue;
  shown = ingredients.length;
  console.log(`${shown} ingredients so far`);
}
console.log(`the whole: ${(await stream.completion()).parsed.title}`);

// What does not fit is an error that says where. With `repair: 1` the model would be asked once to correct itself.
const quick = recipe.extend({ minutes: z.int().max(15) });
try {
  await completion({ model: 'openai/gpt-4o-mini', prompt, response_format: quick });
} catch (error) {
  if (!InvalidOutputError.isInstance(error)) throw error;
  console.log(`\n${error.message}`);
  for (const { path, message } of error.issues ?? []) console.log(`${path}: ${message}`);
}
