import { type CallOptions, type CompletionRequest, createClient, InvalidRequestError } from '@anyllm/core';
import { createOpenAI } from '@anyllm/provider-openai';
import { describe, expect, test, vi } from 'vitest';
import { failure, model, simulateOpenAI } from './simulated-openai.ts';

const messages = [{ role: 'user', content: 'Hi' }];
const tool = { type: 'function', function: { name: 'f', parameters: {} } };

const requests: [string, unknown, string | undefined][] = [
  ['no request', undefined, ''],
  ['null', null, ''],
  ['a text', 'Hi', ''],
  ['an array', [], ''],
  ['a function', () => {}, ''],
  ['no model', { prompt: 'Hi' }, 'model'],
  ['a model that is a number', { model: 5, prompt: 'Hi' }, 'model'],
  ['an empty model', { model: '', prompt: 'Hi' }, 'model'],
  ['a model of spaces', { model: '  ', prompt: 'Hi' }, 'model'],
  ['a model without provider', { model: 'gpt-4o', prompt: 'Hi' }, 'model'],
  ['a model without model', { model: 'openai/ ', prompt: 'Hi' }, 'model'],
  ['a model without either', { model: '/', prompt: 'Hi' }, 'model'],
  ['both prompt and messages', { model, prompt: 'Hi', messages }, 'messages'],
  ['neither prompt nor messages', { model }, 'messages'],
  ['empty messages', { model, messages: [] }, 'messages'],
  ['messages that are a text', { model, messages: 'Hi' }, 'messages'],
  ['messages that are an object', { model, messages: { 0: messages[0] } }, 'messages'],
  ['a message that is null', { model, messages: [null] }, 'messages[0]'],
  ['a message that is missing', { model, messages: new Array(1) }, 'messages[0]'],
  ['a message without content', { model, messages: [{ role: 'user' }] }, 'messages[0].content'],
  ['an unknown role', { model, messages: [{ role: 'robot', content: 'Hi' }] }, 'messages[0].role'],
  ['the role `__proto__`', { model, messages: [{ role: '__proto__', content: 'Hi' }] }, 'messages[0].role'],
  ['the role `constructor`', { model, messages: [{ role: 'constructor', content: 'Hi' }] }, 'messages[0].role'],
  ['a content that is a number', { model, messages: [{ role: 'user', content: 5 }] }, 'messages[0].content'],
  [
    'a text part without text',
    { model, messages: [...messages, { role: 'user', content: [{ type: 'text' }] }] },
    'messages[1].content[0].text',
  ],
  [
    'an unknown part',
    { model, messages: [{ role: 'user', content: [{ type: 'video' }] }] },
    'messages[0].content[0].type',
  ],
  ['a tool result without its call', { model, messages: [{ role: 'tool', content: '5' }] }, 'messages[0].tool_call_id'],
  [
    'a tool call whose arguments are an object',
    {
      model,
      messages: [
        { role: 'assistant', tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: {} } }] },
      ],
    },
    'messages[0].tool_calls[0].function.arguments',
  ],
  ['tools that are an object', { model, prompt: 'Hi', tools: tool }, 'tools'],
  ['a tool without a type', { model, prompt: 'Hi', tools: [{ function: tool.function }] }, 'tools[0].type'],
  ['a bare function', { model, prompt: 'Hi', tools: [tool.function] }, 'tools[0].type'],
  [
    'a tool without a name',
    { model, prompt: 'Hi', tools: [tool, { type: 'function', function: {} }] },
    'tools[1].function.name',
  ],
  [
    'a tool with an empty name',
    { model, prompt: 'Hi', tools: [{ type: 'function', function: { name: '' } }] },
    'tools[0].function.name',
  ],
  ['parameters that are a text', { model, prompt: 'Hi', tools: [{ type: 'function', function: { name: 'f', parameters: '{}' } }] }, 'tools[0].function.parameters'], // biome-ignore format: one line
  [
    'a tool choice without its name',
    { model, prompt: 'Hi', tool_choice: { type: 'function' } },
    'tool_choice.function',
  ],
  ['a temperature of NaN', { model, prompt: 'Hi', temperature: Number.NaN }, 'temperature'],
  ['an infinite temperature', { model, prompt: 'Hi', temperature: Number.POSITIVE_INFINITY }, 'temperature'],
  ['a temperature that is a text', { model, prompt: 'Hi', temperature: '0.7' }, 'temperature'],
  ['a negative temperature', { model, prompt: 'Hi', temperature: -1 }, 'temperature'],
  ['no tokens', { model, prompt: 'Hi', max_tokens: 0 }, 'max_tokens'],
  ['half a token', { model, prompt: 'Hi', max_tokens: 0.5 }, 'max_tokens'],
  ['n of 0', { model, prompt: 'Hi', n: 0 }, 'n'],
  ['stream that is a text', { model, prompt: 'Hi', stream: 'true' }, 'stream'],
  ['a null where none is allowed', { model, prompt: 'Hi', temperature: null }, 'temperature'],
  ['a misspelt parameter', { model, prompt: 'Hi', temprature: 1 }, 'temprature'],
  ['the field `__proto__`', JSON.parse(`{"model":"${model}","prompt":"Hi","__proto__":{"a":1}}`), '__proto__'],
  ['the field `constructor`', { model, prompt: 'Hi', constructor: 'x' }, 'constructor'],
  ['the field `toString`', { model, prompt: 'Hi', toString: 'x' }, 'toString'],
];

test.each(requests)('a request with %s is refused before the network', async (_, request, path) => {
  const { simulator, client } = await simulateOpenAI();
  const error = await failure(client.completion(request as CompletionRequest<typeof model>));
  expect(error).toBeInstanceOf(InvalidRequestError);
  expect(error).toMatchObject({ code: 'invalid_request', path, retryable: false, attempts: [] });
  expect(simulator.requests).toHaveLength(0);
});

test.each(requests.slice(1))(
  'a streamed request with %s rejects too, instead of breaking later',
  async (_, request) => {
    const { client } = await simulateOpenAI();
    const streamed = typeof request === 'object' && request !== null ? { stream: true, ...request } : request;
    expect(await failure(client.completion(streamed as CompletionRequest<typeof model>))).toBeInstanceOf(
      InvalidRequestError,
    );
  },
);

test('the request is left as it was', async () => {
  const { client } = await simulateOpenAI();
  const freeze = <T extends object>(value: T): T => {
    for (const inner of Object.values(value)) if (typeof inner === 'object') freeze(inner);
    return Object.freeze(value);
  };
  const request = freeze({ model, messages, tools: [tool], stop: ['a'], temperature: 0 }) as CompletionRequest;
  await client.completion(request, { provider: 'openai' });
  const stream = await client.completion({ ...request, stream: true }, { provider: 'openai' });
  await stream.completion();
});

const circle: Record<string, unknown> = {};
circle.self = circle;

test.each([
  ['a circle', circle],
  ['a BigInt', { maximum: 1n }],
])('%s in a tool is an InvalidRequestError in one line', async (_, parameters) => {
  const { simulator, client } = await simulateOpenAI();
  const tools = [{ type: 'function' as const, function: { name: 'f', parameters } }];
  for (const stream of [false, true]) {
    const error = (await failure(client.completion({ model, prompt: 'Hi', tools, stream }))) as InvalidRequestError;
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(error.message).toMatch(/^openai: the request cannot be written as JSON: .+$/);
  }
  expect(simulator.requests).toHaveLength(0);
});

const options: [string, unknown, string][] = [
  ['null', null, 'options'],
  ['a number', 5, 'options'],
  ['a misspelt name', { timeOut: 5 }, 'options.timeOut'],
  ['the name `__proto__`', JSON.parse('{"__proto__":{}}'), 'options.__proto__'],
  ['the name `constructor`', { constructor: {} }, 'options.constructor'],
  ['a signal that is a controller', { signal: new AbortController() }, 'options.signal'],
  ['a key that is a number', { apiKey: 5 }, 'options.apiKey'],
  ['a key with a line break inside', { apiKey: 'sk-abc\ndef' }, 'apiKey'],
  ['a key that is a sentence in Russian', { apiKey: 'ключ' }, 'apiKey'],
  ['headers that are `Headers`', { headers: new Headers({ a: 'b' }) }, 'options.headers'],
  ['headers that are a Map', { headers: new Map([['a', 'b']]) }, 'options.headers'],
  ['headers that are pairs', { headers: [['a', 'b']] }, 'options.headers'],
  ['headers that are a text', { headers: 'a: b' }, 'options.headers'],
  ['a header that is a number', { headers: { a: 5 } }, 'options.headers'],
  ['a header value with a line break', { headers: { a: 'b\r\nx-injected: 1' } }, 'headers'],
  ['a header name with a line break', { headers: { 'a\r\nx-injected': 'b' } }, 'headers'],
  ['an empty header name', { headers: { '': 'b' } }, 'headers'],
  ['a transport that is an object', { transport: {} }, 'options.transport'],
  ['an unknown word for `unsupported`', { unsupported: 'ignore' }, 'options.unsupported'],
  ['a provider that is no name', { provider: '../evil' }, 'options.provider'],
  ['an empty provider', { provider: '' }, 'options.provider'],
];

test.each(options)('options with %s are refused before the network', async (_, given, path) => {
  const { simulator, client } = await simulateOpenAI();
  const error = await failure(client.completion({ model, prompt: 'Hi' }, given as CallOptions as never));
  expect(error).toBeInstanceOf(InvalidRequestError);
  expect(error).toMatchObject({ path });
  expect(simulator.requests).toHaveLength(0);
});

test.each([
  ['foo'],
  ['localhost:11434'],
  ['/v1'],
  ['//host/v1'],
  ['ftp://host'],
  ['file:///etc/passwd'],
  ['javascript:alert(1)'],
  ['http://'],
  ['http:///v1'],
  ['http://exa mple'],
  ['http://[::1'],
  ['http://host:99999'],
  ['http://%zz'],
  ['http://user:sesame@host/v1'],
  ['http://sesame@host/v1'],
  ['http://host/v1#sesame'],
])('the base URL %o is an InvalidRequestError that does not repeat it', async (baseURL) => {
  const { client } = await simulateOpenAI();
  const error = (await failure(client.completion({ model, prompt: 'Hi' }, { baseURL }))) as InvalidRequestError;
  expect(error).toBeInstanceOf(InvalidRequestError);
  expect(error.path).toBe('baseURL');
  expect(error.message).toMatch(/^openai: the base URL /);
  expect(error.message).not.toContain('sesame');
});

test.each([
  ['one slash', '/'],
  ['many slashes', '///'],
  ['spaces around it', '  '],
])('a base URL with %s at its end is as good as one without', async (_, end) => {
  const { simulator, client } = await simulateOpenAI();
  await client.completion({ model, prompt: 'Hi' }, { baseURL: `${simulator.baseURL.openai}${end}` });
  expect(simulator.requests[0]?.path).toBe('/openai/v1/chat/completions');
});

test('a path in the base URL is percent-encoded, its query kept', async () => {
  const { simulator, client } = await simulateOpenAI();
  const baseURL = `${simulator.url}/openai/v1?api-version=ä b`;
  await client.completion({ model, prompt: 'Hi' }, { baseURL });
  expect(simulator.requests[0]?.path).toBe('/openai/v1/chat/completions?api-version=%C3%A4%20b');
});

describe('keys', () => {
  test('a missing key is an error that names both ways to give one', async () => {
    vi.stubEnv('OPENAI_API_KEY', '');
    const { completion } = createClient({ providers: [createOpenAI()] });
    const error = await failure(completion({ model, prompt: 'Hi' }));
    expect(error).toMatchObject({ code: 'missing_api_key', provider: 'openai' });
    expect((error as Error).message).toMatchInlineSnapshot(
      `"openai: no API key; set OPENAI_API_KEY or pass \`apiKey\` in the options or settings"`,
    );
    vi.unstubAllEnvs();
  });

  test('a key of spaces is a missing one', async () => {
    vi.stubEnv('OPENAI_API_KEY', ' \n');
    const { completion } = createClient({ providers: [createOpenAI({ apiKey: '  ' })] });
    expect(await failure(completion({ model, prompt: 'Hi' }))).toMatchObject({ code: 'missing_api_key' });
    vi.unstubAllEnvs();
  });

  test('a line break at the end of a key, as files have it, is cut off', async () => {
    const { simulator, client } = await simulateOpenAI();
    await client.completion({ model, prompt: 'Hi' }, { apiKey: 'sk-from-a-file\n' });
    expect(simulator.requests[0]?.headers.authorization).toBe('Bearer sk-from-a-file');
  });

  test('the environment is read with the call, not with the import', async () => {
    const { simulator } = await simulateOpenAI();
    const { completion } = createClient({ providers: [createOpenAI()] });
    vi.stubEnv('OPENAI_API_KEY', 'sk-late');
    vi.stubEnv('OPENAI_BASE_URL', simulator.baseURL.openai);
    await completion({ model, prompt: 'Hi' });
    vi.unstubAllEnvs();
    expect(simulator.requests[0]?.headers.authorization).toBe('Bearer sk-late');
  });

  test('the key of a call wins over the client, which wins over the provider', async () => {
    const { simulator, client } = await simulateOpenAI(
      {},
      { settings: { openai: { apiKey: 'sk-client', headers: { 'X-From': 'client', 'x-client': '1' } } } },
    );
    await client.completion({ model, prompt: 'Hi' });
    await client.completion({ model, prompt: 'Hi' }, { apiKey: 'sk-call', headers: { 'x-from': 'call' } });
    const seen = simulator.requests.map(({ headers }) => [
      headers.authorization,
      headers['x-from'],
      headers['x-client'],
    ]);
    expect(seen).toEqual([
      ['Bearer sk-client', 'client', '1'],
      ['Bearer sk-call', 'call', '1'],
    ]);
  });
});

describe('settings of a client', () => {
  const openai = createOpenAI({ apiKey: 'sk-x' });
  test.each<[string, unknown, string]>([
    ['null', null, 'settings'],
    ['an array', [], 'settings'],
    ['a misspelt name', { timeOut: 5 }, 'timeOut'],
    ['the name `__proto__`', JSON.parse('{"__proto__":{}}'), '__proto__'],
    ['the name `constructor`', { constructor: 1 }, 'constructor'],
    ['a timeout of NaN', { timeout: Number.NaN }, 'timeout'],
    ['an unknown phase', { timeout: { ttl: 5 } }, 'timeout.ttl'],
    ['an unknown word for `unsupported`', { unsupported: true }, 'unsupported'],
    ['one provider instead of a list', { providers: openai }, 'providers'],
    ['a provider that is a text', { providers: ['openai'] }, 'provider'],
    ['a provider that is null', { providers: [null] }, 'provider'],
    ['a provider that is its own maker', { providers: [createOpenAI] }, 'provider'],
    ['a provider of another contract version', { providers: [{ ...openai, specification: 2 }] }, 'specification'],
    ['a provider that cannot stream', { providers: [{ ...openai, stream: undefined }] }, 'stream'],
    ['a provider whose id is no name', { providers: [{ ...openai, id: 'Open AI' }] }, 'id'],
    ['two providers of one id', { providers: [openai, createOpenAI()] }, 'providers'],
    [
      'settings of a provider that it does not have',
      { providers: [openai], settings: { opnai: {} } },
      'settings.opnai',
    ],
    ['settings of `constructor`', { providers: [openai], settings: { constructor: {} } }, 'settings.constructor'],
    ['settings that are null', { providers: [openai], settings: { openai: null } }, 'settings.openai'],
  ])('%s are refused when it is made', async (_, settings, path) => {
    const error = await failure(() => createClient(settings as never));
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(error).toMatchObject({ path });
  });

  test('a key of a wrong type is refused with the client', async () => {
    const error = await failure(() => createClient({ settings: { openai: { apiKey: 5 as never } } }));
    expect(error).toMatchObject({ code: 'invalid_request', path: 'settings.openai.apiKey' });
  });
});

test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('a tool may be called `%s`', async (name) => {
  const { simulator, client } = await simulateOpenAI({ script: { toolCalls: [{ name, arguments: { a: 1 } }] } });
  const tools = [{ type: 'function' as const, function: { name, parameters: { type: 'object' } } }];
  const whole = await client.completion({ model, prompt: 'Hi', tools });
  const streamed = await (await client.completion({ model, prompt: 'Hi', tools, stream: true })).completion();
  for (const answer of [whole, streamed]) {
    expect(answer.choices[0]?.message.tool_calls?.[0]).toMatchObject({ function: { name, arguments: '{"a":1}' } });
  }
  expect(simulator.requests[0]?.body?.tools).toEqual(tools);
});

test.each(['constructor', 'tostring', 'valueof'])('the provider `%s` is just an unknown one', async (id) => {
  const { client } = await simulateOpenAI({}, { settings: {} });
  const error = await failure(client.completion({ model: `${id}/x` as typeof model, prompt: 'Hi' }));
  expect(error).toMatchObject({ code: 'provider_not_found', provider: id });
});

test('`__proto__` in vendor options changes no other object', async () => {
  const { client } = await simulateOpenAI();
  const provider_options = JSON.parse('{"openai":{"__proto__":{"polluted":true}},"__proto__":{"polluted":true}}');
  await client.completion({ model, prompt: 'Hi', provider_options });
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test('a signal that is aborted already ends the call before the network, with its reason as it is', async () => {
  const { simulator, client } = await simulateOpenAI();
  for (const reason of [new Error('left'), 'a text', null, 0, { any: 'thing' }]) {
    for (const stream of [false, true]) {
      const call = client.completion({ model, prompt: 'Hi', stream }, { signal: AbortSignal.abort(reason) });
      expect(await failure(call)).toBe(reason);
    }
  }
  expect(await failure(client.completion({ model, prompt: 'Hi' }, { signal: AbortSignal.abort() }))).toMatchObject({
    name: 'AbortError',
  });
  expect(simulator.requests).toHaveLength(0);
});

test.each([
  ['no options', undefined],
  ['no models', {}],
  ['an empty list', { models: [] }],
  ['a text', { models: model }],
])('a comparison with %s is an InvalidRequestError', async (_, given) => {
  const { client } = await simulateOpenAI();
  expect(await failure(client.compare({ prompt: 'Hi' }, given as never))).toMatchObject({
    code: 'invalid_request',
    path: 'options.models',
  });
});
