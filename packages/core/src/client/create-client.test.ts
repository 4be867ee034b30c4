import { expect, test } from 'vitest';
import { defineProvider } from '../registry/define-provider.ts';
import { createClient } from './create-client.ts';

const provider = defineProvider({
  id: 'local',
  complete: () => Promise.reject(new Error('not asked')),
  async *stream() {},
});

/** Messages are for people: these are read here as they are read there. */
test.each<[unknown, string]>([
  [null, "a client's settings must be an object"],
  [
    { timeOut: 5 },
    "`timeOut` is not a client's setting; known are providers, timeout, unsupported, retries, fallbacks, balance, limits, hedge, breaker, prices, budgets, settings",
  ],
  [{ providers: provider }, '`providers` must be an array of providers'],
  [{ providers: [provider, provider] }, 'two providers have the id "local"'],
  [{ unsupported: 'drop' }, '`unsupported` must be "warn" or "error"'],
  [{ timeout: -1 }, '`timeout` must be milliseconds greater than 0, not -1'],
  [{ settings: [] }, '`settings` must be an object of settings by provider'],
  [{ settings: { openai: 'sk' } }, '`settings.openai` must be an object'],
  [{ providers: [provider], settings: { locl: {} } }, '`settings.locl` is for no provider of this client'],
])('%j is refused in words', (settings, message) => {
  expect(() => createClient(settings as never)).toThrow(message);
});

test('without settings, and with settings that are undefined, it is a client', () => {
  expect(createClient()).toMatchObject({ completion: expect.any(Function) });
  expect(createClient({ providers: undefined, timeout: undefined } as never)).toBeDefined();
});
