import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OpenaiQuirks } from './openai-quirks.ts';
import type { Reply } from './reply.ts';
import { type Simulator, startSimulator } from './start-simulator.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

async function ask(reply: Reply, request: object = {}, headers: Record<string, string> = {}) {
  simulator.script(reply);
  const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Hi' }], ...request });
  const url = `${simulator.baseURL.openai}/chat/completions`;
  const response = await fetch(url, { method: 'POST', body, headers });
  return { status: response.status, text: await response.text() };
}

async function whole(reply: Reply) {
  return JSON.parse((await ask(reply)).text);
}

async function streamed(reply: Reply) {
  const { text } = await ask(reply, { stream: true });
  const payloads = text.split('\n\n').filter((event) => event.startsWith('data: {'));
  return payloads.map((event) => JSON.parse(event.slice(6)));
}

const counted = { text: 'a b', usage: { prompt: 1 } };
const thought = { reasoning: 'r', text: 'a' };
const called = { toolCalls: [{ id: 'c', name: 'f', arguments: { x: 1 } }] };

test.each<[Reply, OpenaiQuirks, object, object]>([
  [counted, { usage: 'x_groq' }, { x_groq: { usage: { prompt_tokens: 1 } } }, { x_groq: { usage: {} } }],
  [counted, { usage: 'choice' }, { choices: [{ usage: {} }] }, { choices: [{ usage: { completion_tokens: 2 } }] }],
  [counted, { usage: 'finish' }, { usage: {} }, { usage: { completion_tokens: 2 } }],
  [counted, { usage: 'after-finish' }, { usage: {} }, { usage: {}, choices: [{ finish_reason: null }] }],
  [counted, { identity: 'odd' }, { object: 'chat.completions' }, { created: expect.any(String) }],
  [counted, { lastDelta: 'message' }, {}, { choices: [{ message: { content: 'a b' } }] }],
  [counted, { content: 'parts' }, { choices: [{ message: { content: [{ text: 'a b' }] } }] }, {}],
  [thought, { reasoning: 'thinking' }, { choices: [{ message: { thinking: 'r' } }] }, {}],
  [thought, { reasoning: { open: '<t>', close: '' } }, { choices: [{ message: { content: '<t>ra' } }] }, {}],
  [
    called,
    { toolArguments: 'object' },
    { choices: [{ message: { tool_calls: [{ function: { arguments: { x: 1 } } }] } }] },
    {},
  ],
])('%j with %j', async (reply, quirks, body, last) => {
  expect(await whole({ ...reply, quirks })).toMatchObject(body);
  expect((await streamed({ ...reply, quirks })).at(-1)).toMatchObject(last);
});

test('a tag comes in two pieces', async () => {
  const chunks = await streamed({ ...thought, quirks: { reasoning: { open: '<t>', close: '</t>' } } });
  const contents = chunks.map(({ choices }) => choices[0]?.delta.content);
  expect(contents.filter(Boolean)).toEqual(['<t', '>r', '</', 't>a']);
});

test('an error has another shape, and comes under status 200', async () => {
  const error = { status: 429, message: 'm' };
  expect(await ask({ error, quirks: { errors: 'text', errorsAsSuccess: true } })).toMatchObject({ status: 200 });
  expect(await whole({ error, quirks: { errors: 'array' } })).toMatchObject([{ error: { code: 429 } }]);
});

test('an error inside a stream stands in a field of its own', async () => {
  const fault = { kind: 'error-event', atToken: 0 } as const;
  expect((await ask({ fault, quirks: { errorEvents: 'bare' } }, { stream: true })).text).toMatch(/^error: \{/m);
});

test('a field is refused, another is known, and the key has a header of its own', async () => {
  expect((await ask({ quirks: { refuses: ['seed'] } }, { seed: 1 })).status).toBe(400);
  expect((await ask({ quirks: { accepts: ['top_k'] } }, { top_k: 1 })).status).toBe(200);
  await using strict = await startSimulator({ requireKey: 'k', quirks: { keyHeader: 'api-key' } });
  simulator.script();
  const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Hi' }] });
  const url = `${strict.baseURL.openai}/chat/completions`;
  expect((await fetch(url, { method: 'POST', body, headers: { 'api-key': 'k' } })).status).toBe(200);
  expect((await fetch(url, { method: 'POST', body })).status).toBe(401);
});
