import { expect, test } from 'vitest';
import { toAcmeRequest } from '../src/to-acme-request.ts';

const id = 'acme';

test('messages become turns, and parameters get the names that the server knows', () => {
  const messages = [
    { role: 'developer' as const, content: 'Be brief.' },
    { role: 'user' as const, content: [{ type: 'text' as const, text: 'Hello' }] },
  ];
  const request = { model: 'm', messages, max_tokens: 9, provider_options: { [id]: { mood: 'calm' } } };
  expect(toAcmeRequest(request, true)).toEqual({
    model: 'm',
    stream: true,
    turns: [
      { role: 'system', text: 'Be brief.' },
      { role: 'user', text: 'Hello' },
    ],
    limit: 9,
    mood: 'calm',
  });
});
