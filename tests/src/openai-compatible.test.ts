import type { CompletionRequest } from '@anyllm/core';
import type { Quirks } from '@anyllm/provider-kit/openai';
import type { OpenaiQuirks, Reply } from '@anyllm/simulator';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Asking, askBothWays, bodiesOf, hi } from './openai-compatible-asking.ts';

const said: Reply = { text: 'So it is.', usage: { prompt: 3, completion: 5 } };
const thought: Reply = { ...said, reasoning: 'Let me see.' };
const called: Reply = {
  usage: { prompt: 3, completion: 5 },
  toolCalls: [
    { id: 'call_a', name: 'f', arguments: { x: 1, y: 'a' } },
    { id: 'call_b', name: 'f', arguments: { x: 2, y: 'b' } },
  ],
};
const weather: NonNullable<CompletionRequest['tools']>[number] = {
  type: 'function',
  function: { name: 'f', strict: true },
};

const answer = { content: 'So it is.', finish_reason: 'stop' };
const reasoned = { ...answer, reasoning: 'Let me see.' };
const calls = {
  finish_reason: 'tool_calls',
  tool_calls: [
    { type: 'function', id: expect.any(String), function: { name: 'f', arguments: '{"x":1,"y":"a"}' } },
    { type: 'function', id: expect.any(String), function: { name: 'f', arguments: '{"x":2,"y":"b"}' } },
  ],
};

describe('what every provider tolerates', () => {
  test.each<[string, Reply, OpenaiQuirks, object]>([
    ['nothing in particular', said, {}, answer],
    ['usage in the finish chunk', said, { usage: 'finish' }, answer],
    ['usage in x_groq', said, { usage: 'x_groq' }, answer],
    ['usage in the choice', said, { usage: 'choice' }, answer],
    ['cumulative usage on every chunk', said, { usage: 'every-chunk' }, answer],
    [
      'a usage chunk whose choice has lost its reason',
      { ...said, finishReason: 'length' },
      { usage: 'after-finish' },
      { finish_reason: 'length' },
    ],
    [
      'reasoning tokens beside those of the completion',
      { ...said, usage: { prompt: 3, completion: 5, reasoning: 2 } },
      { reasoningTokens: 'beside' },
      answer,
    ],
    ['reasoning_content', thought, {}, reasoned],
    ['reasoning', thought, { reasoning: 'reasoning' }, reasoned],
    ['thinking', thought, { reasoning: 'thinking' }, reasoned],
    ['reasoning as an object', thought, { reasoning: 'object' }, reasoned],
    ['reasoning_details', thought, { reasoning: 'reasoning_details' }, reasoned],
    ['reasoning under two names', thought, { reasoning: 'twice' }, reasoned],
    ['content in parts', said, { content: 'parts' }, answer],
    ['a role on every delta', said, { role: 'every' }, answer],
    ['an empty role', said, { role: 'empty' }, answer],
    ['no role', said, { role: 'never' }, answer],
    ['no key for the finish reason before the end', said, { unfinished: 'missing' }, answer],
    ['an empty finish reason before the end', said, { unfinished: 'empty' }, answer],
    ['no delta at the end', said, { lastDelta: 'missing' }, answer],
    ['the whole message at the end', said, { lastDelta: 'message' }, answer],
    ['choices without an index', said, { choiceIndex: 'missing' }, answer],
    ['no identity', said, { identity: 'missing' }, answer],
    ['an empty identity', said, { identity: 'empty' }, answer],
    ['an identity of other types', said, { identity: 'odd' }, answer],
    ['chunks of filter results', said, { filterResults: true }, answer],
    ['blank lines before the answer', said, { leadingBlanks: true }, answer],
    ['one piece where a stream was asked for', said, { noStream: true }, answer],
    ['calls without an index', called, { toolIndex: 'missing' }, calls],
    ['calls that all have the index 0', called, { toolIndex: 'zero' }, calls],
    ['calls without ids', called, { toolIds: 'missing' }, calls],
    ['ids on every fragment', called, { toolIds: 'every' }, calls],
    ['ids on every fragment and no index', called, { toolIds: 'every', toolIndex: 'missing' }, calls],
    ['empty names on later fragments', called, { toolNames: 'empty' }, calls],
    ['names on every fragment', called, { toolNames: 'every' }, calls],
    ['calls in one piece', called, { toolArguments: 'whole' }, calls],
    ['calls in one piece, all with the index 0', called, { toolArguments: 'whole', toolIndex: 'zero' }, calls],
    ['arguments as objects', called, { toolArguments: 'object' }, calls],
    [
      'arguments as objects, without index and ids',
      called,
      { toolArguments: 'object', toolIndex: 'missing', toolIds: 'missing' },
      calls,
    ],
    ['eos', { ...said, finishReason: 'eos' }, {}, answer],
    ['end_turn', { ...said, finishReason: 'end_turn' }, {}, answer],
    ['model_length', { ...said, finishReason: 'model_length' }, {}, { finish_reason: 'length' }],
    ['sensitive', { ...said, finishReason: 'sensitive' }, {}, { finish_reason: 'content_filter' }],
    ['stop after calls', { ...called, finishReason: 'stop' }, { usage: 'finish' }, calls],
    ['keep-alive comments', { ...said, wire: { comments: true } }, {}, answer],
    ['no [DONE]', { ...said, fault: { kind: 'no-terminator' } }, {}, answer],
  ])('%s', async (_, script, quirks, message) => {
    const { whole, streamed } = await askBothWays({ ...script, quirks });
    expect(whole).toMatchObject({ choices: [message], usage: [3, 5, 8], warnings: [] });
    expect(streamed).toMatchObject({ choices: [message], usage: [3, 5, 8], warnings: [] });
  });

  test('no usage at all', async () => {
    const { whole, streamed } = await askBothWays({ ...said, quirks: { usage: 'none' } });
    expect([whole, streamed]).toMatchObject([{ usage: undefined }, { usage: undefined }]);
  });

  test.each<[string, Reply, OpenaiQuirks, string]>([
    ['in a list', { error: { status: 429, message: 'm' } }, { errors: 'array' }, 'rate_limit'],
    [
      'as a text',
      { error: { status: 404, message: 'the model m does not exist' } },
      { errors: 'text' },
      'model_not_found',
    ],
    [
      'without `error`',
      { error: { status: 400, code: 'context_length_exceeded' } },
      { errors: 'flat' },
      'context_length_exceeded',
    ],
    ['with a number as code', { error: { status: 503, message: 'm' } }, { errors: 'number' }, 'overloaded'],
    [
      'under status 200',
      { error: { status: 401, code: 'invalid_api_key' } },
      { errorsAsSuccess: true },
      'authentication',
    ],
    [
      'in a list under status 200',
      { error: { status: 429 } },
      { errors: 'array', errorsAsSuccess: true },
      'rate_limit',
    ],
    [
      'as a text under status 200',
      { error: { status: 503, message: 'over capacity' } },
      { errors: 'text', errorsAsSuccess: true },
      'overloaded',
    ],
    ['flat under status 200', { error: { status: 503 } }, { errors: 'flat', errorsAsSuccess: true }, 'overloaded'],
    ['without an answer under status 200', { body: { id: null, model: null, choices: null } }, {}, 'response_parse'],
    [
      "MiniMax's, beside an answer of null",
      { body: { choices: null, base_resp: { status_code: 1004, status_msg: 'm' } } },
      {},
      'provider',
    ],
    ['a finish reason', { ...said, finishReason: 'network_error' }, {}, 'provider'],
  ])('an error %s', async (_, script, quirks, code) => {
    const { whole, streamed } = await askBothWays({ ...script, quirks });
    expect(whole).toMatchObject({ code, provider: 'x' });
    expect([code, 'stream_interrupted']).toContain((streamed as { code?: string }).code);
  });

  test.each<[string, OpenaiQuirks]>([
    ['a chunk', {}],
    ['a chunk that is a list', { errors: 'array' }],
    ['an event of that name', { errorEvents: 'named' }],
    ['a field of that name', { errorEvents: 'bare' }],
  ])('an error inside a stream as %s', async (_, quirks) => {
    const fault = { kind: 'error-event', atToken: 0, error: { status: 503, message: 'over capacity' } } as const;
    const { streamed } = await askBothWays({ ...said, fault, quirks });
    expect(streamed).toMatchObject({ code: 'overloaded' });
  });
});

describe('inline thinking', () => {
  const tagged = (open: string, close: string) => ({ ...thought, quirks: { reasoning: { open, close } } });

  test.each(['think', 'thinking', 'reasoning_content', 'chain_of_thought'])('<%s>, cut across chunks', async (tag) => {
    const script = tagged(`<${tag}>`, `</${tag}>\n\n`);
    const { whole, streamed } = await askBothWays(script, { quirks: { inlineThinkTags: true } });
    expect(whole).toMatchObject({ choices: [reasoned] });
    expect(streamed).toMatchObject({ choices: [reasoned] });
  });

  test.each<[string, Reply, Quirks['inlineThinkTags'] & {}, object]>([
    ['without the opening tag', tagged('', '</think>'), 'opened', reasoned],
    ['without the closing tag', tagged('<think>', ''), true, { reasoning: 'Let me see.So it is.', content: null }],
    [
      'that is all there is',
      { reasoning: 'r', quirks: { reasoning: { open: '<think>', close: '' } } },
      true,
      { reasoning: 'r', content: null },
    ],
    ['that is none', said, true, answer],
    [
      'that was not asked for',
      tagged('<think>', '</think>'),
      false,
      { content: '<think>Let me see.</think>So it is.' },
    ],
    ['further on', { tokens: ['a ', '<think>', 'b'] }, true, { content: 'a <think>b' }],
    ['that breaks off in its tag', { tokens: ['<th'] }, true, { content: '<th' }],
    ['before calls', { ...called, tokens: ['<think>', 'r</think>'] }, true, { ...calls, reasoning: 'r' }],
  ])('%s', async (_, script, inlineThinkTags, message) => {
    const { whole, streamed } = await askBothWays(script, { quirks: { inlineThinkTags } });
    expect(whole).toMatchObject({ choices: [message] });
    expect(streamed).toMatchObject({ choices: [message] });
  });

  test('of several choices at once', async () => {
    const choices = [{ tokens: ['<think>', 'r', '</think>', 'a'] }, { tokens: ['b', 'c', '</think>'] }];
    const { whole, streamed } = await askBothWays(
      { choices },
      { quirks: { inlineThinkTags: true }, request: { n: 2 } },
    );
    const expected = { choices: [{ reasoning: 'r', content: 'a' }, { content: 'bc</think>' }] };
    expect([whole, streamed]).toMatchObject([expected, expected]);
  });
});

describe('the quirks of an answer', () => {
  test.each<[string, Quirks, Reply, object]>([
    [
      'reasoningFields',
      { reasoningFields: ['musing'] },
      { ...thought, quirks: { reasoning: { field: 'musing' } } },
      { choices: [reasoned] },
    ],
    [
      'reasoningFields that are others',
      { reasoningFields: ['musing'] },
      thought,
      { choices: [{ content: 'So it is.' }] },
    ],
    [
      'mapFinishReason',
      { mapFinishReason: { HALT: 'length' } },
      { ...said, finishReason: 'HALT' },
      { choices: [{ finish_reason: 'length' }] },
    ],
    [
      'mapFinishReason to a failure',
      { mapFinishReason: { broken: 'error' } },
      { ...said, finishReason: 'broken' },
      { code: expect.stringMatching(/^(provider|stream_interrupted)$/) },
    ],
    [
      'mapUsage',
      { mapUsage: ({ usage }) => (usage as { total_tokens: number }) && { prompt_tokens: 1, completion_tokens: 1 } },
      said,
      { usage: [1, 1, 2] },
    ],
  ])('%s', async (_, quirks, script, expected) => {
    const { whole, streamed } = await askBothWays(script, { quirks });
    expect(whole).toMatchObject(expected);
    expect(streamed).toMatchObject(expected);
  });

  test('mapError, under any status', async () => {
    const mapError: Quirks['mapError'] = ({ oops }) =>
      oops ? { message: 'm', code: 'insufficient_quota' } : undefined;
    for (const status of [200, 418]) {
      const { whole, streamed } = await askBothWays({ status, body: { oops: 17 } }, { quirks: { mapError } });
      expect([whole, streamed]).toMatchObject([{ code: 'quota_exceeded' }, { code: 'quota_exceeded' }]);
    }
    expect((await askBothWays(said, { quirks: { mapError } })).whole).toMatchObject({ choices: [answer] });
  });

  test('chunkFilter, but an error always counts', async () => {
    const chunk = (content: string, finish_reason: string | null = null) => ({
      choices: [{ delta: { content }, finish_reason }],
    });
    const quirks: Quirks = { chunkFilter: ({ ignore }) => !ignore };
    const noise = { ...chunk('noise'), ignore: true };
    const events = [chunk('a'), noise, chunk('b'), chunk('', 'stop'), '[DONE]'];
    expect((await askBothWays({ events }, { quirks })).streamed).toMatchObject({ choices: [{ content: 'ab' }] });
    const failing = [{ ignore: true, error: { message: 'over capacity', code: 503 } }];
    expect((await askBothWays({ events: failing }, { quirks })).streamed).toMatchObject({ code: 'overloaded' });
  });
});

describe('the quirks of a request', () => {
  const past: NonNullable<CompletionRequest['messages']> = [
    {
      role: 'developer',
      content: [
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
      ],
    },
    { role: 'assistant', content: 'c', reasoning: 'r', reasoning_details: [{ type: 'reasoning.text', text: 'r' }] },
    ...hi,
  ];
  const developer = { role: 'system', content: past[0]?.content };
  const assistant = { role: 'assistant', content: 'c' };

  test.each<[string, Quirks, Asking['request'], object, OpenaiQuirks?]>([
    [
      'maxTokensField',
      { maxTokensField: 'max_completion_tokens' },
      { max_tokens: 5 },
      { max_completion_tokens: 5 },
      { refuses: ['max_tokens'] },
    ],
    ['no maxTokensField', {}, { max_completion_tokens: 5 }, { max_tokens: 5 }, { refuses: ['max_completion_tokens'] }],
    [
      'renameParams',
      { renameParams: { seed: 'random_seed' } },
      { seed: 1 },
      { random_seed: 1 },
      { accepts: ['random_seed'], refuses: ['seed'] },
    ],
    [
      'stripStrict',
      { stripStrict: true },
      { tools: [weather] },
      { tools: [{ type: 'function', function: { name: 'f' } }] },
    ],
    ['no stripStrict', {}, { tools: [weather] }, { tools: [weather] }],
    [
      'flattenText',
      { flattenText: true },
      { messages: past },
      { messages: [{ role: 'system', content: 'a\nb' }, assistant, ...hi] },
    ],
    [
      'systemRole',
      { systemRole: 'developer' },
      { messages: past },
      { messages: [{ ...developer, role: 'developer' }, assistant, ...hi] },
    ],
    ['no systemRole', {}, { messages: past }, { messages: [developer, assistant, ...hi] }],
    [
      'reasoningInHistory: strip',
      { reasoningInHistory: 'strip' },
      { messages: past },
      { messages: [developer, assistant, ...hi] },
    ],
    [
      'reasoningInHistory: reasoning',
      { reasoningInHistory: 'reasoning' },
      { messages: past },
      { messages: [developer, { ...assistant, reasoning: 'r' }, ...hi] },
    ],
    [
      'reasoningInHistory: reasoning_content',
      { reasoningInHistory: 'reasoning_content' },
      { messages: past },
      { messages: [developer, { ...assistant, reasoning_content: 'r' }, ...hi] },
    ],
    [
      'reasoningInHistory: reasoning_details',
      { reasoningInHistory: 'reasoning_details' },
      { messages: past },
      { messages: [developer, { ...assistant, reasoning_details: [{ type: 'reasoning.text', text: 'r' }] }, ...hi] },
    ],
  ])('%s', async (_, quirks, request, expected, server = {}) => {
    const { whole, streamed, requests } = await askBothWays(
      { ...said, quirks: server },
      { quirks, request: request ?? {} },
    );
    const [first, second] = bodiesOf(requests);
    expect(first).toEqual({ model: 'm', messages: hi, ...expected });
    expect(second).toEqual({ ...first, stream: true, stream_options: { include_usage: true } });
    expect([whole, streamed]).toMatchObject([{ choices: [answer] }, { choices: [answer] }]);
  });

  test('flattenText leaves other parts as they are', async () => {
    const content = [
      { type: 'text' as const, text: 'a' },
      { type: 'image_url' as const, image_url: { url: 'https://h/x' } },
    ];
    const messages: NonNullable<CompletionRequest['messages']> = [{ role: 'user', content }];
    const { requests } = await askBothWays(said, { quirks: { flattenText: true }, request: { messages } });
    expect(requests[0]?.body?.messages).toEqual(messages);
  });

  test('includeUsage: false, for a server that refuses to be asked', async () => {
    const script: Reply = { ...said, quirks: { refuses: ['stream_options'], usage: 'finish' } };
    const { streamed } = await askBothWays(script, { quirks: { includeUsage: false } });
    expect(streamed).toMatchObject({ usage: [3, 5, 8] });
    expect((await askBothWays(script)).streamed).toMatchObject({ code: 'invalid_request' });
  });

  test('dropParams leaves out what only tunes, and refuses the rest before the network', async () => {
    const quirks: Quirks = { dropParams: ['seed', 'n'] };
    const { whole, requests } = await askBothWays(said, { quirks, request: { seed: 1 } });
    expect(whole).toMatchObject({ warnings: [['parameter_dropped', 'seed']] });
    expect(requests[0]?.body).toEqual({ model: 'm', messages: hi });
    const refused = await askBothWays(said, { quirks, request: { n: 2 } });
    expect([refused.whole, refused.requests]).toMatchObject([{ code: 'unsupported_parameter' }, []]);
  });

  test.each<[Quirks['structuredOutputs'], string[]]>([
    ['json_schema', ['json_object', 'json_schema']],
    ['json_object', ['json_object']],
    ['none', []],
  ])('structuredOutputs: %s', async (structuredOutputs, known) => {
    const schema = { type: 'json_schema' as const, json_schema: { name: 'n', schema: { type: 'object' } } };
    for (const response_format of [{ type: 'json_object' as const }, schema]) {
      const messages: NonNullable<CompletionRequest['messages']> = [{ role: 'user', content: 'As JSON' }];
      const quirks = { structuredOutputs } as Quirks;
      const { requests } = await askBothWays(said, { quirks, request: { response_format, messages } });
      expect(requests).toHaveLength(known.includes(response_format.type) ? 2 : 0);
    }
  });
});

describe('the quirks of the connection', () => {
  afterEach(() => vi.unstubAllEnvs());

  test('authHeader, and the key is in no error', async () => {
    const server = { requireKey: 'secret-key-1', quirks: { keyHeader: 'api-key' } };
    const config = { apiKey: 'secret-key-1' };
    const { whole, requests } = await askBothWays(said, {
      server,
      settings: { config },
      quirks: { authHeader: 'api-key' },
    });
    expect(whole).toMatchObject({ choices: [answer] });
    expect(requests[0]?.headers).not.toHaveProperty('authorization');
    const error: Reply = { error: { status: 401, message: 'wrong key secret-key-1' } };
    const failed = await askBothWays(error, { settings: { config }, quirks: { authHeader: () => 'api-key' } });
    expect(failed.whole).toMatchObject({ code: 'authentication' });
    expect(String(failed.whole)).not.toContain('secret-key-1');
  });

  test('a key is needed, or not, or there is no variable for it', async () => {
    const withEnv = { apiKeyEnv: 'COMPAT_TEST_KEY' };
    expect((await askBothWays(said, { settings: withEnv })).whole).toMatchObject({ code: 'missing_api_key' });
    const optional = await askBothWays(said, { settings: { ...withEnv, apiKeyOptional: true } });
    expect(optional.requests[0]?.headers).not.toHaveProperty('authorization');
    vi.stubEnv('COMPAT_TEST_KEY', 'k1');
    const given = await askBothWays(said, { settings: { apiKeyEnv: ['COMPAT_TEST_NONE', 'COMPAT_TEST_KEY'] } });
    expect(given.requests[0]?.headers.authorization).toBe('Bearer k1');
    const keyless = await askBothWays(said, { settings: { config: { apiKey: 'k2' } } });
    expect(keyless.requests[0]?.headers.authorization).toBe('Bearer k2');
  });

  test('headers, those of the caller first', async () => {
    const settings = { config: { headers: { 'X-B': '2' } } };
    const { requests } = await askBothWays(said, { quirks: { headers: { 'X-A': '1', 'x-B': '1' } }, settings });
    expect(requests[0]?.headers).toMatchObject({ 'x-a': '1', 'x-b': '2' });
  });

  test('query, that of the base URL first', async () => {
    const quirks: Quirks = { query: { 'api-version': '1', mode: 'a b' } };
    const { requests, simulator } = await askBothWays(said, { quirks });
    expect(requests[0]?.path).toBe('/openai/v1/chat/completions?api-version=1&mode=a+b');
    const settings = { baseURL: `${simulator.baseURL.openai}?api-version=2` };
    await askBothWays(said, { quirks: { query: () => ({ 'api-version': '1' }) }, settings });
    expect(simulator.requests.at(-1)?.path).toBe('/openai/v1/chat/completions?api-version=2');
  });

  test('chatPath', async () => {
    const body = { choices: [{ message: { content: 'So it is.' } }] };
    const chatPath: Quirks['chatPath'] = ({ model }) => `models/${model}/chat`;
    const { whole, requests } = await askBothWays({ body }, { quirks: { chatPath } });
    expect(whole).toMatchObject({ choices: [answer] });
    expect(requests.map(({ path }) => path)).toEqual(['/openai/v1/models/m/chat', '/openai/v1/models/m/chat']);
  });
});
