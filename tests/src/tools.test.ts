import { setTimeout as delay } from 'node:timers/promises';
import {
  InvalidOutputError,
  InvalidRequestError,
  jsonSchema,
  RateLimitError,
  type RunToolsOptions,
  TimeoutError,
  type ToolEvent,
  tool,
} from '@anyllm/core';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { eventually, failure, models, simulate } from './simulated.ts';

const weather = tool({
  name: 'weather',
  description: 'The weather in a city.',
  parameters: z.object({ city: z.string() }),
  execute: ({ city }) => `${city}: sunny`,
});
const clock = tool({ name: 'clock', execute: () => ({ hour: 12 }) });
const prompt = 'What is the weather in Rome?';

const call = (name: string, args: object | string = {}) => ({ name, arguments: args });
const calls = (...toolCalls: ReturnType<typeof call>[]) => ({ toolCalls });
const answer = { text: 'It is sunny.' };

describe.each(models)('%s', (model) => {
  describe.each([false, true])('stream: %s', (stream) => {
    const start = async (script: object[], options: Partial<RunToolsOptions<never>> = {}) => {
      const { client, simulator } = await simulate({ script });
      const run = client.runTools({ model, prompt, stream } as never, { tools: [weather, clock], ...options });
      return { simulator, run };
    };

    test('calls are run, their results go back, and the answer comes with every step', async () => {
      const { run, simulator } = await start([
        calls(call('weather', { city: 'Rome' }), call('clock')),
        calls(call('weather', { city: 'Oslo' })),
        answer,
      ]);
      const result = await run;
      expect(result).toMatchObject({ stopped: 'answered', text: 'It is sunny.', pending: [] });
      expect(result.steps.map(({ results }) => results.map(({ message }) => message.content))).toEqual([
        ['Rome: sunny', '{"hour":12}'],
        ['Oslo: sunny'],
        [],
      ]);
      expect(result.messages.map(({ role }) => role)).toEqual(
        'user assistant tool tool assistant tool assistant'.split(' '),
      );
      const total = result.steps.reduce((sum, { completion }) => sum + (completion.usage?.total_tokens ?? 0), 0);
      expect(result.usage?.total_tokens).toBe(total);
      expect(simulator.requests).toHaveLength(3);
      expect(simulator.requests.map(({ body }) => [body?.tools].flat().length)).toEqual([2, 2, 2]);
    });

    test('the messages of a run can be sent again', async () => {
      const { run, simulator } = await start([calls(call('weather', { city: 'Rome' })), answer, answer]);
      const { messages } = await run;
      const { client } = await simulate();
      await client.completion({ model, messages: [...messages, { role: 'user', content: 'And tomorrow?' }] });
      expect(simulator.requests).toHaveLength(2);
    });

    test('an abort while a tool runs rejects with the reason, aborts the tool, and keeps what was done', async () => {
      const controller = new AbortController();
      let seen: AbortSignal | undefined;
      const slow = tool({
        name: 'slow',
        execute: (_, { signal }) => {
          seen = signal;
          return new Promise(() => {}); // ignores it
        },
      });
      const { run } = await start([calls(call('weather', { city: 'Rome' }), call('slow'))], {
        tools: [weather, slow],
        signal: controller.signal,
      });
      const rejected = failure(run);
      await eventually(() => seen !== undefined && run.steps.length === 1);
      await delay(20);
      controller.abort(new Error('enough'));
      expect(await rejected).toEqual(new Error('enough'));
      expect(seen?.aborted).toBe(true);
      expect(run.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool']);
    });

    test('an abort while the model answers closes the socket', async () => {
      const controller = new AbortController();
      const { run, simulator } = await start([{ fault: { kind: 'silence' } }], { signal: controller.signal });
      const rejected = failure(run);
      await simulator.waitFor(1);
      controller.abort(new Error('enough'));
      expect(await rejected).toEqual(new Error('enough'));
      await eventually(() => simulator.requests[0]?.aborted === true);
    });
  });
});

describe('a run', () => {
  const model = 'openai/gpt-4o';
  const start = async (script: object[], options: Partial<RunToolsOptions<never>> = {}) => {
    const { client, simulator } = await simulate({ script });
    const run = client.runTools({ model, prompt }, { tools: [weather, clock], ...options });
    return { simulator, run, client };
  };

  test.each([
    ['arguments that do not fit', call('weather', { town: 'Rome' }), /do not fit the schema.*city/s],
    ['arguments that are no JSON', call('weather', '{"city":'), /not valid JSON/],
    ['an unknown tool', call('wether', {}), /no such tool; there are: weather, clock/],
  ])('%s are told to the model, which may do better', async (_, bad, told) => {
    const { run } = await start([calls(bad), calls(call('weather', { city: 'Rome' })), answer]);
    const { steps, stopped } = await run;
    expect(steps[0]?.results[0]).toMatchObject({
      status: 'invalid',
      message: { content: expect.stringMatching(told) },
    });
    expect(steps[1]?.results[0]?.status).toBe('fulfilled');
    expect(stopped).toBe('answered');
  });

  test('a model that calls in vain again and again is not asked for ever', async () => {
    const script = Array.from({ length: 9 }, () => calls(call('weather', {})));
    const { run, simulator } = await start(script, { maxInvalidCalls: 2 });
    const error = await failure(run);
    expect(error).toBeInstanceOf(InvalidOutputError);
    expect((error as Error).message).toContain('3 calls of tools in a row could not be run (maxInvalidCalls: 2)');
    expect(simulator.requests).toHaveLength(3);
    expect(run.steps).toHaveLength(3);
  });

  test('a tool that throws, or returns what JSON cannot say, becomes a result', async () => {
    const failing = tool({ name: 'failing', execute: () => Promise.reject(new Error('no such file')) });
    const strange = tool({ name: 'strange', execute: () => 1n });
    const { run } = await start([calls(call('failing'), call('strange')), answer], { tools: [failing, strange] });
    const { steps } = await run;
    expect(steps[0]?.results.map(({ status }) => status)).toEqual(['failed', 'failed']);
    expect(steps[0]?.results[0]).toMatchObject({ message: { content: 'Error: no such file' } });
  });

  test('a tool that ignores its signal is left behind at its time-out', async () => {
    const slow = tool({ name: 'slow', timeout: 30, execute: () => new Promise(() => {}) });
    const { run } = await start([calls(call('slow'), call('clock')), answer], { tools: [slow, clock] });
    const { steps } = await run;
    expect(steps[0]?.results.map(({ status }) => status)).toEqual(['timed_out', 'fulfilled']);
    expect(steps[0]?.results[0]?.message.content).toBe('Error: the tool did not finish within 30 ms.');
  });

  test('parallel calls run at once, as many as the limit says, and their results keep the order of the calls', async () => {
    let running = 0;
    let most = 0;
    const counted = tool({
      name: 'counted',
      parameters: jsonSchema<{ at: number }>({ type: 'object', properties: { at: { type: 'integer' } } }),
      execute: async ({ at }) => {
        most = Math.max(most, ++running);
        await delay(20 - 2 * at);
        running--;
        return at;
      },
    });
    const script = [calls(...Array.from({ length: 7 }, (_, at) => call('counted', { at }))), answer];
    const { run } = await start(script, { tools: [counted], concurrency: 3 });
    const { steps } = await run;
    expect(steps[0]?.results.map(({ value }) => value)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(most).toBe(3);
  });

  test.each([
    [{ maxSteps: 2 }, 'max_steps', 2],
    [{ maxCalls: 1 }, 'max_calls', 2],
    [{ maxTokens: 1 }, 'max_tokens', 1],
  ] as const)('%o ends it with the open calls, from which another run goes on', async (bound, stopped, asked) => {
    const script = [calls(call('clock')), calls(call('weather', { city: 'Rome' })), answer];
    const { run, simulator, client } = await start(script, bound);
    const first = await run;
    expect(first).toMatchObject({ stopped, pending: [{ function: { name: asked === 1 ? 'clock' : 'weather' } }] });
    expect(simulator.requests).toHaveLength(asked);
    const { messages } = first;
    const second = await client.runTools({ model, messages }, { tools: [weather, clock] });
    expect(second).toMatchObject({ stopped: 'answered', pending: [] });
    expect(simulator.requests).toHaveLength(3);
  });

  test('a plain tool is the caller’s to run: the others run, and its call is handed over', async () => {
    const plain = { type: 'function', function: { name: 'ask_human', parameters: { type: 'object' } } } as const;
    const { run, client } = await start([calls(call('clock'), call('ask_human')), answer], { tools: [clock, plain] });
    const { pending, stopped, messages, steps } = await run;
    expect(stopped).toBe('caller_tool');
    expect(pending).toMatchObject([{ function: { name: 'ask_human' } }]);
    expect(steps[0]?.results).toMatchObject([{ value: { hour: 12 } }]);
    const open = client.runTools({ model, messages }, { tools: [clock, plain] });
    expect(await failure(open)).toMatchObject({ code: 'invalid_request', path: 'messages' });
    const told = { role: 'tool', tool_call_id: pending[0]?.id ?? '', content: 'Yes.' } as const;
    const next = await client.runTools({ model, messages: [...messages, told] }, { tools: [clock, plain] });
    expect(next.stopped).toBe('answered');
  });

  test('a call that is not approved does not run, and the model is told why', async () => {
    const execute = vi.fn();
    const erase = tool({ name: 'erase', parameters: z.object({ file: z.string() }), execute });
    const { run } = await start([calls(call('erase', { file: 'a' }), call('clock')), answer], {
      tools: [erase, clock],
      approve: ({ tool: { name }, arguments: args }) =>
        name === 'clock' || `not ${(args as { file: string }).file}, please`,
    });
    const { steps } = await run;
    expect(execute).not.toHaveBeenCalled();
    expect(steps[0]?.results).toMatchObject([
      { status: 'denied', message: { content: 'The call was not allowed: not a, please' } },
      { status: 'fulfilled' },
    ]);
  });

  test('its time limit bounds it all, a tool that does not end included', async () => {
    const slow = tool({ name: 'slow', execute: () => new Promise(() => {}) });
    const { run } = await start([calls(call('slow'))], { tools: [slow], deadline: 80 });
    const error = await failure(run);
    expect(error).toBeInstanceOf(TimeoutError);
    expect((error as Error).message).toBe('the run did not finish within 80 ms (deadline)');
    expect(run.steps).toHaveLength(1);
  });

  test('a failed call ends it with its error, after the retries that the call has', async () => {
    const { run, simulator } = await start([calls(call('clock')), { status: 429 }, { status: 429 }], { retries: 1 });
    expect(await failure(run)).toBeInstanceOf(RateLimitError);
    expect(simulator.requests).toHaveLength(3);
    expect(run.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool']);
  });

  test('every step is told, and what `onStep` throws ends it', async () => {
    const seen: number[] = [];
    const { run } = await start([calls(call('clock')), calls(call('clock')), answer], {
      onStep: ({ index }) => {
        seen.push(index);
        if (index === 1) throw new Error('stop');
      },
    });
    expect(await failure(run)).toEqual(new Error('stop'));
    expect(seen).toEqual([0, 1]);
  });

  test('a strict tool is sent closed, and an optional argument that comes as null is absent', async () => {
    const execute = vi.fn(() => 'ok');
    const find = tool({
      name: 'find',
      strict: true,
      parameters: z.object({ word: z.string(), limit: z.optional(z.number()) }),
      execute,
    });
    const { run, simulator } = await start([calls(call('find', { word: 'a', limit: null })), answer], {
      tools: [find],
    });
    await run;
    expect(execute.mock.calls[0]).toMatchObject([{ word: 'a' }, { callId: expect.any(String), name: 'find', step: 0 }]);
    expect(simulator.requests[0]?.body?.tools).toMatchObject([
      { function: { strict: true, parameters: { required: ['word', 'limit'], additionalProperties: false } } },
    ]);
  });

  test.each([
    [{ tools: [] }, 'options.tools'],
    [{ tools: [clock, clock] }, 'options.tools[1]'],
    [{ maxSteps: 0 }, 'options.maxSteps'],
    [{ deadline: -1 }, 'options.deadline'],
    [{ deadline: Date.UTC(2030, 0) }, 'options.deadline'],
    [{ concurrency: 1.5 }, 'options.concurrency'],
    [{ onStep: 5 as never }, 'options.onStep'],
    [{ maxStep: 5 } as never, 'options.maxStep'],
  ])('%o rejects with its path', async (options, path) => {
    const { client, simulator } = await simulate();
    const run = client.runTools({ model, prompt }, { tools: [clock], ...options });
    expect(await failure(run)).toMatchObject({ code: 'invalid_request', path });
    expect(simulator.requests).toEqual([]);
  });
});

describe('a streamed run', () => {
  const model = 'openai/gpt-4o';
  let simulated: Awaited<ReturnType<typeof simulate>>;
  beforeEach(async () => {
    const script = [{ ...calls(call('clock')), text: 'Let me look.' }, answer];
    simulated = await simulate({ script });
  });
  const start = () => simulated.client.runTools({ model, prompt, stream: true }, { tools: [clock] });

  test('shows chunks, results and steps as they come', async () => {
    const types: ToolEvent['type'][] = [];
    const run = start();
    for await (const { type } of run) if (types.at(-1) !== type) types.push(type);
    expect(types).toEqual(['chunk', 'tool_result', 'step', 'chunk', 'step']);
    expect((await run).text).toBe('It is sunny.');
  });

  test('gives the text of all steps', async () => {
    let text = '';
    for await (const piece of start().text()) text += piece;
    expect(text).toBe('Let me look.It is sunny.');
  });

  test('can be awaited without being read', async () => {
    expect((await start()).steps).toHaveLength(2);
  });

  test('is read once', async () => {
    const run = start();
    for await (const _ of run);
    expect(() => run[Symbol.asyncIterator]()).toThrow(InvalidRequestError);
  });

  test('closes its socket when its reader leaves, and rejects for those who wait for the result', async () => {
    simulated.simulator.script([{ text: 'word '.repeat(200), latency: { tokenMs: 5 } }]);
    const run = start();
    for await (const _ of run) break;
    await eventually(() => simulated.simulator.requests[0]?.aborted === true);
    expect(await failure(run)).toMatchObject({ name: 'AbortError' });
  });
});

test.each([
  [{ name: 'a b', execute() {} }, 'tool.name'],
  [{ name: 'a' }, 'tool.execute'],
  [{ name: 'a', execute() {}, parameters: { type: 'object' } }, 'tool.parameters'],
  [{ name: 'a', execute() {}, timeout: 0 }, 'tool.timeout'],
  [{ name: 'a', execute() {}, descripton: 'a' }, 'tool.descripton'],
])('tool(%o) is refused', (definition, path) => {
  expect(() => tool(definition as never)).toThrow(expect.objectContaining({ code: 'invalid_request', path }));
});

test('arguments without names are refused before the network', async () => {
  const { client, simulator } = await simulate();
  const scalar = tool({ name: 'a', parameters: z.string(), execute: () => 1 });
  const error = await failure(client.runTools({ model: 'openai/any', prompt: 'Hi' }, { tools: [scalar] }));
  expect(error).toMatchObject({ code: 'invalid_request', path: 'options.tools[0].parameters' });
  expect(simulator.requests).toHaveLength(0);
});

test('a tool that belongs into a run is refused elsewhere, with what to do', async () => {
  const { client, simulator } = await simulate();
  const tools = [tool({ name: 'now', execute: () => 'noon' })] as never;
  const model = 'openai/any';
  const messages = [{ role: 'user' as const, content: 'Hi' }];
  const calls = [
    client.completion({ model, messages, tools }),
    client.completion({ model, messages, tools, stream: true }),
    client.messages({ model, messages, tools, max_tokens: 5 }),
    client.responses({ model, input: 'Hi', tools }),
    client.countTokens({ model, messages, tools }),
  ];
  for (const call of calls) {
    expect(await failure(call)).toMatchObject({
      code: 'invalid_request',
      path: 'tools[0]',
      message: expect.stringContaining('`tools[0]` was made by `tool`: pass it to `runTools`'),
    });
  }
  expect(simulator.requests).toHaveLength(0);
});
