import {
  AuthenticationError,
  type ChatCompletionChunk,
  type CompletionRequest,
  ConnectionError,
  ContextLengthExceededError,
  createClient,
  InvalidRequestError,
  ModelNotFoundError,
  OverloadedError,
  PermissionDeniedError,
  ProviderError,
  RateLimitError,
  ResponseParseError,
  StreamInterruptedError,
  type Tool,
  UnsupportedParameterError,
} from '@anyllm/core';
import '@anyllm/provider-ollama';
import { type Fault, type Reply, type Simulator, startSimulator } from '@anyllm/simulator';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

let simulator: Simulator;
beforeEach(async () => {
  vi.stubEnv('OLLAMA_API_KEY', '');
  simulator = await startSimulator();
  vi.stubEnv('OLLAMA_HOST', simulator.baseURL.ollama);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await simulator.close();
});

const weather: Tool = {
  type: 'function',
  function: { name: 'get_weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
};

/** Asks once: these tests look at single attempts. */
const { completion } = createClient({ retries: 0 });

type Request = Partial<CompletionRequest> & { prompt?: string };

const ask = (request: Request = {}) =>
  completion({
    model: 'ollama/llama3:8b',
    ...(!request.messages && { prompt: 'Hello' }),
    ...request,
    stream: false,
  } as CompletionRequest & {
    stream: false;
  });

const askStream = (request: Request = {}) =>
  completion({
    model: 'ollama/llama3:8b',
    ...(!request.messages && { prompt: 'Hello' }),
    ...request,
    stream: true,
  } as CompletionRequest & {
    stream: true;
  });

/** Both ways to the same answer. */
const ways = [
  ['whole', ask],
  ['streamed', async (request?: Request) => (await askStream(request)).completion()],
] as const;

const sent = (index = 0) => simulator.requests[index]?.body as Record<string, unknown>;
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail('it succeeded'),
    (error) => error,
  );

describe.each(ways)('a %s answer', (way, answer) => {
  it('has text, reason, usage and the model that answered', async () => {
    simulator.script({ text: 'Hello there.', usage: { prompt: 7, completion: 3 } });
    const { text, choices, usage, model, id, created, meta } = await answer();
    expect(text).toBe('Hello there.');
    expect(choices).toHaveLength(1);
    expect(choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { role: 'assistant', content: 'Hello there.' },
    });
    expect(usage).toEqual({ prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 });
    expect(model).toBe('llama3:8b');
    expect(id).toMatch(/^chatcmpl-/);
    expect(created).toBeGreaterThan(1_700_000_000);
    expect(meta.warnings).toEqual([]);
  });

  it('is asked for at /api/chat, saying whether to stream', async () => {
    await answer();
    expect(simulator.requests[0]).toMatchObject({ method: 'POST', path: '/ollama/api/chat' });
    expect(simulator.requests[0]?.headers.authorization).toBeUndefined();
    expect(sent()).toEqual({
      model: 'llama3:8b',
      messages: [{ role: 'user', content: 'Hello' }],
      stream: way === 'streamed',
    });
  });

  it('ends with length at the limit of tokens', async () => {
    const { choices } = await answer({ max_tokens: 2 });
    expect(choices[0]?.finish_reason).toBe('length');
    expect(choices[0]).not.toHaveProperty('raw_finish_reason');
    expect(sent().options).toEqual({ num_predict: 2 });
  });

  it('keeps a finish reason that is not known', async () => {
    simulator.script({ text: 'Hm', finishReason: 'novel' });
    expect((await answer()).choices[0]).toMatchObject({ finish_reason: 'stop', raw_finish_reason: 'novel' });
  });

  it('has no usage where the server counts nothing', async () => {
    simulator.script({ text: 'Hm', usage: null });
    expect(await answer()).not.toHaveProperty('usage');
  });

  it('may call several tools at once', async () => {
    simulator.script({
      toolCalls: [
        { id: 'call_a', name: 'get_weather', arguments: { city: 'Bern' } },
        { id: 'call_b', name: 'get_weather', arguments: { city: 'Rome' } },
      ],
    });
    const { choices } = await answer({ tools: [weather], tool_choice: 'auto' });
    expect(choices[0]).toMatchObject({ finish_reason: 'tool_calls', raw_finish_reason: 'stop' });
    expect(choices[0]?.message).toEqual({
      role: 'assistant',
      content: null,
      tool_calls: [
        { id: 'call_a', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Bern"}' } },
        { id: 'call_b', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Rome"}' } },
      ],
    });
    expect(sent().tools).toEqual([weather]);
    expect(sent()).not.toHaveProperty('tool_choice');
  });

  it('goes back in the next turn with its reasoning, its calls and their results', async () => {
    simulator.script([
      {
        reasoning: 'Two cities.',
        text: 'Let me look.',
        toolCalls: [
          { id: 'call_a', name: 'get_weather', arguments: { city: 'Bern' } },
          { id: 'call_b', name: 'get_time', arguments: {} },
        ],
      },
      { text: 'Sunny at noon.' },
    ]);
    const question = { role: 'user', content: 'Bern?' } as const;
    const first = (await answer({ messages: [question], tools: [weather] })).choices[0]?.message;
    expect(first?.reasoning).toBe('Two cities.');
    if (!first) return;
    const second = await answer({
      tools: [weather],
      messages: [
        question,
        first,
        { role: 'tool', tool_call_id: 'call_a', content: 'sunny' },
        { role: 'tool', tool_call_id: 'call_b', content: 'noon' },
      ],
    });
    expect(second.text).toBe('Sunny at noon.');
    expect(sent(1).messages).toEqual([
      question,
      {
        role: 'assistant',
        content: 'Let me look.',
        thinking: 'Two cities.',
        tool_calls: [
          { id: 'call_a', function: { name: 'get_weather', arguments: { city: 'Bern' } } },
          { id: 'call_b', function: { name: 'get_time', arguments: {} } },
        ],
      },
      { role: 'tool', content: 'sunny', tool_name: 'get_weather', tool_call_id: 'call_a' },
      { role: 'tool', content: 'noon', tool_name: 'get_time', tool_call_id: 'call_b' },
    ]);
  });

  it('thinks at the effort that was asked for', async () => {
    const { choices, text } = await answer({ reasoning_effort: 'high' });
    expect(sent().think).toBe('high');
    expect(choices[0]?.message.reasoning).toBeTruthy();
    expect(text).not.toContain(choices[0]?.message.reasoning);
  });

  it('is JSON, of a schema when there is one', async () => {
    const schema = { type: 'object', properties: { sunny: { type: 'boolean' } }, required: ['sunny'] };
    const { text } = await answer({
      response_format: { type: 'json_schema', json_schema: { name: 'weather', schema } },
    });
    expect(JSON.parse(text)).toEqual({ sunny: true });
    expect(sent().format).toEqual(schema);
    expect(JSON.parse((await answer({ response_format: { type: 'json_object' } })).text)).toBeTruthy();
    expect(sent(1).format).toBe('json');
  });

  it('takes every parameter that Ollama has, and what only Ollama has', async () => {
    await answer({
      temperature: 0.5,
      top_p: 0.9,
      seed: 7,
      stop: 'END',
      presence_penalty: 1,
      frequency_penalty: 1,
      max_completion_tokens: 50,
      logprobs: true,
      top_logprobs: 2,
      provider_options: { ollama: { keep_alive: '10m', num_ctx: 8192, think: true, truncate: false, top_k: 3 } },
    });
    const { model: _, messages: __, stream: ___, ...rest } = sent();
    expect(rest).toEqual({
      logprobs: true,
      top_logprobs: 2,
      keep_alive: '10m',
      think: true,
      truncate: false,
      options: {
        temperature: 0.5,
        top_p: 0.9,
        seed: 7,
        presence_penalty: 1,
        frequency_penalty: 1,
        num_predict: 50,
        stop: ['END'],
        num_ctx: 8192,
        top_k: 3,
      },
    });
  });

  it('warns of each parameter that was left out', async () => {
    const { meta } = await answer({
      user: 'ada',
      logit_bias: { 5: 1 },
      parallel_tool_calls: false,
      service_tier: 'auto',
      messages: [{ role: 'user', name: 'Ada', content: 'Hi' }],
    });
    expect(meta.warnings.map(({ code, parameter }) => [code, parameter])).toEqual([
      ['parameter_dropped', 'user'],
      ['parameter_dropped', 'logit_bias'],
      ['parameter_dropped', 'parallel_tool_calls'],
      ['parameter_dropped', 'service_tier'],
      ['parameter_dropped', 'messages[0].name'],
    ]);
    expect(Object.keys(sent())).toEqual(['model', 'messages', 'stream']);
  });

  it('sees an image that is sent as data', async () => {
    const url = 'data:image/png;base64,iVBORw0KGgo=';
    const content = [
      { type: 'text' as const, text: 'What is it?' },
      { type: 'image_url' as const, image_url: { url } },
    ];
    await answer({ messages: [{ role: 'user', content }] });
    expect(sent().messages).toEqual([{ role: 'user', content: 'What is it?', images: ['iVBORw0KGgo='] }]);
  });

  it.each<[string, Request, string]>([
    [
      'an image by its address',
      {
        messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://example.com/a.png' } }] }],
      },
      'data:',
    ],
    ['several choices', { n: 2 }, '`n`'],
    ['a required tool', { tools: [weather], tool_choice: 'required' }, 'tool_choice'],
    [
      'a named tool',
      { tools: [weather], tool_choice: { type: 'function', function: { name: 'get_weather' } } },
      'tool_choice',
    ],
    ['a custom tool', { tools: [{ type: 'custom', custom: { name: 'f' } }] }, 'a custom tool'],
    ['audio', { modalities: ['text', 'audio'] }, 'modalities'],
    ['a web search', { web_search_options: {} }, 'web_search_options'],
    ['a file', { messages: [{ role: 'user', content: [{ type: 'file', file: { file_id: 'x' } }] }] }, 'file'],
  ])('is refused before the network for %s', async (_, request, word) => {
    const error = await failure(answer(request));
    expect(error).toBeInstanceOf(UnsupportedParameterError);
    expect(error.message).toContain(word);
    expect(simulator.requests).toHaveLength(0);
  });

  it('calls no tool when told not to', async () => {
    const { choices } = await answer({ tools: [weather], tool_choice: 'none', prompt: 'Use get_weather' });
    expect(choices[0]?.message.tool_calls).toBeUndefined();
    expect(sent()).not.toHaveProperty('tools');
  });
});

describe('a stream', () => {
  async function chunksOf(request: Request = {}): Promise<ChatCompletionChunk[]> {
    const chunks: ChatCompletionChunk[] = [];
    for await (const chunk of await askStream(request)) chunks.push(chunk);
    return chunks;
  }

  it('gives reasoning before text, the role once and the usage at the end', async () => {
    simulator.script({ reasoning: 'Well then.', tokens: ['Good', ' day'] });
    const chunks = await chunksOf();
    const deltas = chunks.map(({ choices }) => choices[0]?.delta ?? {});
    expect(deltas.filter(({ role }) => role)).toHaveLength(1);
    expect(deltas.flatMap(({ reasoning }) => reasoning ?? []).join('')).toBe('Well then.');
    expect(deltas.flatMap(({ content }) => content || [])).toEqual(['Good', ' day']);
    expect(deltas.findLastIndex(({ reasoning }) => reasoning)).toBeLessThan(deltas.findIndex(({ content }) => content));
    expect(chunks.map(({ usage }) => Boolean(usage))).toEqual([...chunks.slice(1).map(() => false), true]);
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
  });

  it('gives each tool call in one piece', async () => {
    simulator.script({
      toolCalls: [
        { name: 'f', arguments: { x: 1 } },
        { name: 'g', arguments: {} },
      ],
    });
    const fragments = (await chunksOf()).flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? []);
    expect(fragments).toMatchObject([
      { index: 0, type: 'function', function: { name: 'f', arguments: '{"x":1}' } },
      { index: 1, type: 'function', function: { name: 'g', arguments: '{}' } },
    ]);
  });

  it('gives what came before an error in its midst', async () => {
    simulator.script({
      tokens: ['One', ' two', ' three'],
      fault: { kind: 'error-event', atToken: 2, error: { message: 'model runner has unexpectedly stopped' } },
    });
    const stream = await askStream();
    let text = '';
    const error = await failure(
      (async () => {
        for await (const piece of stream.text()) text += piece;
      })(),
    );
    expect(text).toBe('One two');
    expect(error).toBeInstanceOf(StreamInterruptedError);
    expect(error.partial.text).toBe('One two');
    expect(error.cause).toBeInstanceOf(ProviderError);
    expect(error.cause.message).toContain('unexpectedly stopped');
  });

  it('fails at its opening when the error comes first', async () => {
    simulator.script({ events: [{ error: 'prompt is longer than the context length' }] });
    expect(await failure(askStream())).toBeInstanceOf(ContextLengthExceededError);
  });

  it.each<Fault>([
    { kind: 'cut', atToken: 2, by: 'end' },
    { kind: 'cut', atToken: 2, by: 'fin' },
    { kind: 'cut', atToken: 2, by: 'rst' },
    { kind: 'cut', atToken: 2, by: 'no-last-chunk' },
    { kind: 'no-terminator' },
    { kind: 'no-finish' },
    { kind: 'truncated-json' },
    { kind: 'malformed-event', atToken: 2 },
  ])('is interrupted by %o', async (fault) => {
    simulator.script({ tokens: ['One', ' two'], fault });
    const error = await failure((await askStream()).completion());
    expect(error).toBeInstanceOf(StreamInterruptedError);
    expect(error.partial.text).toBe('One two');
  });

  it('reads through empty lines that keep it alive', async () => {
    simulator.script({ tokens: ['a', 'b'], wire: { comments: true, newline: '\r\n', bom: true } });
    expect((await (await askStream()).completion()).text).toBe('ab');
  });

  it('frees its connection for the next call', async () => {
    for (let call = 0; call < 3; call += 1) await (await askStream()).completion();
    expect(simulator.sockets.opened).toBe(1);
  });

  it.each([
    ['compact', JSON.stringify],
    ['laid out', (body: object) => JSON.stringify(body, undefined, 2)],
  ])('may be answered by a whole body, %s', async (_, write) => {
    const message = { role: 'assistant', content: 'All at once.' };
    simulator.script({ body: write({ model: 'm', message, done: true, done_reason: 'stop', eval_count: 3 }) });
    const answer = await (await askStream()).completion();
    expect(answer.text).toBe('All at once.');
    expect(answer.usage?.completion_tokens).toBe(3);
  });

  it('gives the log probabilities of each piece', async () => {
    const event = (content: string, rest: object) => ({
      model: 'm',
      message: { role: 'assistant', content },
      logprobs: [{ token: content, logprob: -0.1, bytes: [97] }],
      ...rest,
    });
    simulator.script({ events: [event('a', { done: false }), event('b', { done: true })] });
    const { choices } = await (await askStream({ logprobs: true })).completion();
    expect(choices[0]?.logprobs?.content?.map(({ token }) => token)).toEqual(['a', 'b']);
  });
});

describe('a whole answer', () => {
  it('that is not done has broken off', async () => {
    simulator.script({ body: { model: 'm', message: { role: 'assistant', content: 'Half' }, done: false } });
    const error = await failure(ask());
    expect(error).toBeInstanceOf(StreamInterruptedError);
    expect(error.retryable).toBe(true);
  });

  it('that only loads the model is empty', async () => {
    const message = { role: 'assistant', content: '' };
    simulator.script({ body: { model: 'm', message, done: true, done_reason: 'load' } });
    expect((await ask()).choices[0]).toMatchObject({ text: '', finish_reason: 'stop', raw_finish_reason: 'load' });
  });

  it.each<Reply>([
    { body: {} },
    { body: [] },
    { body: 'null' },
    { body: { choices: [] } },
    { fault: { kind: 'html' } },
    { fault: { kind: 'empty-body' } },
    { fault: { kind: 'truncated-json' } },
  ])('that holds none fails by its form: %j', async (reply) => {
    simulator.script(reply);
    const error = await failure(ask());
    expect(error).toBeInstanceOf(ResponseParseError);
    expect(error.retryable).toBe(true);
  });
});

describe.each(ways)('an error, %s,', (_, answer) => {
  const invalid = InvalidRequestError;
  it.each([
    [400, 'model is required', invalid, false],
    [400, 'missing request body', invalid, false],
    [
      400,
      'json: cannot unmarshal array into Go struct field ChatRequest.messages.content of type string',
      invalid,
      false,
    ],
    [400, 'invalid format: "xml"; expected "json" or a valid JSON Schema object', invalid, false],
    [400, 'option "num_ctx" must be of type integer', invalid, false],
    [400, 'top_logprobs must be between 0 and 20', invalid, false],
    [400, 'registry.ollama.ai/library/llama3:8b does not support tools', UnsupportedParameterError, false],
    [400, '"llama3:8b" does not support thinking', UnsupportedParameterError, false],
    [400, '"nomic-embed-text" does not support chat', UnsupportedParameterError, false],
    [400, 'prompt is longer than the context length', ContextLengthExceededError, false],
    [400, 'the input length exceeds the context length', ContextLengthExceededError, false],
    [400, 'exceeded max context length by 20 tokens', ContextLengthExceededError, false],
    [500, 'input length exceeds the context length', ContextLengthExceededError, false],
    [401, 'unauthorized', AuthenticationError, false],
    [403, 'ollama cloud is disabled: remote inference is unavailable', PermissionDeniedError, false],
    [404, "model 'llama3:8b' not found", ModelNotFoundError, false],
    [404, 'model "llama3:8b" not found, try pulling it first', ModelNotFoundError, false],
    [429, "you've reached your hourly usage limit", RateLimitError, true],
    [499, 'request canceled', ProviderError, false],
    [500, 'model runner has unexpectedly stopped, this may be due to resource limitations', ProviderError, true],
    [500, 'model requires more system memory (8.0 GiB) than is available (4.0 GiB)', ProviderError, true],
    [500, 'CUDA error: out of memory', ProviderError, true],
    [502, 'remote host is unreachable', ProviderError, true],
    [503, 'server busy, please try again.  maximum pending requests exceeded', OverloadedError, true],
  ])('of status %d, %s', async (status, message, kind, retryable) => {
    simulator.script({ error: { status, message } });
    const error = await failure(answer());
    expect(error).toBeInstanceOf(kind);
    expect(error).toMatchObject({ status, retryable, provider: 'ollama', model: 'llama3:8b' });
    expect(error.message).toContain(message.replaceAll('  ', ' ').slice(0, 40));
  });

  it('at a path that is not there advises to check the base URL', async () => {
    simulator.script({ status: 404, body: '404 page not found' });
    const error = await failure(answer());
    expect(error).toBeInstanceOf(ProviderError);
    expect(error.message).toBe('ollama: not found (404): 404 page not found; check the base URL');
  });

  it('inside a success is one', async () => {
    simulator.script({ body: { error: 'model runner has unexpectedly stopped' } });
    expect(await failure(answer())).toMatchObject({ code: 'provider', status: 500, retryable: true });
  });

  it('for want of a server says where none listens', async () => {
    const { port } = simulator;
    await simulator.close();
    const error = await failure(answer());
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error.message).toBe(
      `ollama: connection refused, nothing listens at http://127.0.0.1:${port}; is the server running?`,
    );
  });
});

describe('the address', () => {
  it('may be written as OLLAMA_HOST is, in the options too', async () => {
    await completion({ model: 'ollama:llama3', prompt: 'Hi' }, { baseURL: `0.0.0.0:${simulator.port}/ollama/` });
    vi.stubEnv('OLLAMA_HOST', `"127.0.0.1:${simulator.port}/ollama"`);
    await ask();
    expect(simulator.requests.map(({ path }) => path)).toEqual(['/ollama/api/chat', '/ollama/api/chat']);
  });

  it('that is none is refused before the network', async () => {
    vi.stubEnv('OLLAMA_HOST', 'not a host');
    expect(await failure(ask())).toMatchObject({ code: 'invalid_request', path: 'baseURL' });
  });

  it('is asked with a key when there is one', async () => {
    vi.stubEnv('OLLAMA_API_KEY', 'secret-key');
    await ask();
    expect(simulator.requests[0]?.headers.authorization).toBe('Bearer secret-key');
  });
});
