import OpenAI, { APIError } from 'openai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from './start-simulator.ts';
import { collect } from './testing/collect.ts';

let simulator: Simulator;
let client: OpenAI;
beforeEach(async () => {
  simulator = await startSimulator();
  client = new OpenAI({ baseURL: simulator.baseURL.openai, apiKey: 'sk-anything', maxRetries: 0 });
});
afterEach(() => simulator.close());

const ASK = { model: 'gpt-4o', input: 'Hello' };
const WEATHER = {
  type: 'function' as const,
  name: 'get_weather',
  parameters: { type: 'object', properties: { city: { type: 'string' } } },
  strict: false,
};

async function refusal(request: object): Promise<unknown> {
  const error = await client.responses.create({ ...ASK, ...request } as never).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(APIError);
  return { status: error.status, ...error.error };
}

describe('a whole response', () => {
  it('repeats what was asked and counts its tokens', async () => {
    const response = await client.responses.create({ ...ASK, temperature: 0.5 });
    expect(response.id).toMatch(/^resp_[0-9a-f]{48}$/);
    expect(response.output_text).toContain('You asked: "Hello"');
    expect(response).toMatchObject({ status: 'completed', temperature: 0.5, store: true, error: null });
    const { input_tokens = 0, output_tokens = 0, total_tokens } = response.usage ?? {};
    expect(total_tokens).toBe(input_tokens + output_tokens);
    expect(output_tokens).toBeGreaterThan(0);
  });

  it('is incomplete at max_output_tokens', async () => {
    const response = await client.responses.create({ ...ASK, input: 'word '.repeat(50), max_output_tokens: 16 });
    expect(response).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } });
    expect(response.output).toMatchObject([{ type: 'message', status: 'incomplete' }]);
  });

  it('calls a tool, and takes its output', async () => {
    const first = await client.responses.create({ ...ASK, tools: [WEATHER], tool_choice: 'required' });
    const call = first.output.find((item) => item.type === 'function_call');
    expect(call).toMatchObject({ name: 'get_weather', call_id: expect.stringMatching(/^call_/) });
    const output = { type: 'function_call_output' as const, call_id: call?.call_id ?? '', output: 'sunny' };
    const input = [{ role: 'user' as const, content: 'Hello' }, ...first.output, output];
    const second = await client.responses.create({ ...ASK, input: input as never, tools: [WEATHER] });
    expect(second.output_text).toBe('The tool answered: sunny');
  });

  it('shows a summary of its reasoning, encrypted when asked', async () => {
    simulator.script({ reasoning: 'Hm, hm.', text: 'Yes.' });
    const { output } = await client.responses.create({
      ...ASK,
      store: false,
      include: ['reasoning.encrypted_content'],
    });
    expect(output).toMatchObject([
      { type: 'reasoning', summary: [{ text: 'Hm, hm.' }], encrypted_content: expect.any(String) },
      { type: 'message' },
    ]);
  });

  it('follows the format', async () => {
    const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
    const text = { format: { type: 'json_schema' as const, name: 'city', schema } };
    const response = await client.responses.create({ ...ASK, text });
    expect(Object.keys(JSON.parse(response.output_text))).toEqual(['city']);
  });
});

describe('a stream', () => {
  it('is what the whole response is', async () => {
    simulator.script({ reasoning: 'Hm.', text: 'Two words.', toolCalls: [{ name: 'f', arguments: { a: [1, 2] } }] });
    const events = await collect(await client.responses.create({ ...ASK, stream: true }));
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, at) => at));
    const whole = await client.responses.stream(ASK).finalResponse();
    expect(whole.output.map(({ type }) => type)).toEqual(['reasoning', 'message', 'function_call']);
    expect(whole.output_text).toBe('Two words.');
  });

  it('breaks off with an error event', async () => {
    simulator.script({ text: 'one two three', fault: { kind: 'error-event', atToken: 1 } });
    const stream = await client.responses.create({ ...ASK, stream: true });
    await expect(collect(stream)).rejects.toBeInstanceOf(APIError);
  });
});

describe('what OpenAI refuses', () => {
  it.each([
    [{ stop: 'x' }, { param: 'stop', code: 'unknown_parameter' }],
    [{ messages: [] }, { param: 'messages', code: 'unknown_parameter' }],
    [{ input: undefined }, { param: 'input', code: 'missing_required_parameter' }],
    [{ max_output_tokens: 3 }, { param: 'max_output_tokens', code: 'integer_below_min_value' }],
    [{ input: [{ role: 'tool', content: 'x' }] }, { param: 'input[0].role' }],
    [
      { input: [{ role: 'assistant', content: [{ type: 'input_text', text: 'x' }] }] },
      { param: 'input[0].content[0].type' },
    ],
    [{ input: [{ type: 'function_call_output', call_id: 'a', output: 'x' }] }, { param: 'input' }],
    [{ input: [{ type: 'function_call', call_id: 'a', name: 'f', arguments: '{}' }] }, { param: 'input' }],
    [{ input: [{ type: 'reasoning', id: 'rs' }] }, { param: 'input[0].summary' }],
    [{ tools: [{ type: 'function', function: { name: 'f' } }] }, { param: 'tools[0].name' }],
    [{ previous_response_id: 'resp_1' }, { code: 'previous_response_not_found' }],
    [{ model: 'gpt-5', temperature: 0.5 }, { param: 'temperature' }],
    [{ model: 'unknown-model' }, { status: 404, code: 'model_not_found' }],
  ])('%j', async (request, error) => {
    expect(await refusal(request)).toMatchObject({ status: 400, ...error });
  });
});
