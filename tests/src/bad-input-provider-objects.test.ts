import { createClient, InvalidRequestError, registerProvider } from '@anyllm/core';
import { defineProvider } from '@anyllm/core/provider';
import { describe, expect, test } from 'vitest';
import { failure } from './simulated-openai.ts';

const good = defineProvider({ id: 'wrong', complete: async () => ({}) as never, async *stream() {} });
const { capabilities, connection } = good;

const throwing = {
  get id() {
    throw new TypeError('a text that may hold anything');
  },
};
const revoked = () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};

describe('as a provider,', () => {
  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'provider'],
    ['null', null, 'provider'],
    ['a text', 'openai', 'provider'],
    ['a function', () => good, 'provider'],
    ['a list', [good], 'provider'],
    ['an empty object', {}, 'id'],
    ['one that throws when it is looked at', throwing, 'provider'],
    ['one that is gone', revoked(), 'provider'],
    ['no id', { ...good, id: undefined }, 'id'],
    ['an id that is a number', { ...good, id: 5 }, 'id'],
    ['an id that is no name', { ...good, id: '../x' }, 'id'],
    ['no contract version', { ...good, specification: undefined }, 'specification'],
    ['a later contract version', { ...good, specification: 2 }, 'specification'],
    ['a contract version that is a text', { ...good, specification: '1' }, 'specification'],
    ['a contract version that is an object', { ...good, specification: Object.create(null) }, 'specification'],
    ['no name', { ...good, name: undefined }, 'name'],
    ['no complete()', { ...good, complete: undefined }, 'complete'],
    ['a stream() that is none', { ...good, stream: {} }, 'stream'],
    ['no capabilities', { ...good, capabilities: undefined }, 'capabilities'],
    ['empty capabilities', { ...good, capabilities: {} }, 'capabilities.parameters'],
    ['parameters that are a text', { ...good, capabilities: { ...capabilities, parameters: 'seed' } }, 'capabilities.parameters'], // biome-ignore format: one line
    ['contents that are null', { ...good, capabilities: { ...capabilities, content: null } }, 'capabilities.content'],
    ['response formats that are a Set', { ...good, capabilities: { ...capabilities, responseFormats: new Set() } }, 'capabilities.responseFormats'], // biome-ignore format: one line
    ['tool choices that are missing', { ...good, capabilities: { ...capabilities, toolChoices: undefined } }, 'capabilities.toolChoices'], // biome-ignore format: one line
    ['no connection', { ...good, connection: null }, 'connection'],
    ['a connection without address', { ...good, connection: {} }, 'connection.baseURL'],
    ['an address without variables', { ...good, connection: { baseURL: {} } }, 'connection.baseURL.env'],
    ['a default address that is a URL', { ...good, connection: { baseURL: { env: [], default: new URL('http://x') } } }, 'connection.baseURL.default'], // biome-ignore format: one line
    ['a normalize() that is none', { ...good, connection: { baseURL: { env: [], normalize: 'x' } } }, 'connection.baseURL.normalize'], // biome-ignore format: one line
    ['a key that is a text', { ...good, connection: { ...connection, apiKey: 'KEY' } }, 'connection.apiKey'],
    ['the key\'s variable as a text', { ...good, connection: { ...connection, apiKey: { env: 'KEY' } } }, 'connection.apiKey.env'], // biome-ignore format: one line
    ['no settings', { ...good, config: undefined }, 'config'],
  ])('%s is refused', async (_, value, path) => {
    for (const use of [() => registerProvider(value as never), () => createClient({ providers: [value as never] })]) {
      const error = (await failure(use)) as InvalidRequestError;
      expect(error).toBeInstanceOf(InvalidRequestError);
      expect(error).toMatchObject({ path });
      expect(error.message).not.toContain('anything');
      if (!['provider', 'id'].includes(path)) expect(error.message).toMatch(/^provider wrong\b.*; /);
    }
  });

  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'provider'],
    ['a text', 'wrong', 'provider'],
    ['parameters that are missing', { ...good, capabilities: { parameters: undefined } }, 'capabilities.parameters'],
    ['a misspelt setting', { ...good, config: { timeOut: 5 } }, 'config.timeOut'],
    ['settings that are null', { ...good, config: null }, 'config'],
  ])('%s cannot be defined', async (_, definition, path) => {
    const error = await failure(() => defineProvider(definition as never));
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(error).toMatchObject({ path });
  });
});

test('two providers of one id are refused by a client, with what to do', async () => {
  const error = await failure(() => createClient({ providers: [good, { ...good }] }));
  expect(error).toMatchObject({ code: 'invalid_request', path: 'providers' });
  expect((error as Error).message).toMatchInlineSnapshot(
    `"two providers have the id "wrong"; leave one out, or give it an id of its own"`,
  );
});

test.each<[string, (value: string) => string]>([
  ['throws', () => { throw new TypeError('a text that may hold anything'); }], // biome-ignore format: one line
  ['gives nothing', () => undefined as never],
  ['gives a number', () => 5 as never],
])('an address that its provider cannot bring into form is refused: normalize() %s', async (_, normalize) => {
  const provider = defineProvider({ ...good, connection: { baseURL: { env: [], default: 'x', normalize } } });
  const { completion } = createClient({ providers: [provider] });
  const error = (await failure(completion({ model: 'wrong/x', prompt: 'Hi' }))) as InvalidRequestError;
  expect(error).toMatchObject({ code: 'invalid_request', provider: 'wrong', path: 'baseURL' });
  expect(error.message).toMatch(/^wrong: the base URL /);
  expect(error.message).not.toContain('anything');
});

test.each([null, {}, 'embed', 5])('an operation that is %o counts as absent', async (embed) => {
  const { embedding } = createClient({ providers: [{ ...good, embed } as never] });
  const error = await failure(embedding({ model: 'wrong/x' as never, input: 'Hi' }));
  expect(error).toMatchObject({ code: 'unsupported_parameter', provider: 'wrong', parameter: 'embed' });
});
