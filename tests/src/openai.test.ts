import type { CompletionRequest } from '@anyllm/core';
import '@anyllm/provider-openai';
import type { Script } from '@anyllm/simulator';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { asking, hi } from './dialect-asking.ts';

const { ask, fail, bothWays } = asking('openai', 'gpt-4o');

const weather: NonNullable<CompletionRequest['tools']>[number] = {
  type: 'function',
  function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
};

describe('the request', () => {
  test('parameters go as they are, with the bound under its newer name', async () => {
    const same: Partial<CompletionRequest> = {
      temperature: 0.2,
      top_p: 0.9,
      stop: ['x'],
      seed: 7,
      frequency_penalty: 0.1,
      presence_penalty: 0.2,
      logit_bias: { 5: 1 },
      logprobs: true,
      top_logprobs: 2,
      n: 2,
      tools: [weather],
      tool_choice: 'required',
      parallel_tool_calls: false,
      response_format: { type: 'json_schema', json_schema: { name: 'n', schema: { type: 'object' } } },
      verbosity: 'low',
      service_tier: 'flex',
      store: false,
      metadata: { a: 'b' },
      prompt_cache_key: 'k',
      safety_identifier: 's',
      user: 'u',
      prediction: { type: 'content', content: 'a' },
      modalities: ['text', 'audio'],
      audio: { format: 'wav', voice: 'alloy' },
      web_search_options: { search_context_size: 'low' },
    };
    const { body, answer } = await ask({ ...same, max_tokens: 9 });
    expect(body).toEqual({ ...same, model: 'gpt-4o', messages: hi, max_completion_tokens: 9 });
    expect(answer.meta.warnings).toEqual([]);
  });

  test('messages have only the fields of the schema, also those that we returned', async () => {
    const script = { text: 'Yes', reasoning: 'Hm' };
    const { answer } = await ask({}, script);
    const [choice] = answer.choices;
    const extended = { ...choice?.message, parsed: {}, text: 'Yes', annotations: [], role: 'assistant' as const };
    const user = { role: 'user' as const, content: 'Sure?', name: 'Ann', timestamp: 1 };
    expect((await ask({ messages: [...hi, extended, user] })).body.messages).toEqual([
      ...hi,
      { role: 'assistant', content: 'Yes' },
      { role: 'user', content: 'Sure?', name: 'Ann' },
    ]);
  });

  test('content parts come through as they are', async () => {
    const content = [
      { type: 'text', text: 'See', prompt_cache_breakpoint: { mode: 'explicit' } },
      { type: 'image_url', image_url: { url: 'https://h/x.png', detail: 'low' } },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } },
      { type: 'input_audio', input_audio: { data: 'AA', format: 'wav' } },
      { type: 'file', file: { file_id: 'file-1' } },
    ];
    const messages = [{ role: 'user', content }] as unknown as NonNullable<CompletionRequest['messages']>;
    expect((await ask({ messages })).body.messages).toEqual(messages);
  });

  test.each([
    ['gpt-4o', 'system'],
    ['gpt-5', 'developer'],
    ['o3', 'developer'],
    ['gpt-5-chat-latest', 'system'],
  ])('%s is instructed by a %s message', async (model, role) => {
    const messages = [{ role: 'system' as const, content: 'a' }, { role: 'developer' as const, content: 'b' }, ...hi];
    const { body } = await ask({ model: `openai/${model}`, messages });
    expect(body.messages).toEqual([{ role, content: 'a' }, { role, content: 'b' }, ...hi]);
  });

  test('a reasoning model gets no sampling, with a warning for each', async () => {
    const { body, answer } = await ask({
      model: 'openai/gpt-5',
      temperature: 0.2,
      presence_penalty: 1,
      reasoning_effort: 'low',
    });
    expect(body).toEqual({ model: 'gpt-5', messages: hi, reasoning_effort: 'low' });
    expect(answer.meta.warnings.map(({ code, parameter }) => [code, parameter])).toEqual([
      ['parameter_dropped', 'temperature'],
      ['parameter_dropped', 'presence_penalty'],
    ]);
  });

  test('one that is told not to reason may be tuned', async () => {
    const { body } = await ask({ model: 'openai/gpt-5.1', temperature: 0.2, logprobs: true, reasoning_effort: 'none' });
    expect(body).toMatchObject({ temperature: 0.2, logprobs: true });
  });

  test.each<[string, Partial<CompletionRequest>]>([
    ['logprobs', { model: 'openai/o3', logprobs: true }],
    ['stop', { model: 'openai/o3', stop: 'x' }],
    ['stop', { model: 'openai/gpt-5', stop: 'x' }],
  ])('%s is refused before the network where the model has none', async (parameter, request) => {
    const { error, sent } = await fail(request);
    expect([error, sent]).toMatchObject([{ code: 'unsupported_parameter', parameter }, 0]);
  });

  test('what is said of tools is left out where there are none', async () => {
    const { body } = await ask({ tools: [], tool_choice: 'none', parallel_tool_calls: true });
    expect(body).toEqual({ model: 'gpt-4o', messages: hi });
  });

  test('custom tools and their calls come through', async () => {
    const tools: CompletionRequest['tools'] = [{ type: 'custom', custom: { name: 'c', format: { type: 'text' } } }];
    const call = { id: 'call_1', type: 'custom' as const, custom: { name: 'c', input: 'free' } };
    const result = { role: 'tool' as const, tool_call_id: 'call_1', content: 'r', name: 'c' };
    const { body } = await ask({ tools, messages: [...hi, { role: 'assistant', tool_calls: [call] }, result] });
    expect(body.tools).toEqual(tools);
    expect(body.messages).toEqual([
      ...hi,
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'call_1', content: 'r' },
    ]);
  });

  test("OpenAI's newest fields come through provider_options", async () => {
    const { body } = await ask({
      provider_options: { openai: { prompt_cache_retention: '24h' }, mistral: { safe_prompt: true } },
    });
    expect(body).toEqual({ model: 'gpt-4o', messages: hi, prompt_cache_retention: '24h' });
  });

  describe('of an account with several organizations', () => {
    afterEach(() => vi.unstubAllEnvs());

    test('names organization and project from the environment', async () => {
      vi.stubEnv('OPENAI_ORG_ID', ' org-1 ');
      vi.stubEnv('OPENAI_PROJECT_ID', 'proj-1');
      const { headers } = await ask();
      expect(headers).toMatchObject({ 'openai-organization': 'org-1', 'openai-project': 'proj-1' });
    });
  });
});

describe('the answer', () => {
  test('calls go round, also several at once: call, result, answer', async () => {
    const toolCalls = ['Rome', 'Oslo'].map((city) => ({ name: 'weather', arguments: { city } }));
    const { message } = await ask({ tools: [weather] }, { toolCalls });
    const results = (message.tool_calls ?? []).map(({ id }) => ({
      role: 'tool' as const,
      tool_call_id: id,
      content: 'sunny',
    }));
    expect(results).toHaveLength(2);
    const { answer } = await ask({ tools: [weather], messages: [...hi, message, ...results] });
    expect(answer.text).toBe('The tool answered: sunny');
  });

  test('a forced call, which ends with stop on the wire, ends with tool_calls', async () => {
    const script = { toolCalls: [{ name: 'weather', arguments: {} }], finishReason: 'stop' };
    const [choice] = (await ask({ tools: [weather] }, script)).answer.choices;
    expect([choice?.finish_reason, choice?.raw_finish_reason]).toEqual(['tool_calls', 'stop']);
  });

  test('annotations, audio and a custom call are kept', async () => {
    const message = {
      content: null,
      annotations: [{ type: 'url_citation', url_citation: { url: 'https://h' } }],
      audio: { id: 'a', data: 'AA', expires_at: 1, transcript: 't' },
      tool_calls: [{ id: 'call_1', type: 'custom', custom: { name: 'c', input: 'free' } }],
    };
    const body = {
      id: 'c',
      model: 'm',
      service_tier: 'default',
      choices: [{ index: 0, message, finish_reason: 'stop' }],
    };
    const asked = await ask({}, { body });
    expect(asked.message).toMatchObject(message);
    expect(asked.answer.service_tier).toBe('default');
  });

  test.each<[string, Partial<CompletionRequest>, Script]>([
    ['text', {}, { text: 'Words, größe 😀', usage: { prompt: 3, completion: 5, cached: 2, reasoning: 1 } }],
    ['reasoning', {}, { reasoning: 'Let me see.', text: 'So it is.' }],
    ['a refusal', {}, { refusal: 'I will not.' }],
    ['log probabilities', { logprobs: true, top_logprobs: 2 }, { text: 'a b c', logprobs: [-1, -2, -3, -4, -5] }],
    ['several choices', { n: 2 }, { choices: [{ text: 'a b' }, { text: 'c d', finishReason: 'content_filter' }] }],
    [
      'parallel calls',
      { tools: [weather] },
      {
        toolCallFragments: 3,
        toolCalls: [
          { id: 'call_1', name: 'f', arguments: { x: 'größe' } },
          { id: 'call_2', name: 'f', arguments: '{"broken"' },
        ],
      },
    ],
  ])('%s: whole and streamed are the same', async (_, request, script) => {
    const { whole, streamed, body } = await bothWays(request, script);
    expect(withoutFingerprint(streamed)).toEqual(withoutFingerprint(whole));
    expect(streamed.usage?.total_tokens).toBeGreaterThan(0);
    expect(body.stream_options).toEqual({ include_usage: true });
  });
});

/** Made up for each call. */
function withoutFingerprint({ system_fingerprint, ...answer }: { system_fingerprint?: string }) {
  expect(system_fingerprint).toMatch(/^fp_/);
  return answer;
}

describe('a failure', () => {
  test.each<[string, Script, object]>([
    ['a wrong key', { status: 401 }, { code: 'authentication', retryable: false }],
    [
      'an unknown model',
      { error: { status: 404, code: 'model_not_found', message: 'no' } },
      { code: 'model_not_found' },
    ],
    [
      'a rate limit',
      { status: 429, headers: { 'retry-after-ms': '250' } },
      { code: 'rate_limit', retryAfterMs: 250, retryable: true },
    ],
    [
      'a used-up quota',
      { error: { status: 429, code: 'insufficient_quota', type: 'insufficient_quota' } },
      { code: 'quota_exceeded', retryable: false },
    ],
    [
      'too long a prompt',
      { error: { status: 400, code: 'context_length_exceeded', param: 'messages' } },
      { code: 'context_length_exceeded' },
    ],
    ['a blocked prompt', { error: { status: 400, code: 'content_policy_violation' } }, { code: 'content_filter' }],
    [
      'a parameter',
      { error: { status: 400, code: 'unsupported_parameter', param: 'max_tokens' } },
      { code: 'unsupported_parameter', parameter: 'max_tokens' },
    ],
    ['an overload', { status: 503 }, { code: 'overloaded', retryable: true }],
  ])('%s', async (_, script, expected) => {
    const { error } = await fail({}, script);
    expect(error).toMatchObject({ provider: 'openai', requestId: expect.stringMatching(/^req_/), ...expected });
  });
});
