import type { CompletionRequest } from '@anyllm/core';
import { createMistral } from '@anyllm/provider-mistral';
import type { Script } from '@anyllm/simulator';
import { describe, expect, test } from 'vitest';
import { asking, hi } from './dialect-asking.ts';

const { ask, fail, bothWays, baseURL } = asking('mistral', 'mistral-small-latest');

const weather: NonNullable<CompletionRequest['tools']>[number] = {
  type: 'function',
  function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
};

describe('the request', () => {
  test.each(['', '/', '/v1', '/v1/'])('the base URL may end in "%s"', async (end) => {
    const { path, headers } = await ask({}, undefined, baseURL() + end);
    expect([path, headers.authorization]).toEqual(['/mistral/v1/chat/completions', 'Bearer key']);
  });

  test('a query in the base URL stays behind the path', async () => {
    const { path } = await ask({}, undefined, `${baseURL()}/v1?tenant=a`);
    expect(path).toBe('/mistral/v1/chat/completions?tenant=a');
  });

  test('parameters have the names and values that Mistral knows', async () => {
    const same = {
      temperature: 0.2,
      top_p: 0.9,
      stop: ['x'],
      frequency_penalty: 0.1,
      presence_penalty: 0.2,
      metadata: { a: 'b' },
      prompt_cache_key: 'k',
      parallel_tool_calls: false,
    };
    const { body, answer } = await ask({
      ...same,
      messages: [{ role: 'developer', content: 'Be short.' }, ...hi],
      max_completion_tokens: 20,
      max_tokens: 10,
      seed: 7,
      service_tier: 'default',
      tool_choice: 'required',
      tools: [{ type: 'function', function: { name: 'now', strict: null } }],
      prediction: {
        type: 'content',
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      },
    });
    expect(body).toEqual({
      ...same,
      model: 'mistral-small-latest',
      messages: [{ role: 'system', content: 'Be short.' }, ...hi],
      max_tokens: 20,
      random_seed: 7,
      service_tier: 'standard_only',
      tool_choice: 'any',
      tools: [{ type: 'function', function: { name: 'now', parameters: { type: 'object', properties: {} } } }],
      prediction: { type: 'content', content: 'ab' },
    });
    expect(answer.meta.warnings).toEqual([]);
  });

  test('a named tool choice stays', async () => {
    const tool_choice = { type: 'function', function: { name: 'weather' } } as const;
    expect((await ask({ tools: [weather], tool_choice })).body.tool_choice).toEqual(tool_choice);
  });

  test('what only tunes and Mistral lacks is left out with a warning', async () => {
    const { body, answer } = await ask({ user: 'u', logit_bias: { 5: 1 }, verbosity: 'low', service_tier: 'flex' });
    expect(body).toEqual({ model: 'mistral-small-latest', messages: hi });
    expect(answer.meta.warnings.map(({ code, parameter }) => [code, parameter])).toEqual(
      ['user', 'logit_bias', 'verbosity', 'service_tier'].map((name) => ['parameter_dropped', name]),
    );
  });

  test.each<[string, Partial<CompletionRequest>]>([
    ['logprobs', { logprobs: true }],
    ['top_logprobs', { top_logprobs: 2 }],
    ['modalities', { modalities: ['audio'] }],
    ['web_search_options', { web_search_options: {} }],
    ['tools[0]', { tools: [{ type: 'custom', custom: { name: 'c' } }] }],
  ])('%s is refused before the network', async (parameter, request) => {
    const { error, sent } = await fail(request);
    expect([error, sent]).toMatchObject([{ code: 'unsupported_parameter', parameter }, 0]);
  });

  test('a tool choice without tools is refused before the network', async () => {
    const { error, sent } = await fail({ tool_choice: 'required' });
    expect([error, sent]).toMatchObject([{ code: 'invalid_request', path: 'tool_choice' }, 0]);
  });

  test("Mistral's own fields come through provider_options, and no other vendor's do", async () => {
    const { body } = await ask({
      provider_options: { mistral: { safe_prompt: true, prompt_mode: 'reasoning' }, openai: { store: true } },
    });
    expect(body).toEqual({ model: 'mistral-small-latest', messages: hi, safe_prompt: true, prompt_mode: 'reasoning' });
  });

  test.each([
    ['mistral-small-latest', 'high', 'high', []],
    ['mistral-small-latest', 'none', 'none', []],
    ['mistral-small-latest', 'low', 'high', ['parameter_adjusted']],
    ['mistral-medium-3-5', 'max', 'high', ['parameter_adjusted']],
    ['mistral-large-latest', 'high', undefined, ['parameter_dropped']],
  ] as const)('%s: effort %s is sent as %s', async (model, effort, sent, warnings) => {
    const { body, answer } = await ask({ model: `mistral/${model}`, reasoning_effort: effort });
    expect([body.reasoning_effort, answer.meta.warnings.map(({ code }) => code)]).toEqual([sent, warnings]);
  });

  test('images and documents come through', async () => {
    const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } } as const;
    const file = { type: 'file', file: { file_data: 'data:application/pdf;base64,AA' } } as const;
    const { body } = await ask({ messages: [{ role: 'user', content: [{ type: 'text', text: 'See' }, image, file] }] });
    const document = { type: 'document_url', document_url: 'data:application/pdf;base64,AA' };
    expect(body.messages).toEqual([{ role: 'user', content: [{ type: 'text', text: 'See' }, image, document] }]);
  });

  test('a prefix is continued', async () => {
    const messages = [...hi, { role: 'assistant' as const, content: 'Dear', prefix: true }];
    expect((await ask({ messages })).body.messages).toEqual(messages);
  });

  test('json_schema is answered by its schema', async () => {
    const schema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };
    const response_format = { type: 'json_schema', json_schema: { name: 'n', schema, strict: true } } as const;
    const { body, answer } = await ask({ response_format });
    expect(body.response_format).toEqual(response_format);
    expect(JSON.parse(answer.text)).toEqual({ n: expect.any(Number) });
  });

  test('json_object is answered by JSON', async () => {
    const { answer } = await ask({ response_format: { type: 'json_object' } });
    expect(JSON.parse(answer.text)).toEqual({ answer: 'Hi' });
  });
});

describe('a conversation with tools', () => {
  test('goes round, also with several calls at once: call, result, answer', async () => {
    const toolCalls = ['Rome', 'Oslo'].map((city) => ({ name: 'weather', arguments: { city } }));
    const first = await ask({ tools: [weather] }, { toolCalls });
    expect(first.answer.choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      text: '',
      message: { content: null },
    });
    const calls = first.message.tool_calls ?? [];
    expect(calls).toMatchObject([
      { function: { arguments: '{"city":"Rome"}' } },
      { function: { arguments: '{"city":"Oslo"}' } },
    ]);

    const results = calls.map(({ id }) => ({ role: 'tool' as const, tool_call_id: id, content: 'sunny' }));
    const second = await ask({ tools: [weather], messages: [...hi, first.message, ...results] });
    expect(second.answer.text).toBe('The tool answered: sunny');
    expect(second.body.messages).toMatchObject([
      { role: 'user' },
      { role: 'assistant', tool_calls: calls.map(({ id }) => ({ id })) },
      { role: 'tool', name: 'weather', tool_call_id: calls[0]?.id },
      { role: 'tool', name: 'weather', tool_call_id: calls[1]?.id },
    ]);
  });

  test("may have begun with another vendor, and go on with a user's words", async () => {
    const id = 'call_abcdefghijklmnopqrstuvwx';
    const { answer } = await ask({
      tools: [weather],
      messages: [
        ...hi,
        { role: 'assistant', tool_calls: [{ id, type: 'function', function: { name: 'f', arguments: '{}' } }] },
        { role: 'tool', tool_call_id: id, content: 'sunny' },
        { role: 'user', content: 'Thanks' },
      ],
    });
    expect(answer.text).toContain('Thanks');
  });
});

describe('the answer', () => {
  test('reasoning comes apart and goes back with the next turn', async () => {
    const { message } = await ask({ reasoning_effort: 'high' }, { reasoning: 'Hm. ', text: 'Yes' });
    expect(message).toMatchObject({ content: 'Yes', reasoning: 'Hm. ' });
    const { body } = await ask({ messages: [...hi, message, { role: 'user', content: 'Sure?' }] });
    const thinking = { type: 'thinking', thinking: [{ type: 'text', text: 'Hm. ' }], closed: true };
    expect(body.messages).toMatchObject([{}, { content: [thinking, { type: 'text', text: 'Yes' }] }, {}]);
  });

  test.each([
    ['stop', 'stop', undefined],
    ['length', 'length', undefined],
    ['model_length', 'length', 'model_length'],
    ['invented', 'stop', 'invented'],
  ])('finish reason %s', async (finishReason, reason, raw) => {
    const [choice] = (await ask({}, { text: 'a', finishReason })).answer.choices;
    expect([choice?.finish_reason, choice?.raw_finish_reason]).toEqual([reason, raw]);
  });

  test.each<[string, Script]>([
    ['text', { text: 'Words, größe 😀', usage: { prompt: 3, completion: 5, cached: 2 } }],
    ['reasoning', { reasoning: 'Let me see.', text: 'So it is.' }],
    [
      'parallel calls',
      {
        toolCalls: [
          { id: 'aaaaaaaaa', name: 'f', arguments: { x: 1 } },
          { id: 'bbbbbbbbb', name: 'f', arguments: {} },
        ],
      },
    ],
    ['several choices', { choices: [{ text: 'a b' }, { text: 'c d', finishReason: 'length' }] }],
  ])('%s: whole and streamed are the same', async (_, script) => {
    const { whole, streamed, body } = await bothWays({ n: 2, tools: [weather] }, script);
    expect(streamed).toEqual(whole);
    expect(streamed.usage?.total_tokens).toBeGreaterThan(0);
    expect(body).not.toHaveProperty('stream_options');
  });

  test('usage tells the cached tokens', async () => {
    const { answer } = await ask({}, { text: 'a', usage: { prompt: 9, completion: 4, cached: 8 } });
    expect(answer.usage).toMatchObject({ total_tokens: 13, prompt_tokens_details: { cached_tokens: 8 } });
  });

  test('the service tier is told, which Mistral puts with the usage', async () => {
    const choices = [{ index: 0, message: { content: 'a' }, finish_reason: 'stop' }];
    const body = {
      id: 'c',
      model: 'm',
      choices,
      usage: { prompt_tokens: 1, completion_tokens: 1, service_tier: 'priority' },
    };
    expect((await ask({}, { body })).answer.service_tier).toBe('priority');
  });
});

describe('a failure', () => {
  test.each<[string, Script, object]>([
    ['a wrong key', { status: 401 }, { code: 'authentication', status: 401, retryable: false }],
    [
      'an unknown model',
      { error: { status: 400, type: 'invalid_model', code: '1500', message: 'Invalid model: x' } },
      { code: 'model_not_found' },
    ],
    ['an unknown path', { status: 404 }, { code: 'provider', status: 404 }],
    [
      'a rate limit',
      { status: 429, headers: { 'retry-after': '2' } },
      { code: 'rate_limit', retryable: true, retryAfterMs: 2000 },
    ],
    [
      'no capacity',
      { error: { status: 429, code: '3505', message: 'Service tier capacity exceeded' } },
      { code: 'overloaded' },
    ],
    ['no payment', { status: 402 }, { code: 'quota_exceeded', retryable: false }],
    [
      'an unknown field',
      { status: 422, body: { detail: [{ type: 'extra_forbidden', loc: ['body', 'seed'], msg: 'Extra inputs' }] } },
      { code: 'unsupported_parameter', parameter: 'seed' },
    ],
    [
      'too long a prompt',
      {
        error: {
          status: 400,
          message: 'Prompt contains 40000 tokens, too large for model with 32768 maximum context length',
        },
      },
      { code: 'context_length_exceeded' },
    ],
    ['guardrails', { error: { status: 403, message: 'Blocked by guardrail' } }, { code: 'content_filter' }],
    ['a server error', { status: 500 }, { code: 'provider', retryable: true }],
  ])('%s', async (_, script, expected) => {
    const { error } = await fail({}, script);
    expect(error).toMatchObject({ provider: 'mistral', requestId: expect.any(String), ...expected });
  });

  test('of the model, told by the finish reason', async () => {
    const { error } = await fail({}, { text: 'a', finishReason: 'error' });
    expect(error).toMatchObject({ code: 'provider', retryable: true });
  });

  test("an order of messages that cannot be mended is the vendor's to refuse", async () => {
    const { error } = await fail({ messages: [...hi, { role: 'assistant', content: 'a' }] });
    expect(error).toMatchObject({ code: 'invalid_request', status: 400 });
  });
});

test('the environment names the address, under either name', () => {
  const { baseURL } = createMistral().connection;
  expect(baseURL).toMatchObject({ env: ['MISTRAL_API_BASE', 'MISTRAL_BASE_URL'], default: 'https://api.mistral.ai' });
});
