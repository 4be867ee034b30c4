import { AnyLLMError, type ErrorCode, type ResponseHeaders } from '@anyllm/core/provider';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { errorFromEvent, errorFromResponse } from './map-error.ts';

interface Answer {
  status: number;
  body?: unknown;
  headers?: ResponseHeaders;
  provider?: string;
  apiKey?: string;
}

function map({ status, body = '', headers = {}, provider = 'p', apiKey }: Answer): AnyLLMError {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return errorFromResponse({ provider, model: 'm', status, headers, body: text, apiKey });
}

const openai = (message: string, fields: object = {}) => ({
  error: { message, type: null, param: null, code: null, ...fields },
});
const flat = (message: string, fields: object = {}) => ({
  object: 'error',
  message,
  param: null,
  code: null,
  ...fields,
});

describe('errorFromResponse', () => {
  test.each<[number, ErrorCode, boolean]>([
    [301, 'provider', false],
    [400, 'invalid_request', false],
    [401, 'authentication', false],
    [402, 'quota_exceeded', false],
    [403, 'permission_denied', false],
    [404, 'provider', false],
    [405, 'invalid_request', false],
    [408, 'provider', true],
    [409, 'provider', true],
    [413, 'invalid_request', false],
    [415, 'invalid_request', false],
    [422, 'invalid_request', false],
    [429, 'rate_limit', true],
    [498, 'overloaded', true],
    [499, 'provider', false],
    [500, 'provider', true],
    [502, 'provider', true],
    [503, 'overloaded', true],
    [504, 'provider', true],
    [524, 'provider', true],
    [529, 'overloaded', true],
  ])('status %i without a body is %s, retryable: %s', (status, code, retryable) => {
    expect(map({ status })).toMatchObject({ code, retryable, status, provider: 'p', model: 'm' });
  });

  test.each<[string, number, unknown, ErrorCode]>([
    ['quota of OpenAI', 429, openai('m', { type: 'insufficient_quota', code: 'insufficient_quota' }), 'quota_exceeded'],
    [
      'quota by text',
      429,
      openai('You exceeded your current quota, please check your plan and billing details.'),
      'quota_exceeded',
    ],
    ['rate limit with a link', 429, openai('Rate limit reached. Visit https://x.com/insufficient-quota'), 'rate_limit'],
    ['bad request with a link', 400, openai('Bad field, see https://x.com/docs/moderation'), 'invalid_request'],
    ['rate limit that reads like an overflow', 400, openai('Rate limit: maximum context length'), 'invalid_request'],
    [
      'rate limit of Gemini that speaks of quota',
      429,
      [{ error: { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'You exceeded your current quota' } }],
      'rate_limit',
    ],
    [
      'tokens per minute that read like an overflow',
      429,
      openai('maximum context length tokens per minute'),
      'rate_limit',
    ],
    [
      'capacity of Mistral',
      429,
      flat('Service tier capacity exceeded for this model.', { type: 'invalid_request_error', code: '3505' }),
      'overloaded',
    ],
    [
      'capacity by text',
      429,
      flat('Service tier capacity exceeded for this model.', { type: 'invalid_request_error' }),
      'overloaded',
    ],
    [
      'rate limit of Mistral',
      429,
      flat('Requests rate limit exceeded', { type: 'rate_limited', code: '1300' }),
      'rate_limit',
    ],
    [
      'key on a 400 of Gemini',
      400,
      [
        {
          error: { code: 400, status: 'INVALID_ARGUMENT', message: 'API key not valid. Please pass a valid API key.' },
        },
      ],
      'authentication',
    ],
    [
      'model of OpenAI',
      404,
      openai("The model 'x' does not exist", { type: 'invalid_request_error', code: 'model_not_found' }),
      'model_not_found',
    ],
    ['model of Mistral', 400, flat('Invalid model: x', { type: 'invalid_model', code: '1500' }), 'model_not_found'],
    ['model of Ollama', 404, { error: 'model "x" not found, try pulling it first' }, 'model_not_found'],
    [
      'model of Gemini',
      404,
      [{ error: { code: 404, status: 'NOT_FOUND', message: 'models/x is not found for API version v1' } }],
      'model_not_found',
    ],
    ['path of Ollama', 404, '404 page not found', 'provider'],
    [
      'context of OpenAI',
      400,
      openai('m', { code: 'context_length_exceeded', param: 'messages' }),
      'context_length_exceeded',
    ],
    [
      'context of Mistral',
      400,
      flat('Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length'),
      'context_length_exceeded',
    ],
    [
      'context of Ollama',
      400,
      { error: 'the prompt is longer than the context length of the model' },
      'context_length_exceeded',
    ],
    [
      'context of Ollama before',
      500,
      { error: 'the input length exceeds the context length' },
      'context_length_exceeded',
    ],
    [
      'context of llama.cpp',
      500,
      { error: { code: 500, message: 'the request exceeds the available context size', type: 'server_error' } },
      'context_length_exceeded',
    ],
    [
      'context of Groq',
      413,
      openai('Please reduce the length of the messages or completion.'),
      'context_length_exceeded',
    ],
    ['context of vLLM', 400, openai('You passed 9 input tokens', { param: 'input_tokens' }), 'context_length_exceeded'],
    [
      'context of Together',
      422,
      openai("Input (9 tokens) is longer than the model's context length (8 tokens)"),
      'context_length_exceeded',
    ],
    [
      'context of xAI',
      400,
      { code: 'x', error: "This model's maximum prompt length is 8 but the request contains 9 tokens" },
      'context_length_exceeded',
    ],
    [
      'context of Gemini',
      400,
      [{ error: { message: 'The input token count (9) exceeds the maximum number of tokens allowed (8).' } }],
      'context_length_exceeded',
    ],
    [
      'filter of Azure',
      400,
      openai('m', { code: 'content_filter', innererror: { code: 'ResponsibleAIPolicyViolation' } }),
      'content_filter',
    ],
    [
      'filter of OpenRouter',
      403,
      { error: { code: 403, message: 'm', metadata: { reasons: ['x'] } } },
      'content_filter',
    ],
    ['filter of Mistral', 403, flat('Blocked by guardrail'), 'content_filter'],
    [
      'parameter of OpenAI',
      400,
      openai('m', { code: 'unsupported_parameter', param: 'max_tokens' }),
      'unsupported_parameter',
    ],
    [
      'parameter of Mistral',
      422,
      { detail: [{ type: 'extra_forbidden', loc: ['body', 'seed'], msg: 'm' }] },
      'unsupported_parameter',
    ],
    [
      'feature of Ollama',
      400,
      { error: 'registry.ollama.ai/library/x does not support tools' },
      'unsupported_parameter',
    ],
    ['region', 403, openai('m', { code: 'unsupported_country_region_territory' }), 'permission_denied'],
    ['tool call of Groq', 400, openai('m', { code: 'tool_use_failed' }), 'provider'],
    ['busy Ollama', 503, { error: 'server busy, please try again. maximum pending requests exceeded' }, 'overloaded'],
    ['crashed Ollama', 500, { error: 'model runner has unexpectedly stopped' }, 'provider'],
    ['broad type on a 401', 401, openai('m', { type: 'invalid_request_error' }), 'authentication'],
  ])('recognises: %s', (_, status, body, code) => {
    expect(map({ status, body })).toMatchObject({ code, status });
  });

  test.each<[Answer, string]>([
    [
      { provider: 'mistral', status: 429, headers: { 'retry-after': '2', 'mistral-correlation-id': 'abc' } },
      'mistral: rate limited (429), retry after 2000 ms, request id abc',
    ],
    [
      {
        provider: 'openai',
        status: 404,
        headers: { 'x-request-id': 'req_1' },
        body: openai("The model 'x' does not exist.", { code: 'model_not_found' }),
      },
      "openai: model not found (404): The model 'x' does not exist, request id req_1",
    ],
    [
      { status: 401, body: { detail: 'Unauthorized' } },
      'p: authentication failed (401): Unauthorized; check the API key',
    ],
    [
      { status: 500, body: { message: 'two\nlines', request_id: 'b' } },
      'p: server error (500): two lines, request id b',
    ],
    [
      { status: 502, body: '<html><title>Bad Gateway</title></html>' },
      'p: server error (502): HTML page instead of JSON: Bad Gateway',
    ],
    [
      { status: 307, headers: { location: 'https://u:secret@other.example/v1?key=secret' } },
      'p: redirected (307) to https://other.example; redirects are not followed; check the base URL',
    ],
    [
      { status: 308, headers: { location: '/v2' } },
      'p: redirected (308); redirects are not followed; check the base URL',
    ],
  ])('%j reads well', (answer, message) => {
    expect(map(answer).message).toBe(message);
  });

  test('names the variable of the key when it is known', () => {
    const error = errorFromResponse({
      provider: 'p',
      status: 401,
      headers: {},
      body: '',
      context: { apiKeyEnv: 'P_API_KEY' },
    });
    expect(error.message).toBe('p: authentication failed (401); check the API key in P_API_KEY');
  });

  test('names the field of the request', () => {
    const body = { detail: [{ type: 'missing', loc: ['body', 'messages', 0, 'content'], msg: 'm' }] };
    expect(map({ status: 422, body })).toMatchObject({ code: 'invalid_request', path: 'messages[0].content' });
    const unsupported = openai('m', { code: 'unsupported_value', param: 'temperature' });
    expect(map({ status: 400, body: unsupported })).toMatchObject({ parameter: 'temperature' });
  });

  test('x-should-retry wins over the kind', () => {
    expect(map({ status: 400, headers: { 'x-should-retry': 'true' } }).retryable).toBe(true);
    expect(map({ status: 500, headers: { 'x-should-retry': 'false' } }).retryable).toBe(false);
  });

  test('only an error that waiting may cure says how long', () => {
    const headers = { 'retry-after': '2' };
    expect(map({ status: 503, headers }).retryAfterMs).toBe(2000);
    expect(map({ status: 400, headers }).retryAfterMs).toBeUndefined();
    expect(map({ status: 402, headers: { ...headers, 'x-should-retry': 'true' } }).retryAfterMs).toBeUndefined();
  });

  test('finds the wait in the message and in the headers that OpenRouter hands on', () => {
    expect(map({ status: 429, body: openai('Please try again in 1m2.5s') }).retryAfterMs).toBe(62_500);
    const metadata = { headers: { 'X-RateLimit-Remaining': '0', 'X-RateLimit-Reset': 3, other: { toString: 1 } } };
    expect(map({ status: 429, body: { error: { code: 429, message: 'm', metadata } } }).retryAfterMs).toBe(3000);
  });

  test('a request larger than the rate limit is not tried again', () => {
    const body = openai('Request too large on tokens per minute (TPM): Limit 6, Requested 7', {
      type: 'tokens',
      code: 'rate_limit_exceeded',
    });
    expect(map({ status: 413, body })).toMatchObject({ code: 'rate_limit', retryable: false });
  });

  test.each([
    'Incorrect API key provided: sk-abcdef123456.',
    'Incorrect API key provided: sk-proj-ab**********yz',
    'bad header Bearer abcdef.123-xyz=',
    'the key gsk_abcdef123456 is wrong',
    'the key AIzaSyAbcdef123456 is wrong',
    'the key 0123****cdef is wrong',
  ])('cuts the key out of %j', (message) => {
    const error = map({ status: 401, body: openai(message) });
    expect(error.message).toContain('[key]');
    expect(error.message).not.toMatch(/abcdef|yz|0123|cdef/);
  });

  test('leaves words alone that only begin like a key', () => {
    expect(map({ status: 500, body: openai('task-oriented sk-learn pk') }).message).toContain(
      'task-oriented sk-learn pk',
    );
  });

  test('caps what the vendor says', () => {
    const error = map({ status: 500, body: openai('😀'.repeat(1000)) });
    expect(error.message.length).toBeLessThan(340);
    expect(error.message).not.toMatch(/\p{Surrogate}/u);
  });

  test('a body of 1 MB takes no time to speak of', () => {
    const start = performance.now();
    for (const filler of ['x', 'model ', '*', '<', 'a*', '{"a":', ' ', 'sk-']) {
      const text = filler.repeat(1_000_000 / filler.length);
      map({ status: 400, body: text, apiKey: 'secret-key' });
      map({ status: 400, body: openai(text), apiKey: 'secret-key' });
      map({ status: 400, body: `<html>${text}`, apiKey: 'secret-key' });
    }
    expect(performance.now() - start).toBeLessThan(2000);
  });

  test('cuts the key out of every field, also where JSON escapes it', () => {
    const apiKey = 'a"secret"key';
    const body = { message: `x ${apiKey}`, param: `y ${apiKey}`, request_id: apiKey };
    const error = map({ status: 400, body, apiKey });
    expect(error).toMatchObject({ message: 'p: invalid request (400): x [key], request id [key]', path: 'y [key]' });
    expect(error.requestId).toBe('[key]');
  });

  test('any answer gives an error, and none holds the key', () => {
    const apiKey = 'q7*$(k.e"y';
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom(apiKey, `Bearer ${apiKey}`, `x${apiKey}${apiKey}`, '__proto__', 'toString'),
    );
    const name = fc.oneof(
      fc.constantFrom(
        'error',
        'message',
        'detail',
        'code',
        'type',
        'param',
        'loc',
        'msg',
        'metadata',
        'headers',
        'response',
      ),
      fc.constantFrom('request_id', 'x_groq', 'base_resp', 'status', '__proto__', 'reasons', 'retry-after'),
    );
    const { body } = fc.letrec((tie) => {
      const nested = [fc.dictionary(name, tie('body')), fc.array(tie('body'), { maxLength: 3 })];
      return { body: fc.oneof({ maxDepth: 5 }, text, fc.nat(), fc.constant(null), ...nested, ...nested) };
    });
    const headers = fc.dictionary(
      fc.constantFrom('x-request-id', 'location', 'retry-after', 'cf-ray', 'x-should-retry'),
      text,
    );
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 999 }), fc.oneof(text, body), headers, (status, answer, given) => {
        const response = errorFromResponse({
          provider: 'p',
          status,
          headers: given,
          body: JSON.stringify(answer),
          apiKey,
        });
        const event = errorFromEvent({ provider: 'p', body: answer, requestId: given['x-request-id'], apiKey });
        for (const error of [response, event]) {
          expect(AnyLLMError.isInstance(error)).toBe(true);
          const shown = [error.message, ...Object.values(error), error.stack].join('\n');
          expect(shown.includes(apiKey)).toBe(false);
          expect(error.message).not.toMatch(/[\r\n]/);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('errorFromEvent', () => {
  const event = (body: unknown) =>
    errorFromEvent({ provider: 'p', model: 'm', body, requestId: 'r', apiKey: undefined });

  test.each<[string, unknown, ErrorCode, number]>([
    ['OpenAI', openai('m', { type: 'server_error' }), 'provider', 500],
    ['OpenAI Responses', { type: 'error', code: 'rate_limit_exceeded', message: 'm' }, 'rate_limit', 429],
    [
      'OpenAI Responses, failed',
      { type: 'response.failed', response: { error: { code: 'server_error', message: 'm' } } },
      'provider',
      500,
    ],
    ['OpenRouter', { error: { code: 502, message: 'm' }, choices: [{ finish_reason: 'error' }] }, 'provider', 502],
    ['an error with status 503', { error: { message: 'm', code: 503 } }, 'overloaded', 503],
    ['vLLM', { object: 'error', message: 'm', type: 'BadRequestError', code: 400 }, 'invalid_request', 400],
    [
      'LM Studio',
      { error: { message: 'greater than the context length' }, message: 'm' },
      'context_length_exceeded',
      500,
    ],
    ['Groq', { x_groq: { error: 'over capacity' } }, 'overloaded', 500],
    ['xAI', { code: 'The service is currently unavailable', error: 'm' }, 'overloaded', 503],
    ['Ollama', { error: 'model runner has unexpectedly stopped' }, 'provider', 500],
    ['plain text', 'too many requests', 'rate_limit', 500],
    ['quota', openai('m', { code: 'insufficient_quota' }), 'quota_exceeded', 429],
    ['nothing', undefined, 'provider', 500],
  ])('recognises the shape of %s', (_, body, code, status) => {
    expect(event(body)).toMatchObject({ code, status, requestId: 'r', provider: 'p', model: 'm' });
  });

  test('keeps the vendor’s words', () => {
    expect(event({ error: 'model runner has unexpectedly stopped' }).message).toBe(
      'p: server error (500): model runner has unexpectedly stopped, request id r',
    );
  });

  test('takes values that are no JSON', () => {
    const deep = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`);
    for (const body of [deep, 10n, () => 1, Symbol('x')]) expect(event(body).code).toBe('provider');
  });
});
