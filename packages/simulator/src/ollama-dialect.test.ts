import { Ollama } from 'ollama';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from './start-simulator.ts';
import { collect } from './testing/collect.ts';

let simulator: Simulator;
let client: Ollama;
beforeEach(async () => {
  simulator = await startSimulator();
  client = new Ollama({ host: simulator.baseURL.ollama });
});
afterEach(() => simulator.close());

// Frozen, because the client writes `stream` into the request that it is given.
const ASK = Object.freeze({ model: 'llama3', messages: [{ role: 'user', content: 'Hello' }] });
const WEATHER = {
  type: 'function',
  function: { name: 'get_weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
};

async function linesOf(request: object = {}) {
  return collect(await client.chat({ ...ASK, ...request, stream: true }));
}

async function refusal(body: object) {
  const response = await fetch(`${simulator.baseURL.ollama}/api/chat`, { method: 'POST', body: JSON.stringify(body) });
  return [response.status, ((await response.json()) as { error: string }).error];
}

describe('a whole answer', () => {
  it('repeats what was asked, with durations in nanoseconds', async () => {
    const answer = await client.chat({ ...ASK });
    expect(answer).toMatchObject({ model: 'llama3', done: true, done_reason: 'stop' });
    expect(answer.message.content).toContain('You asked: "Hello"');
    expect(answer.eval_duration).toBe(answer.eval_count * 10_000_000);
  });

  it('ends with length at num_predict', async () => {
    const answer = await client.chat({ ...ASK, options: { num_predict: 3 } });
    expect(answer).toMatchObject({ done_reason: 'length', eval_count: 3 });
  });

  it('thinks when told to', async () => {
    expect((await client.chat({ ...ASK, think: true })).message.thinking).toBeTruthy();
    expect((await client.chat({ ...ASK })).message.thinking).toBeUndefined();
  });

  it('is JSON of the schema that was given', async () => {
    const format = { type: 'object', properties: { sunny: { type: 'boolean' } } };
    expect(JSON.parse((await client.chat({ ...ASK, format })).message.content)).toEqual({ sunny: true });
  });

  it('only loads the model without messages', async () => {
    expect(await client.chat({ model: 'llama3' })).toMatchObject({ done_reason: 'load' });
  });
});

describe('a stream', () => {
  it('is the default, one JSON object a line', async () => {
    const response = await fetch(`${simulator.baseURL.ollama}/api/chat`, { method: 'POST', body: JSON.stringify(ASK) });
    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
    const lines = (await response.text()).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).done)).toEqual([...lines.slice(1).map(() => false), true]);
  });

  it('has thinking before content and metrics at its end', async () => {
    simulator.script({ reasoning: 'Hm', tokens: ['Hi', ' you'], usage: { prompt: 3, completion: 4 } });
    const lines = await linesOf();
    expect(lines.map(({ message }) => message.thinking ?? message.content)).toEqual(['Hm', 'Hi', ' you', '']);
    expect(lines.at(-1)).toMatchObject({ done: true, prompt_eval_count: 3, eval_count: 4 });
  });

  it('brings tool calls whole, with arguments as an object', async () => {
    const spoken = [{ role: 'user', content: 'Please use get_weather' }];
    const lines = await linesOf({ messages: spoken, tools: [WEATHER] });
    expect(lines[0]?.message.tool_calls).toMatchObject([
      { function: { name: 'get_weather', arguments: { city: 'city' } } },
    ]);
    expect(lines.at(-1)?.done_reason).toBe('stop');
  });

  it('holds log probabilities when asked', async () => {
    simulator.script({ tokens: ['a', 'b'], logprobs: [-0.5, -0.25] });
    const lines = await linesOf({ logprobs: true, top_logprobs: 1 });
    expect(lines.map(({ logprobs }) => logprobs?.[0]?.logprob)).toEqual([-0.5, -0.25, undefined]);
    expect(lines[1]?.logprobs?.[0]?.top_logprobs?.[0]?.token).toBe('b');
  });

  it('throws in the client at an error line', async () => {
    simulator.script({
      text: 'Hello there',
      fault: { kind: 'error-event', atToken: 1, error: { message: 'It broke' } },
    });
    await expect(linesOf()).rejects.toThrow('It broke');
  });
});

describe('a request is refused', () => {
  const says = (message: object) => ({ ...ASK, messages: [{ role: 'user', content: '', ...message }] });
  const called = { function: { name: 'f', arguments: '{}' } };

  it.each([
    ['without a model', {}, 400, 'model is required'],
    ['for an unknown model', { ...ASK, model: 'unknown' }, 404, "model 'unknown' not found"],
    ['with content parts', says({ content: [] }), 400, 'cannot unmarshal array'],
    ['with arguments as a string', says({ tool_calls: [called] }), 400, 'cannot unmarshal string'],
    [
      'with the URL of an image',
      says({ images: ['data:image/png;base64,AA=='] }),
      400,
      'illegal base64 data at input byte 4',
    ],
    ['with an unknown format', { ...ASK, format: 'xml' }, 400, 'invalid format'],
    ['with an unknown level of thinking', { ...ASK, think: 'hard' }, 400, 'invalid think value'],
    ['with a duration without a unit', { ...ASK, keep_alive: '300' }, 400, 'missing unit in duration'],
    ['with a single stop word', { ...ASK, options: { stop: 'x' } }, 400, 'option "stop" must be of type array'],
    ['with text for a number', { ...ASK, options: { top_k: '4' } }, 400, 'option "top_k" must be of type integer'],
  ])('%s', async (_, request, status, text) => {
    expect(await refusal(request)).toEqual([status, expect.stringContaining(text)]);
  });

  it('not with fields that it does not know', async () => {
    await expect(client.chat({ ...ASK, seed: 1 } as typeof ASK)).resolves.toMatchObject({ done: true });
  });

  it('as the client understands it', async () => {
    simulator.script({ status: 503 });
    await expect(client.chat({ ...ASK })).rejects.toMatchObject({ status_code: 503, error: /server busy/ });
  });

  it('never for want of a key', async () => {
    await using locked = await startSimulator({ requireKey: true });
    await expect(new Ollama({ host: locked.baseURL.ollama }).chat({ ...ASK })).resolves.toMatchObject({ done: true });
  });
});

describe('other endpoints', () => {
  it('list models, show one and give the version', async () => {
    expect((await client.list()).models[0]).toMatchObject({ name: 'llama3:latest', details: { format: 'gguf' } });
    expect((await client.show({ model: 'llama3' })).capabilities).toContain('tools');
    expect((await client.version()).version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it('embed texts as vectors of length 1, none for none', async () => {
    const { embeddings } = await client.embed({ model: 'nomic-embed-text', input: ['a', 'b'] });
    expect(Math.hypot(...(embeddings[1] ?? []))).toBeCloseTo(1);
    expect((await client.embed({ model: 'nomic-embed-text', input: [] })).embeddings).toEqual([]);
  });

  it('say that the server is alive, and that a page is not there', async () => {
    expect(await (await fetch(`${simulator.baseURL.ollama}/`)).text()).toBe('Ollama is running');
    expect(await (await fetch(`${simulator.baseURL.ollama}/api/nothing`)).text()).toBe('404 page not found');
  });
});
