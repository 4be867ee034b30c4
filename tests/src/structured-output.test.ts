import {
  type CompletionRequest,
  gather,
  InvalidRequestError,
  jsonSchema,
  type Message,
  type StructuredOutputMode,
} from '@anyllm/core';
import type { RecordedRequest, Reply } from '@anyllm/simulator';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { failure, models, simulate } from './simulated.ts';
import { ask, asWritten, berlin, city, prompt } from './structured-question.ts';

/** How a request asks for its structure. */
function modeOf({ body }: RecordedRequest): StructuredOutputMode {
  const { response_format, format, tool_choice } = body as Record<string, { type?: string } | undefined>;
  if (tool_choice !== undefined) return 'tool';
  const type = response_format?.type ?? (format as unknown);
  if (type === undefined) return 'instruction';
  return type === 'json_object' || type === 'json' ? 'json_object' : 'json_schema';
}

const refusals: Record<StructuredOutputMode, string> = {
  json_schema: "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.",
  tool: 'this model does not support tools',
  json_object: "'response_format' of type 'json_object' is not supported with this model.",
  instruction: 'no',
};

/** A server that refuses some ways, and answers the others with a text, called or written. */
function serving(text: string, refused: readonly StructuredOutputMode[] = []) {
  return (request: RecordedRequest): Reply => {
    const mode = modeOf(request);
    if (refused.includes(mode)) return { error: { status: 400, message: refusals[mode] } };
    return mode === 'tool' ? { toolCalls: [{ name: 'give_answer', arguments: text }] } : { text };
  };
}

const all = ['json_schema', 'tool', 'json_object', 'instruction'] as const;
const ways: Record<(typeof models)[number], readonly StructuredOutputMode[]> = {
  'openai/gpt-4o': all,
  'mistral/mistral-small-latest': all,
  'ollama/llama3': ['json_schema', 'json_object', 'instruction'],
};
const rungs = models.flatMap((model) => ways[model].map((mode, at) => ({ model, mode, refused: ways[model].slice(0, at) }))); // biome-ignore format: one line

describe.each(rungs)('$model by $mode', ({ model, mode, refused }) => {
  const text = mode === 'instruction' ? `Here it is:\n\`\`\`json\n${asWritten}\n\`\`\`` : asWritten;
  const isStrict = mode === 'json_schema' || mode === 'tool';

  test('a whole answer is parsed', async () => {
    const { client, simulator } = await simulate({ script: serving(text, refused) });
    const answer = await client.completion({ ...ask, model });
    expect(answer.parsed).toEqual(berlin);
    expect(answer.choices[0]?.message.parsed).toBe(answer.parsed);
    expect(answer.text).toBe(text);
    expect(answer.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: text } });
    expect(answer.choices[0]?.message).not.toHaveProperty('tool_calls');
    expect(answer.meta.structuredOutput).toEqual({ mode, strict: isStrict, repairs: 0 });
    expect(simulator.requests.map(modeOf)).toEqual([...refused, mode]);
    expect(answer.meta.attempts).toHaveLength(refused.length + 1);
  });

  test('a streamed one is, too, and before as it grows', async () => {
    const { client } = await simulate({ script: serving(text, refused) });
    const stream = await client.completion({ ...ask, model, stream: true });
    const seen: string[] = [];
    for await (const value of stream.partial()) seen.push(JSON.stringify(value));
    expect(seen.at(-1)).toBe(asWritten);
    const answer = await stream.completion();
    expect(answer.parsed).toEqual(berlin);
    expect(answer.text).toBe(text);
    expect(answer.choices[0]?.finish_reason).toBe('stop');
    expect(answer.meta.structuredOutput).toEqual({ mode, strict: isStrict, repairs: 0 });
  });
});

describe('the way', () => {
  const model = 'openai/gpt-4o';

  test('that a server has refused is not tried again for that model by that client', async () => {
    const { client, simulator } = await simulate({ script: serving(asWritten, ['json_schema']) });
    await client.completion({ ...ask, model });
    await client.completion({ ...ask, model });
    await client.completion({ ...ask, model: 'openai/gpt-4.1' });
    expect(simulator.requests.map(modeOf)).toEqual(['json_schema', 'tool', 'tool', 'json_schema', 'tool']);
  });

  test('is tried again when it was the schema that was refused', async () => {
    const refuse = { error: { status: 400, message: "Invalid schema for response_format 'x': In context=(), no." } };
    const call = { toolCalls: [{ name: 'give_answer', arguments: asWritten }] };
    const { client, simulator } = await simulate({ script: [refuse, call, { text: asWritten }] });
    await client.completion({ ...ask, model });
    await client.completion({ ...ask, model });
    expect(simulator.requests.map(modeOf)).toEqual(['json_schema', 'tool', 'json_schema']);
  });

  test('does not change for a failure of another kind', async () => {
    const script = { error: { status: 400, message: 'temperature is too high' } };
    const { client, simulator } = await simulate({ script });
    expect(await failure(client.completion({ ...ask, model }))).toBeInstanceOf(InvalidRequestError);
    expect(simulator.requests).toHaveLength(1);
  });

  test('leaves the caller their tools', async () => {
    const tools = [{ type: 'function' as const, function: { name: 'look_up', parameters: { type: 'object' } } }];
    const script = [{ toolCalls: [{ name: 'look_up', arguments: '{}' }] }, { text: asWritten }];
    const { client, simulator } = await simulate({ script });
    const called = await client.completion({ ...ask, model, tools });
    expect(called.parsed).toBeNull();
    expect(called.choices[0]?.message.tool_calls).toMatchObject([{ function: { name: 'look_up' } }]);
    expect((await client.completion({ ...ask, model, tools })).parsed).toEqual(berlin);
    expect(simulator.requests[0]?.body).toMatchObject({ tools, response_format: { type: 'json_schema' } });
  });

  test('beside tools of the caller is never a tool', async () => {
    const tools = [{ type: 'function' as const, function: { name: 'look_up' } }];
    const { client, simulator } = await simulate({ script: serving(asWritten, ['json_schema']) });
    const { meta } = await client.completion({ ...ask, model, tools });
    expect(meta.structuredOutput?.mode).toBe('json_object');
    expect(simulator.requests[1]?.body?.tools).toEqual(tools);
  });

  test('by words adds them to the first system message, or makes one', async () => {
    const { client, simulator } = await simulate({ script: serving(asWritten, ['json_schema', 'tool']) });
    const question = { role: 'user' as const, content: prompt };
    const ask = async (messages: Message[]) => {
      await client.completion({ messages, model, response_format: city });
      return simulator.requests.at(-1)?.body?.messages;
    };
    const system = { role: 'system', content: expect.stringMatching(/^Answer with a single JSON object .*"mayor"/s) };
    expect(await ask([question])).toEqual([system, question]);
    const brief = { role: 'system', content: expect.stringMatching(/^Be brief\n\nAnswer with/) };
    expect(await ask([{ role: 'system', content: 'Be brief' }, question])).toEqual([brief, question]);
  });

  test('is not strict where the schema cannot be', async () => {
    const response_format = z.object({ areas: z.record(z.string(), z.number()) });
    const { client, simulator } = await simulate({ script: { text: '{"areas":{"Berlin":9}}' } });
    const answer = await client.completion({ prompt, model, response_format });
    expect(answer.parsed).toEqual({ areas: { Berlin: 9 } });
    expect(answer.meta.structuredOutput).toMatchObject({ mode: 'json_schema', strict: false });
    expect(simulator.requests[0]?.body).toMatchObject({ response_format: { json_schema: { strict: false } } });
  });

  test('is the strict schema, which a strict server takes', async () => {
    const part = z.object({ kind: z.literal('part'), name: z.string().min(2), url: z.url().optional() });
    const response_format = z.object({
      part: part.optional(),
      either: z.discriminatedUnion('kind', [part, z.object({ kind: z.literal('none') })]),
      pair: z.tuple([z.string(), z.number()]).optional(),
      get children() {
        return z.array(response_format).optional();
      },
    });
    const { client } = await simulate();
    const answer = await failure(client.completion({ prompt, model, response_format }));
    // The made-up answer says "…" for every text: taken by the server, and then checked by the whole schema.
    expect(answer).toMatchObject({
      code: 'invalid_output',
      partial: { meta: { structuredOutput: { mode: 'json_schema', strict: true } } },
    });
  });
});

describe('a schema', () => {
  const model = 'openai/gpt-4o';

  test.each([
    ['a list', z.array(z.string()), '{"value":["a","b"]}', ['a', 'b']],
    ['a union', z.union([z.object({ a: z.string() }), z.object({ b: z.number() })]), '{"value":{"b":5}}', { b: 5 }],
    ['a scalar', z.enum(['yes', 'no']), '{"value":"yes"}', 'yes'],
  ])('of %s is asked for in an object', async (_, response_format, text, parsed) => {
    const { client } = await simulate({ script: { text } });
    expect((await client.completion({ prompt, model, response_format })).parsed).toEqual(parsed);
    const stream = await client.completion({ prompt, model, response_format, stream: true });
    const values: unknown[] = [];
    for await (const value of stream.partial()) values.push(value);
    expect(values.at(-1)).toEqual(parsed);
    expect((await stream.completion()).parsed).toEqual(parsed);
  });

  test('transforms and fills in', async () => {
    const response_format = z.object({ at: z.iso.date().transform((text) => new Date(text)), unit: z.string().default('km') }); // biome-ignore format: one line
    const { client } = await simulate({ script: { text: '{"at":"2026-01-02","unit":null}' } });
    const { parsed } = await client.completion({ prompt, model, response_format });
    expect(parsed).toEqual({ at: new Date('2026-01-02'), unit: 'km' });
  });

  test('of plain JSON Schema is checked as well', async () => {
    const schema = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] };
    const { client } = await simulate({ script: { text: '{"name":5}' } });
    const request = { prompt, model, response_format: jsonSchema<{ name: string }>(schema) } as const;
    expect(await failure(client.completion(request))).toMatchObject({
      issues: [{ path: 'name', message: 'must be string' }],
    });
  });

  test('in the form of OpenAI is sent as it is, and not read', async () => {
    const { client, simulator } = await simulate({ script: { text: 'no JSON' } });
    const json_schema = { name: 'x', schema: { type: 'array' } };
    const request: CompletionRequest = { prompt, model, response_format: { type: 'json_schema', json_schema } };
    const answer = await client.completion(request as CompletionRequest<typeof model>);
    expect(answer).not.toHaveProperty('parsed');
    expect(simulator.requests[0]?.body?.response_format).toEqual(request.response_format);
  });

  test('that JSON Schema cannot say is refused before the network', async () => {
    const { client, simulator } = await simulate();
    const response_format = z.object({ at: z.date() });
    const refused = await failure(client.completion({ prompt, model, response_format }));
    expect(refused).toMatchObject({ code: 'invalid_request', path: 'response_format' });
    expect(simulator.requests).toHaveLength(0);
  });

  test('goes through gather, stream or not', async () => {
    const { client } = await simulate({ script: { text: asWritten } });
    const [whole, streamed] = await client.gather([
      { ...ask, model },
      { ...ask, model, stream: true },
    ]);
    expect([whole.parsed, streamed.parsed]).toEqual([berlin, berlin]);
    await expect(gather([{ ...ask, model: 'nowhere/x' }])).rejects.toMatchObject({ code: 'provider_not_found' });
  });
});

test('leaving the partial values closes the socket', async () => {
  const tokens = ['{"name":"', ...new Array(200).fill('x')];
  const { client, simulator } = await simulate({ script: { tokens, latency: { tokenMs: 5 } } });
  const stream = await client.completion({ ...ask, model: 'openai/gpt-4o', stream: true });
  for await (const value of stream.partial()) if (value.name) break;
  await simulator.waitFor(([request]) => request?.aborted === true);
});
