import { inspect } from 'node:util';
import { ConnectionError } from '@anyllm/core/provider';
import { describe, expect, test } from 'vitest';
import { errorFromTransport } from './connection-error.ts';

const target = { provider: 'ollama', model: 'm', baseURL: 'http://user:secret@127.0.0.1:11434/v1?key=secret' };
const failure = (code: string) => Object.assign(new Error(code), { code });
const map = (error: unknown) => errorFromTransport(error, target);

describe('errorFromTransport', () => {
  test('says that nothing listens there, and only the origin', () => {
    const error = map(failure('ECONNREFUSED'));
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error.message).toBe(
      'ollama: connection refused, nothing listens at http://127.0.0.1:11434; is the server running?',
    );
    expect(error).toMatchObject({ provider: 'ollama', model: 'm', retryable: true, cause: { code: 'ECONNREFUSED' } });
  });

  test.each<[string, RegExp, boolean]>([
    ['ENOTFOUND', /no such host/, true],
    ['EAI_AGAIN', /name lookup .* failed/, true],
    ['ECONNRESET', /closed by the other side/, true],
    ['EPIPE', /closed by the other side/, true],
    ['UND_ERR_SOCKET', /closed by the other side/, true],
    ['UND_ERR_CONNECT_TIMEOUT', /in time/, true],
    ['UND_ERR_HEADERS_TIMEOUT', /in time/, true],
    ['EHOSTUNREACH', /cannot be reached/, true],
    ['CERT_HAS_EXPIRED', /certificate .*NODE_EXTRA_CA_CERTS/, false],
    ['SELF_SIGNED_CERT_IN_CHAIN', /certificate/, false],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /certificate/, false],
    ['ERR_TLS_CERT_ALTNAME_INVALID', /certificate/, false],
    ['ERR_SSL_WRONG_VERSION_NUMBER', /is it https/, false],
    ['HPE_INVALID_CONSTANT', /does not speak HTTP/, true],
    ['UND_ERR_INVALID_ARG', /could not be made/, false],
    ['ESOMETHING', /the connection to http:\/\/127.0.0.1:11434 failed \(ESOMETHING\)/, true],
  ])('%s', (code, message, retryable) => {
    expect(map(failure(code))).toMatchObject({ message: expect.stringMatching(message), retryable });
  });

  test('shows the cause without the key and without the bytes that came in', () => {
    const parser = Object.assign(failure('HPE_INVALID_CONSTANT'), { data: 'authorization: Bearer sesame', cause: new Error('sesame') }); // biome-ignore format: one line
    const error = errorFromTransport(new TypeError('fetch failed', { cause: parser }), { ...target, apiKey: 'sesame' });
    expect(error.message).toContain('does not speak HTTP');
    expect(error.cause).toMatchObject({ name: 'TypeError', cause: { code: 'HPE_INVALID_CONSTANT' } });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('sesame');
  });

  test('finds the code below causes and in an aggregate', () => {
    const both = new AggregateError([failure('ECONNREFUSED'), failure('ECONNREFUSED')]);
    expect(map(new TypeError('fetch failed', { cause: both })).message).toContain('nothing listens');
    const inner = Object.assign(failure('UND_ERR'), { cause: failure('ENOTFOUND') });
    expect(map(inner).message).toContain('no such host');
  });

  test('takes anything that can be thrown', () => {
    const loop: { cause?: unknown } = {};
    loop.cause = loop;
    for (const thrown of [loop, null, undefined, 'text', 7, { code: 7 }, { errors: 'no list' }]) {
      expect(map(thrown).message).toBe('ollama: the connection to http://127.0.0.1:11434 failed');
    }
    expect(errorFromTransport(loop, { provider: 'p', baseURL: 'nonsense' }).message).toContain('the base URL');
  });
});
