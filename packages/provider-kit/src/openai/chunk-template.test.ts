import type { ChatCompletionChunk } from '@anyllm/core/provider';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ChunkTemplate } from './chunk-template.ts';

const head =
  '{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":';
const tail = '},"finish_reason":null}],"usage":null}';
const padded = '},"finish_reason":null}],"obfuscation":"x7Fq"}';

const event = (text: string, rest = tail) => `${head}${JSON.stringify(text)}${rest}`;

function chunk(content: string): ChatCompletionChunk {
  const choices = [{ index: 0, delta: { content }, finish_reason: null }];
  return { id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices };
}

function templateOf(rest: string): ChunkTemplate {
  const template = new ChunkTemplate();
  template.learn(event('first', rest), chunk('first'));
  return template;
}

describe.each([
  ['plain events', tail, tail],
  ['padded events', padded, padded.replace('x7Fq', 'another')],
])('%s', (_, rest, next) => {
  test('an event that differs only in its text gives the chunk with that text', () => {
    expect(templateOf(rest).match(event(' there', next))).toEqual(chunk(' there'));
  });

  test('a match is what the parser would have read', () => {
    const template = templateOf(rest);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const data = event(text, next);
        const matched = template.match(data);
        if (matched) expect(matched.choices[0]?.delta).toEqual(JSON.parse(data).choices[0].delta);
      }),
    );
  });

  test('an event with one character changed anywhere else is left to the parser', () => {
    const template = templateOf(rest);
    const data = event('word', rest);
    for (let at = 0; at < data.length; at++) {
      if (at >= head.length && at < head.length + 6) continue;
      if (rest === padded && /x7Fq/.test(data.slice(at - 3, at + 4))) continue;
      const changed = `${data.slice(0, at)}~${data.slice(at + 1)}`;
      expect(template.match(changed), changed).toBeUndefined();
    }
  });
});

test.each(['with "quotes"', 'back\\slash', 'line\nbreak', ''])('the text %j is left to the parser', (text) => {
  expect(templateOf(tail).match(event(text))?.choices[0]?.delta.content ?? '').toBe('');
});

test('raw control characters, which JSON forbids, are left to the parser', () => {
  expect(templateOf(tail).match(`${head}"a\tb"${tail}`)).toBeUndefined();
});

test('nothing is learnt from an event in which the text stands twice', () => {
  const template = new ChunkTemplate();
  template.learn(event('m'), chunk('m'));
  expect(template.match(event('n'))).toBeUndefined();
});

test('nothing is learnt where the gap would be another field than the text', () => {
  const template = new ChunkTemplate();
  const data = '{"choices":[{"index":0,"delta":{"content":null,"note":"word"},"finish_reason":null}]}';
  template.learn(data, chunk('word'));
  expect(template.match(data.replace('word', 'other'))).toBeUndefined();
});

test.each([
  ['a role', { role: 'assistant' as const, content: 'word' }],
  ['reasoning', { content: 'word', reasoning: 'hm' }],
])('nothing is learnt from an event that also holds %s', (_, delta) => {
  const template = new ChunkTemplate();
  template.learn(event('word'), { ...chunk('word'), choices: [{ index: 0, delta, finish_reason: null }] });
  expect(template.match(event('other'))).toBeUndefined();
});

test('a stream whose events differ in more than the text is soon left to the parser alone', () => {
  const template = new ChunkTemplate();
  for (let created = 0; created < 10; created++) {
    const data = event('word').replace('"created":1', `"created":${created}`);
    if (!template.match(data)) template.learn(data, chunk('word'));
  }
  expect(template.match(event('other').replace('"created":1', '"created":9'))).toBeUndefined();
});

test('what a consumer makes of a chunk is in none of those after it', () => {
  const template = new ChunkTemplate();
  const read = chunk('first');
  template.learn(event('first'), read);
  read.model = 'changed';
  expect(template.match(event(' there'))).toEqual(chunk(' there'));
});
