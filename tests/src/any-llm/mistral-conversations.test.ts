import type { ChatCompletion, Message } from '@anyllm/core';
import type { Reply } from '@anyllm/simulator';
import { expect, test } from 'vitest';
import { simulate } from '../simulated.ts';

const model = 'mistral/mistral-small-latest';
const system: Message = { role: 'system', content: 's' };
const user: Message = { role: 'user', content: 'u' };
const assistant: Message = { role: 'assistant', content: 'a' };
let calls = 0;

/** A call and its result. */
function called(): Message[] {
  const id = `call0000${calls++ % 10}`;
  const call = { id, type: 'function' as const, function: { name: 'f', arguments: '{}' } };
  return [
    { role: 'assistant', content: 'a', tool_calls: [call] },
    { role: 'tool', tool_call_id: id, content: 't' },
  ];
}

// Mistral refuses a user who speaks right after a tool.
test.each<[string, Message[], string]>([
  ['without tools', [system, user, assistant, user], 'system user assistant user'],
  ['whose tool comes last', [user, ...called()], 'user assistant tool'],
  ['where the assistant speaks after the tool', [user, ...called(), assistant, user], 'user assistant tool assistant user'], // biome-ignore format: one line
  ['where the user speaks after the tool', [user, ...called(), user], 'user assistant tool assistant user'],
  [
    'where the user speaks after tools twice',
    [user, ...called(), user, assistant, user, ...called(), user],
    'user assistant tool assistant user assistant user assistant tool assistant user',
  ],
  [
    'with several rounds of tools before the user speaks',
    [user, ...called(), ...called(), user],
    'user assistant tool assistant tool assistant user',
  ],
])('a conversation %s is one that Mistral takes', async (_, messages, roles) => {
  const { client, simulator } = await simulate();
  expect((await client.completion({ model, messages })).text).not.toBe('');
  const body = simulator.requests[0]?.body as { messages: Message[] };
  expect(body.messages.map(({ role }) => role).join(' ')).toBe(roles);
});

const thought = { type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }], signature: 'sig', closed: true };
const said = { type: 'text', text: 'Yes' };
const head = { id: 'c', object: 'chat.completion', created: 1, model: 'mistral-small-latest' };
const delta = (content: object[], finish_reason: string | null = null) => ({
  ...head,
  choices: [{ index: 0, delta: { content }, finish_reason }],
});

test.each<[string, boolean, Reply]>([
  ['whole', false, { body: { ...head, choices: [{ index: 0, message: { role: 'assistant', content: [thought, said] }, finish_reason: 'stop' }] } }], // biome-ignore format: one line
  [
    'streamed',
    true,
    {
      events: [
        delta([{ type: 'thinking', thinking: [{ type: 'text', text: 'H' }] }]),
        delta([{ ...thought, thinking: [{ type: 'text', text: 'm.' }] }]),
        delta([said], 'stop'),
        '[DONE]',
      ],
    },
  ],
])('what the model thought, %s, goes back with its signature, also through JSON', async (_, stream, script) => {
  const { client, simulator } = await simulate({ script: [script] });
  const messages = [user];
  const answer: ChatCompletion = stream
    ? await client.completion({ model, messages, stream: true }).then((chunks) => chunks.completion())
    : await client.completion({ model, messages });
  const [choice] = answer.choices;
  expect(choice?.message).toMatchObject({
    content: 'Yes',
    reasoning: 'Hm.',
    reasoning_details: [{ type: 'reasoning.text', text: 'Hm.', signature: 'sig' }],
  });
  const stored = JSON.parse(JSON.stringify(choice?.message)) as Message;
  await client.completion({ model, messages: [user, stored, user] });
  expect(simulator.requests[1]?.body).toMatchObject({
    messages: [user, { role: 'assistant', content: [thought, said] }, user],
  });
});
