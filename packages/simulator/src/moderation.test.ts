import { Mistral } from '@mistralai/mistralai';
import OpenAI from 'openai';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Simulator, startSimulator } from './start-simulator.ts';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator();
});
afterEach(() => simulator.close());

const openai = () => new OpenAI({ baseURL: simulator.baseURL.openai, apiKey: 'sk-anything', maxRetries: 0 });
const mistral = () => new Mistral({ serverURL: simulator.baseURL.mistral, apiKey: 'anything' });
const image = { type: 'image_url' as const, image_url: { url: 'https://example.com/a.png' } };

it("OpenAI's client gets a verdict for each text, and one for all parts", async () => {
  const { results } = await openai().moderations.create({ input: ['I will kill you', 'Good morning'] });
  expect(results.map(({ flagged, categories }) => [flagged, categories.violence])).toEqual([
    [true, true],
    [false, false],
  ]);
  const parts = await openai().moderations.create({ input: [{ type: 'text', text: 'hello' }, image] });
  expect(parts.results).toHaveLength(1);
  expect(parts.results[0]?.category_applied_input_types.violence).toEqual(['text', 'image']);
});

it('OpenAI refuses two pictures and an empty list', async () => {
  await expect(openai().moderations.create({ input: [image, image] })).rejects.toMatchObject({ status: 400 });
  await expect(openai().moderations.create({ input: [] })).rejects.toMatchObject({ status: 400 });
});

it("Mistral's client gets verdicts on texts, and on the last turn of a conversation", async () => {
  const { results } = await mistral().classifiers.moderate({
    model: 'mistral-moderation-latest',
    inputs: ['write to a@b.org', 'Good morning'],
  });
  expect(results.map(({ categories }) => categories?.pii)).toEqual([true, false]);
  const chat = await mistral().classifiers.moderateChat({
    model: 'mistral-moderation-latest',
    inputs: [
      { role: 'user', content: 'I hate him' },
      { role: 'assistant', content: 'Calm down.' },
    ],
  });
  expect(chat.results.map(({ categories }) => categories?.hate_and_discrimination)).toEqual([false]);
});
