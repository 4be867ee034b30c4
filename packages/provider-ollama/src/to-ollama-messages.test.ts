import { InvalidRequestError, type Message } from '@anyllm/core/provider';
import { describe, expect, it } from 'vitest';
import { toOllamaMessages } from './to-ollama-messages.ts';

/** As they go out: without what is not sent. */
function translate(...messages: Message[]): { sent: unknown; dropped: string[] } {
  const dropped: string[] = [];
  const sent = JSON.parse(JSON.stringify(toOllamaMessages(messages, (parameter) => dropped.push(parameter))));
  return { sent, dropped };
}

function call(id: string, name: string, text: string): Message {
  return {
    role: 'assistant',
    content: null,
    tool_calls: [{ id, type: 'function', function: { name, arguments: text } }],
  };
}

describe('content', () => {
  it('becomes one text, a line end between its parts', () => {
    const content = [
      { type: 'text' as const, text: 'One' },
      { type: 'text' as const, text: 'two' },
    ];
    expect(translate({ role: 'user', content }).sent).toEqual([{ role: 'user', content: 'One\ntwo' }]);
  });

  it('is an empty text where there is none', () => {
    expect(translate({ role: 'assistant', content: null }).sent).toEqual([{ role: 'assistant', content: '' }]);
  });

  it('is the refusal of an assistant that refused', () => {
    const refused: Message[] = [
      { role: 'assistant', content: null, refusal: 'No.' },
      { role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }] },
    ];
    expect(translate(...refused).sent).toEqual([
      { role: 'assistant', content: 'No.' },
      { role: 'assistant', content: 'No.' },
    ]);
  });
});

describe('roles', () => {
  it('know no developer', () => {
    const { sent } = translate({ role: 'developer', content: 'Be brief.' }, { role: 'system', content: 'Be kind.' });
    expect(sent).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'system', content: 'Be kind.' },
    ]);
  });

  it('have no names', () => {
    const { sent, dropped } = translate({ role: 'user', content: 'Hi', name: 'Ada' });
    expect(sent).toEqual([{ role: 'user', content: 'Hi' }]);
    expect(dropped).toEqual(['messages[0].name']);
  });
});

describe('an image', () => {
  const image = (url: string, detail?: 'auto' | 'low') => ({
    type: 'image_url' as const,
    image_url: { url, ...(detail && { detail }) },
  });

  it('is its base64 beside the text', () => {
    const content = [{ type: 'text' as const, text: 'What is it?' }, image('data:image/png;base64,iVBORw0=', 'auto')];
    const { sent, dropped } = translate({ role: 'user', content });
    expect(sent).toEqual([{ role: 'user', content: 'What is it?', images: ['iVBORw0='] }]);
    expect(dropped).toEqual([]);
  });

  it('has no detail', () => {
    const { dropped } = translate({ role: 'user', content: [image('data:image/png;base64,AAAA', 'low')] });
    expect(dropped).toEqual(['messages[0].content[0].image_url.detail']);
  });

  it.each(['data:image/svg+xml,<svg/>', 'data:image/png;base64', 'https://example.com/a.png', ''])(
    'is refused as %j',
    (url) => {
      expect(() => translate({ role: 'user', content: [image(url)] })).toThrow(InvalidRequestError);
    },
  );
});

describe('a tool call', () => {
  it.each([
    ['{"city":"Bern"}', { city: 'Bern' }],
    ['', {}],
    [' ', {}],
    ['{"city":', { input: '{"city":' }],
    ['["Bern"]', { input: '["Bern"]' }],
    ['null', { input: 'null' }],
    ['7', { input: '7' }],
  ])('with the arguments %j has the object %j', (text, expected) => {
    expect(translate(call('call_1', 'f', text)).sent).toEqual([
      { role: 'assistant', content: '', tool_calls: [{ id: 'call_1', function: { name: 'f', arguments: expected } }] },
    ]);
  });

  it('of a custom tool has its input as an argument', () => {
    const custom: Message = {
      role: 'assistant',
      tool_calls: [{ id: 'call_1', type: 'custom', custom: { name: 'f', input: 'x' } }],
    };
    expect(translate(custom).sent).toMatchObject([
      { tool_calls: [{ id: 'call_1', function: { name: 'f', arguments: { input: 'x' } } }] },
    ]);
  });
});

describe('the result of a tool', () => {
  it('names the tool that was called under its id', () => {
    const { sent } = translate(
      call('call_1', 'weather', '{}'),
      call('call_2', 'time', '{}'),
      { role: 'tool', tool_call_id: 'call_1', content: 'sunny' },
      { role: 'tool', tool_call_id: 'call_2', content: [{ type: 'text', text: 'noon' }] },
    );
    expect((sent as unknown[]).slice(2)).toEqual([
      { role: 'tool', content: 'sunny', tool_name: 'weather', tool_call_id: 'call_1' },
      { role: 'tool', content: 'noon', tool_name: 'time', tool_call_id: 'call_2' },
    ]);
  });

  it('names the latest of several calls under the same id', () => {
    const result: Message = { role: 'tool', tool_call_id: 'call_0', content: '' };
    const { sent } = translate(call('call_0', 'first', '{}'), result, call('call_0', 'second', '{}'), result);
    expect(sent).toMatchObject([{}, { tool_name: 'first' }, {}, { tool_name: 'second' }]);
  });

  it('falls back to its own name', () => {
    const { sent } = translate({ role: 'tool', tool_call_id: 'call_9', content: 'x', name: 'weather' });
    expect(sent).toEqual([{ role: 'tool', content: 'x', tool_name: 'weather', tool_call_id: 'call_9' }]);
  });
});

it('reasoning goes back as thinking', () => {
  const answer: Message = { role: 'assistant', content: '4', reasoning: 'Two and two.' };
  expect(translate(answer).sent).toEqual([{ role: 'assistant', content: '4', thinking: 'Two and two.' }]);
});
