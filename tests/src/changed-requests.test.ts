import {
  type CallOptions,
  type Client,
  createClient,
  jsonSchema,
  type Message,
  type Provider,
  tool,
} from '@anyllm/core';
import { createOpenAI } from '@anyllm/provider-openai';
import { createVendor } from '@anyllm/provider-openai-compatible';
import { startSimulator } from '@anyllm/simulator';
import { expect, onTestFinished, test } from 'vitest';

async function start() {
  const simulator = await startSimulator();
  onTestFinished(() => simulator.close());
  const settings = { baseURL: simulator.baseURL.openai, apiKey: 'key' };
  const providers: Provider[] = [createOpenAI(settings), createVendor('vllm', settings)];
  return { client: createClient({ retries: 0, providers }), simulator };
}

/** Asks again and again with one request, into which it writes the next text. */
type Program = (client: Client, options: CallOptions) => (text: string) => PromiseLike<unknown>;

function program<Request>(
  make: () => Request,
  write: (request: Request, text: string) => unknown,
  ask: (client: Client, request: Request, options: CallOptions) => PromiseLike<unknown>,
): Program {
  return (client, options) => {
    const request = make();
    return (text) => {
      write(request, text);
      return ask(client, request, options);
    };
  };
}

const model = 'openai/gpt-4o';
const wav = new File(['bytes'], 'sound.wav', { type: 'audio/wav' });
const png = new File(['bytes'], 'picture.png', { type: 'image/png' });
const anything = jsonSchema({ type: 'object', properties: {}, additionalProperties: false });
const weather = tool({ name: 'weather', execute: () => 'sunny' });

const messages = (): Message[] => [];
const prompt = (request: { prompt: string }, text: string) => Object.assign(request, { prompt: text });
const input = (request: { input: string }, text: string) => Object.assign(request, { input: text });
const inputs = (request: { input: string[] }, text: string) => request.input.splice(0, 1, text);
const message = (request: { messages: Message[] }, text: string) =>
  request.messages.splice(0, 1, { role: 'user', content: text });

const programs: Record<string, Program> = {
  completion: program(
    () => ({ model, prompt: '' }),
    prompt,
    (client, ...asked) => client.completion(...asked),
  ),
  conversation: program(
    () => ({ model, messages: messages() }),
    message,
    (client, ...asked) => client.completion(...asked),
  ),
  'completion with a seed': program(
    () => ({ model, prompt: '', seed: 1 }),
    prompt,
    (client, ...asked) => client.completion(...asked),
  ),
  'conversation with a seed': program(
    () => ({ model, messages: messages(), seed: 1 }),
    message,
    (client, ...asked) => client.completion(...asked),
  ),
  'streamed conversation': program(
    () => ({ model, messages: messages(), stream: true as const }),
    message,
    async (client, ...asked) => (await client.completion(...asked)).completion(),
  ),
  'conversation with a schema': program(
    () => ({ model, messages: messages(), response_format: anything }),
    message,
    (client, ...asked) => client.completion(...asked),
  ),
  'run with tools': program(
    () => ({ model, messages: messages() }),
    message,
    (client, request, options) => client.runTools(request, { ...options, tools: [weather] }),
  ),
  embedding: program(
    () => ({ model, input: [''] }),
    inputs,
    (client, ...asked) => client.embedding(...asked),
  ),
  'streamed embedding': program(
    () => ({ model, input: [''] }),
    inputs,
    (client, ...asked) =>
      client.embedding
        .stream(...asked)
        [Symbol.asyncIterator]()
        .next(),
  ),
  moderation: program(
    () => ({ model, input: [''] }),
    inputs,
    (client, ...asked) => client.moderation(...asked),
  ),
  reranking: program(
    () => ({ model: 'vllm/m', query: 'what', documents: [''] }),
    (request, text) => request.documents.splice(0, 1, text),
    (client, ...asked) => client.rerank(...asked),
  ),
  'count of tokens': program(
    () => ({ model, messages: messages() }),
    message,
    (client, ...asked) => client.countTokens(...asked),
  ),
  message: program(
    () => ({ model, messages: [{ role: 'user' as const, content: '' }], max_tokens: 9 }),
    (request, text) => request.messages.splice(0, 1, { role: 'user', content: text }),
    (client, ...asked) => client.messages(...asked),
  ),
  response: program(
    () => ({ model, input: '' }),
    input,
    (client, ...asked) => client.responses(...asked),
  ),
  picture: program(
    () => ({ model, prompt: '' }),
    prompt,
    (client, ...asked) => client.imageGeneration(...asked),
  ),
  'edited picture': program(
    () => ({ model, prompt: '', images: png }),
    prompt,
    (client, ...asked) => client.imageEdit(...asked),
  ),
  speech: program(
    () => ({ model, input: '', voice: 'alloy' }),
    input,
    (client, ...asked) => client.speech(...asked),
  ),
  transcription: program(
    () => ({ model, prompt: '', file: wav }),
    prompt,
    (client, ...asked) => client.transcription(...asked),
  ),
};

test.each(Object.entries(programs))('%s: each call asks what its request and options held', async (_, begin) => {
  const { client, simulator } = await start();
  const headers: Record<string, string> = {};
  const ask = begin(client, { headers });
  const askAll = (texts: string[]) => {
    const calls = texts.map((text) => {
      headers['x-text'] = text;
      return ask(text);
    });
    return Promise.all(calls);
  };
  await askAll(['text-1', 'text-2', 'text-3']); // the first of their kind wait until their code is loaded
  await askAll(['text-4', 'text-5']);
  const asked = simulator.requests.map(({ text, headers }) => [/text-\d/.exec(text)?.[0], headers['x-text']]);
  expect(asked.toSorted()).toEqual([1, 2, 3, 4, 5].map((n) => [`text-${n}`, `text-${n}`]));
});

test('a comparison asks what its request and options held', async () => {
  const { client, simulator } = await start();
  const request = { prompt: 'text-1' };
  const options = { models: [model] };
  const first = client.compare(request, options);
  request.prompt = 'text-2';
  options.models.push('openai/gpt-4o-mini');
  await Promise.all([first, client.compare(request, options)]);
  const asked = simulator.requests.map(({ body, text }) => [/text-\d/.exec(text)?.[0], body?.model]);
  expect(asked.toSorted()).toEqual([
    ['text-1', 'gpt-4o'],
    ['text-2', 'gpt-4o'],
    ['text-2', 'gpt-4o-mini'],
  ]);
});

test('a run has the tools that it was given', async () => {
  const { client, simulator } = await start();
  const tools = [weather];
  const run = client.runTools({ model, prompt: 'Hi' }, { tools });
  tools.push(tool({ name: 'time', execute: () => 'noon' }));
  await run;
  expect(simulator.requests[0]?.body?.tools).toMatchObject([{ function: { name: 'weather' } }]);
});

class History extends Array<Message> {
  constructor(first: Message) {
    super();
    this.push({ ...first });
  }
}

test.each([{}, { seed: 1 }])('a conversation may be of a class of its own, with %o', async (more) => {
  const { client, simulator } = await start();
  const messages = new History({ role: 'user', content: 'Hi' });
  await client.completion({ model, messages, ...more });
  expect(simulator.requests[0]?.body?.messages).toEqual([{ role: 'user', content: 'Hi' }]);
});
