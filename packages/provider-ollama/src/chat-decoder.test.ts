import { foldCompletion } from '@anyllm/core/fold';
import { type ChatCompletionChunk, ResponseParseError } from '@anyllm/core/provider';
import type { Failure } from '@anyllm/provider-kit';
import { describe, expect, it } from 'vitest';
import { ChatDecoder } from './chat-decoder.ts';
import { ChunkTranslator } from './chunk-translator.ts';

const context = { model: 'asked', requestId: undefined, apiKey: undefined };
const line = (message: object, rest: object = { done: false }) =>
  `${JSON.stringify({ model: 'm', created_at: '2026-01-02T03:04:05.123456789Z', message, ...rest })}\n`;
const text = (content: string) => line({ role: 'assistant', content });
const last = line(
  { role: 'assistant', content: '' },
  { done: true, done_reason: 'stop', prompt_eval_count: 12, eval_count: 8 },
);

/** Through the end of the body unless the stream has ended by itself. */
function decode(...pieces: string[]): ChatCompletionChunk[] {
  const decoder = new ChatDecoder(new ChunkTranslator(context));
  const out: ChatCompletionChunk[] = [];
  for (const piece of pieces) decoder.push(Buffer.from(piece), out);
  decoder.end(out);
  return out;
}

function thrownBy(run: () => unknown): unknown {
  try {
    return run();
  } catch (thrown) {
    return thrown;
  }
}

describe('a stream', () => {
  it('is one chunk a line, with the role in the first and the usage in the last', () => {
    const [first, second, final, ...more] = decode(text('Hel'), text('lo'), last);
    const head = { id: first?.id, object: 'chat.completion.chunk', created: 1_767_323_045, model: 'm' };
    expect(first).toEqual({
      ...head,
      choices: [{ index: 0, delta: { role: 'assistant', content: 'Hel' }, finish_reason: null }],
    });
    expect(second).toEqual({ ...head, choices: [{ index: 0, delta: { content: 'lo' }, finish_reason: null }] });
    expect(final).toEqual({
      ...head,
      choices: [{ index: 0, delta: {}, finish_reason: 'stop' }],
      usage: { prompt_tokens: 12, completion_tokens: 8, total_tokens: 20 },
    });
    expect(more).toEqual([]);
    expect(first?.id).toMatch(/^chatcmpl-/);
  });

  it('may hold content in the line that ends it, without a line end', () => {
    const chunks = decode(text('a'), line({ content: 'b', thinking: 't' }, { done: true }).trimEnd());
    expect(foldCompletion(chunks).choices[0]).toMatchObject({
      message: { content: 'ab', reasoning: 't' },
      finish_reason: 'stop',
    });
  });

  it('tolerates carriage returns, blank lines and a byte order mark', () => {
    const chunks = decode('\u{FEFF}', text('a').replace('\n', '\r\n'), '\n \r\n', last);
    expect(foldCompletion(chunks).choices[0]?.message.content).toBe('a');
  });

  it('ends with its own last line', () => {
    const decoder = new ChatDecoder(new ChunkTranslator(context));
    const out: ChatCompletionChunk[] = [];
    decoder.push(Buffer.from(`${last}${text('after')}{"error":"after"}\nafter\n`), out);
    expect(decoder.done).toBe(true);
    expect(out).toHaveLength(1);
    decoder.end(out);
    expect(out).toHaveLength(1);
  });

  it('leaves tags in the content alone', () => {
    expect(foldCompletion(decode(text('<think>a</think>b'), last)).choices[0]?.message).toEqual({
      role: 'assistant',
      content: '<think>a</think>b',
    });
  });
});

describe('tool calls', () => {
  const call = (name: string, args: unknown, id?: string) => ({
    ...(id !== undefined && { id }),
    function: { index: 0, name, arguments: args },
  });

  it('are numbered by arrival, with ids made up where there are none', () => {
    const chunks = decode(
      line({ content: '', tool_calls: [call('f', { x: 1 }, 'call_a'), call('g', {})] }),
      line({ content: '', tool_calls: [call('h', null, '')] }),
      last,
    );
    const fragments = chunks.flatMap((chunk) => chunk.choices[0]?.delta.tool_calls ?? []);
    expect(fragments).toMatchObject([
      { index: 0, id: 'call_a', type: 'function', function: { name: 'f', arguments: '{"x":1}' } },
      { index: 1, id: expect.stringMatching(/^call_\w{24}$/), function: { name: 'g', arguments: '{}' } },
      { index: 2, id: expect.stringMatching(/^call_\w{24}$/), function: { name: 'h', arguments: '{}' } },
    ]);
    expect(chunks.at(-1)?.choices[0]).toMatchObject({ finish_reason: 'tool_calls', raw_finish_reason: 'stop' });
  });

  it('may come in the last line', () => {
    const { choices } = foldCompletion(decode(line({ content: '', tool_calls: [call('f', {}, 'a')] }, { done: true })));
    expect(choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: { content: null, tool_calls: [{ id: 'a' }] },
    });
  });
});

describe('the end', () => {
  it.each([
    [{ done_reason: 'stop' }, { finish_reason: 'stop' }],
    [{ done_reason: 'length' }, { finish_reason: 'length' }],
    [{ done_reason: 'load' }, { finish_reason: 'stop', raw_finish_reason: 'load' }],
    [{ done_reason: 'unload' }, { finish_reason: 'stop', raw_finish_reason: 'unload' }],
    [{ done_reason: 'new' }, { finish_reason: 'stop', raw_finish_reason: 'new' }],
    [{ done_reason: '' }, { finish_reason: 'stop' }],
    [{}, { finish_reason: 'stop' }],
  ])('%j is %j', (reason, expected) => {
    expect(decode(line({ content: '' }, { done: true, ...reason }))[0]?.choices[0]).toEqual({
      index: 0,
      delta: { role: 'assistant', content: '' },
      ...expected,
    });
  });

  it.each([
    [{ eval_count: 5 }, { prompt_tokens: 0, completion_tokens: 5, total_tokens: 5 }],
    [{ prompt_eval_count: 5 }, { prompt_tokens: 5, completion_tokens: 0, total_tokens: 5 }],
    [{}, undefined],
    [{ prompt_eval_count: '5', eval_count: null }, undefined],
    [
      { prompt_eval_count: 5, eval_count: -1 },
      { prompt_tokens: 5, completion_tokens: -1, total_tokens: 4 },
    ],
  ])('counts %j as %j', (counts, usage) => {
    expect(decode(line({ content: '' }, { done: true, ...counts }))[0]?.usage).toEqual(usage);
  });
});

it.each([
  ['2026-01-02T03:04:05Z', 1_767_323_045],
  ['2026-01-02T03:04:05.9Z', 1_767_323_045],
  ['2026-01-02T04:04:05.123456+01:00', 1_767_323_045],
])('the time %s is %d', (created_at, created) => {
  expect(decode(`{"created_at":"${created_at}","message":{},"done":true}`)[0]?.created).toBe(created);
});

it.each(['0001-01-01T00:00:00Z', 'yesterday', 7, null])('the time %j is now', (created_at) => {
  const before = Math.floor(Date.now() / 1000);
  const [chunk] = decode(JSON.stringify({ created_at, message: {}, done: true }));
  expect(chunk?.created).toBeGreaterThanOrEqual(before);
});

it('log probabilities are those of OpenAI, with `null` for bytes that are not told', () => {
  const logprobs = [{ token: 'a', logprob: -0.5, top_logprobs: [{ token: 'a', logprob: -0.5, bytes: [97] }] }];
  const chunks = decode(
    line({ content: 'a' }, { done: false, logprobs }),
    line({ content: 'b' }, { done: true, logprobs }),
  );
  const token = {
    token: 'a',
    logprob: -0.5,
    bytes: null,
    top_logprobs: [{ token: 'a', logprob: -0.5, bytes: [97] }],
  };
  expect(foldCompletion(chunks).choices[0]?.logprobs).toEqual({ content: [token, token] });
});

describe('one JSON text in place of a stream', () => {
  const whole = JSON.parse(line({ content: 'all' }, { done: true, eval_count: 1 }));

  it.each([
    ['on a line', JSON.stringify(whole)],
    ['laid out over many', JSON.stringify(whole, undefined, 2)],
    ['with a beginning that is not a line of its own', JSON.stringify(whole).replaceAll(',', ',\n')],
  ])('is read %s', (_, body) => {
    const { choices } = foldCompletion(decode(...body.split(/(?<=\n)/)));
    expect(choices[0]).toMatchObject({ message: { content: 'all' }, finish_reason: 'stop' });
  });

  it('may be an error', async () => {
    const failure = thrownBy(() => decode('{\n  "error": "model runner has unexpectedly stopped"\n}')) as Failure;
    expect((await failure.toError()).message).toMatch(/unexpectedly stopped/);
  });
});

describe('a line that is no JSON object', () => {
  it.each([
    ['half of one', `${text('a')}{"message":`],
    ['a page', '<html>\n</html>\n'],
    ['words', 'Bad gateway\n'],
    ['a number', '7\n'],
    ['null', 'null\n'],
    ['a list', '[]\n'],
    ['half of the first', '{"message":'],
    ['a broken first', `{"message":\n${text('a')}`],
    ['one amid others', `${text('a')}{"id": malformed\n${last}`],
  ])('fails as %s', (_, body) => {
    const error = thrownBy(() => decode(body));
    expect(error).toBeInstanceOf(ResponseParseError);
    expect(error).toMatchObject({ provider: 'ollama', model: 'asked', retryable: true });
  });

  it('fails as soon as it has come', () => {
    const decoder = new ChatDecoder(new ChunkTranslator(context));
    expect(() => decoder.push(Buffer.from('Bad gateway\n'), [])).toThrow(ResponseParseError);
    const broken = new ChatDecoder(new ChunkTranslator(context));
    expect(() => broken.push(Buffer.from(`${text('a')}{"message":\n`), [])).toThrow(ResponseParseError);
  });
});
