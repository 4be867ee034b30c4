import { afterEach, expect, test, vi } from 'vitest';
import type { CallOptions, ProviderConfig } from '../contract/call-options.ts';
import type { Connection } from '../contract/provider.ts';
import { defineProvider } from './define-provider.ts';
import { resolveConnection } from './resolve-connection.ts';

afterEach(() => void vi.unstubAllEnvs());

const keyed: Connection = {
  apiKey: { env: ['P_KEY', 'P_OLD_KEY'], required: true },
  baseURL: { env: ['P_URL'], default: 'https://p.example/v1' },
};

function resolve(
  options: CallOptions = {},
  settings?: ProviderConfig,
  config: ProviderConfig = {},
  connection: Connection = keyed,
) {
  const provider = defineProvider({
    ...{ id: 'p', connection, config },
    complete: async () => ({}) as never,
    async *stream() {},
  });
  return resolveConnection(provider, options, settings);
}

test('key and address: the call, then the client, then the provider, then the environment, then the default', () => {
  expect(() => resolve()).toThrow('p: no API key; set P_KEY or pass `apiKey` in the options or settings');
  vi.stubEnv('P_OLD_KEY', 'old');
  expect(resolve()).toEqual({ apiKey: 'old', baseURL: 'https://p.example/v1', headers: {} });
  vi.stubEnv('P_KEY', 'env');
  vi.stubEnv('P_URL', 'http://env');
  const config = { apiKey: 'provider', baseURL: 'http://provider' };
  const settings = { apiKey: 'client', baseURL: 'http://client' };
  const options = { apiKey: 'call', baseURL: 'http://call' };
  const seen = [resolve(), resolve({}, {}, config), resolve({}, settings, config), resolve(options, settings, config)];
  expect(seen.map(({ apiKey, baseURL }) => [apiKey, baseURL])).toEqual([
    ['env', 'http://env'],
    ['provider', 'http://provider'],
    ['client', 'http://client'],
    ['call', 'http://call'],
  ]);
});

test('headers of all three are merged by name, whatever its case', () => {
  const { headers } = resolve(
    { apiKey: 'k', headers: { 'X-A': 'call' } },
    { headers: { 'x-a': 'client', 'x-b': 'client' } },
    { headers: { 'X-B': 'provider', 'X-C': 'provider' } },
  );
  expect(headers).toEqual({ 'x-a': 'call', 'x-b': 'client', 'x-c': 'provider' });
});

test('a provider may work without a key, and with one', () => {
  const free: Connection = { apiKey: { env: ['P_KEY'], required: false }, baseURL: { env: [], default: 'http://p' } };
  expect(resolve({}, {}, {}, free).apiKey).toBeUndefined();
  expect(resolve({ apiKey: 'k' }, {}, {}, free).apiKey).toBe('k');
});

test('without any address, the message says how to give one', () => {
  expect(() => resolve({}, {}, {}, { baseURL: { env: ['P_URL'] } })).toThrow(
    'p: no base URL; set P_URL or pass `baseURL`',
  );
  expect(() => resolve({}, {}, {}, { baseURL: { env: [] } })).toThrow('p: no base URL; pass `baseURL`');
});

test('a provider may bring what users write into form', () => {
  const normalize = (value: string) => (value.includes('://') ? value : `http://${value}`);
  const connection: Connection = { baseURL: { env: [], normalize } };
  expect(resolve({ baseURL: 'localhost:11434' }, {}, {}, connection).baseURL).toBe('http://localhost:11434');
});

test('the address is brought into its standard form, without a slash at the end', () => {
  const forms = [
    'HTTP://P.Example/v1//',
    'http://p.example:80/v1',
    'http://p.example/x/../v1/',
    ' http://p.example/v1 ',
  ];
  expect(forms.map((baseURL) => resolve({ apiKey: 'k', baseURL }).baseURL)).toEqual(
    forms.map(() => 'http://p.example/v1'),
  );
});

test.each<[string, CallOptions, string]>([
  ['a key', { apiKey: 'a\nb' }, 'p: the API key holds a line break or another character that no key has; was it copied whole?'], // biome-ignore format: one line
  ['an address', { baseURL: 'p.example' }, 'p: the base URL is not an http or https address (give one as https://host/path)'], // biome-ignore format: one line
  ['credentials', { baseURL: 'http://a:b@p' }, 'p: the base URL holds a user name or password; pass an `authorization` header in `headers` instead'], // biome-ignore format: one line
  ['a fragment', { baseURL: 'http://p/#v1' }, 'p: the base URL holds a `#`, behind which nothing is sent'],
  ['a header value', { headers: { 'x-a': 'b\n' } }, 'p: the header `x-a` has a value that HTTP cannot carry'],
  ['a header name', { headers: { 'x a': 'b' } }, 'p: a header has a name that HTTP cannot carry'],
])('%s that cannot be used is refused in words, also the second time', (_, options, message) => {
  for (let time = 0; time < 2; time += 1) {
    expect(() => resolve({ apiKey: 'k', ...options })).toThrow(expect.objectContaining({ code: 'invalid_request', message })); // biome-ignore format: one line
  }
});
