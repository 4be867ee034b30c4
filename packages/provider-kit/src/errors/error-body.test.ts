import { describe, expect, test } from 'vitest';
import { type ErrorBody, parseErrorBody } from './error-body.ts';

describe('parseErrorBody', () => {
  test.each<[string, unknown, ErrorBody]>([
    [
      'OpenAI',
      { error: { message: 'm', type: 't', param: 'messages', code: 'c' } },
      { message: 'm', type: 't', param: 'messages', code: 'c' },
    ],
    [
      'OpenRouter',
      { error: { message: 'm', code: 503, metadata: { a: 1 } } },
      { message: 'm', code: '503', status: 503, details: { a: 1 } },
    ],
    [
      'Mistral',
      { object: 'error', message: 'm', type: 't', param: null, code: '3230' },
      { message: 'm', type: 't', code: '3230' },
    ],
    [
      'Mistral, validation',
      {
        message: { detail: [{ type: 'extra_forbidden', loc: ['body', 'messages', 0, 'seed'], msg: 'no' }] },
        type: 't',
        code: null,
        raw_status_code: 422,
      },
      {
        message: 'body.messages.0.seed: no',
        type: 't',
        code: 'extra_forbidden',
        param: 'messages[0].seed',
        status: 422,
      },
    ],
    [
      'FastAPI',
      { detail: [{ loc: ['body', 'model'], msg: 'missing' }, { msg: 'b' }] },
      { message: 'body.model: missing; b', param: 'model' },
    ],
    ['FastAPI, text', { detail: 'Unauthorized' }, { message: 'Unauthorized' }],
    ['a gateway', { message: 'Unauthorized', request_id: 'r1' }, { message: 'Unauthorized', requestId: 'r1' }],
    ['a gateway with status', { statusCode: 401, message: 'm' }, { message: 'm', status: 401 }],
    ['Ollama', { error: 'text' }, { message: 'text' }],
    ['xAI', { code: 'Some text', error: 'text' }, { message: 'text', code: 'Some text' }],
    [
      'Gemini',
      [{ error: { code: 400, message: 'm', status: 'INVALID_ARGUMENT', details: [] } }],
      { message: 'm', code: '400', type: 'INVALID_ARGUMENT', status: 400, details: [] },
    ],
    [
      'OpenAI Responses',
      { type: 'response.failed', response: { error: { code: 'server_error', message: 'm' } } },
      { message: 'm', code: 'server_error' },
    ],
    [
      'OpenAI Responses, flat',
      { type: 'error', code: 'c', message: 'm', param: null },
      { message: 'm', type: 'error', code: 'c' },
    ],
    ['Groq', { x_groq: { id: 'req_1', error: 'over' } }, { message: 'over', requestId: 'req_1' }],
    ['MiniMax', { base_resp: { status_code: 1004, status_msg: 'login' } }, { message: 'login', code: '1004' }],
    ['a code that is no status', { code: 1, status: 200, message: 'm' }, { message: 'm', code: '1' }],
    ['a message that is no text', { error: { message: { a: 1 } } }, { message: '{"a":1}' }],
    ['a message that is a number', { error: { message: 7 } }, { message: '7' }],
    ['nothing known', { foo: 1 }, { message: '' }],
    ['null', null, { message: '' }],
    ['an empty list', [], { message: '' }],
    ['its own __proto__', JSON.parse('{"__proto__":{"error":{"message":"x","code":"y"}}}'), { message: '' }],
  ])('reads the shape of %s', (_, body, expected) => {
    expect(parseErrorBody(JSON.stringify(body))).toEqual(expected);
  });

  test.each([
    ['', ''],
    ['  \n', ''],
    ['404 page not found', '404 page not found'],
    ['upstream connect error', 'upstream connect error'],
    ['{"error": cut', '{"error": cut'],
    ['<!DOCTYPE html><head><title>\n502 Bad Gateway </title>', 'HTML page instead of JSON: 502 Bad Gateway'],
    ['<html><body>x</body></html>', 'HTML page instead of JSON'],
    ['<Error><Code>x</Code></Error>', '<Error><Code>x</Code></Error>'],
  ])('the message of %j is %j', (text, message) => {
    expect(parseErrorBody(text)).toEqual({ message });
  });

  test('plain text is cut after 500 characters', () => {
    expect(parseErrorBody('x'.repeat(1_000_000)).message).toHaveLength(500);
  });

  test('nesting deeper than the stack gives no message', () => {
    const deep = `{"error":{"message":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`;
    expect(parseErrorBody(deep).message.length).toBeLessThanOrEqual(4000);
  });
});
