import { CompletionFold, foldCompletion } from '@anyllm/core/fold';
import { AnyLLMError, type ChatCompletionChunk, type Warning } from '@anyllm/core/provider';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as explainers from '../errors/explain-failure.ts';
import { Failure } from '../errors/failure.ts';
import { createChatDecoder } from './chat-decoder.ts';
import { anyChunk } from './testing/any-chunk.ts';
import { wholeToChunks } from './whole-to-chunks.ts';

function contextWith(warnings: Warning[] = []) {
  const observer = { connected() {}, responded() {}, warn: (warning: Warning) => void warnings.push(warning) };
  return { provider: 'x', model: 'asked', requestId: 'req', apiKey: undefined, observer };
}

function decode(pieces: readonly Uint8Array[], warnings: Warning[] = []): ChatCompletionChunk[] {
  const decoder = createChatDecoder(contextWith(warnings));
  const out: ChatCompletionChunk[] = [];
  for (const piece of pieces) decoder.push(piece, out);
  decoder.end(out);
  return out;
}

const stream = (...payloads: unknown[]) =>
  payloads.map((data) => `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`).join('');

function read(text: string, warnings: Warning[] = []) {
  const fold = new CompletionFold();
  for (const chunk of decode([Buffer.from(text)], warnings)) fold.add(chunk);
  const { choices, ...rest } = fold.result();
  return { complete: fold.complete, choices, ...rest };
}

const head = { id: 'c', object: 'chat.completion.chunk', created: 1_760_000_000, model: 'm' };
const chunk = (delta: unknown, finish_reason: unknown = null, rest: object = {}) => ({
  ...head,
  choices: [{ index: 0, delta, finish_reason }],
  ...rest,
});
const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };

describe('the deltas of a stream', () => {
  test.each<[string, unknown[], object]>([
    ['text', [{ content: 'a' }, { content: null }, { content: 'b' }], { content: 'ab' }],
    [
      'parts',
      [{ content: [{ type: 'text', text: 'a' }, { type: 'reference', reference_ids: [1] }, { text: 'b' }] }],
      { content: 'ab' },
    ],
    [
      'role on every delta',
      [
        { role: 'assistant', content: 'a' },
        { role: '', content: 'b' },
      ],
      { content: 'ab' },
    ],
    [
      'reasoning_content',
      [{ reasoning_content: 'r', content: null }, { content: 'a' }],
      { reasoning: 'r', content: 'a' },
    ],
    ['reasoning under two names', [{ reasoning: 'r', reasoning_content: 'r' }], { reasoning: 'r', content: null }],
    ['reasoning under an empty and a full name', [{ reasoning_content: '', reasoning: 'r' }], { reasoning: 'r' }],
    ['reasoning in an object', [{ reasoning: { content: 'r' } }], { reasoning: 'r' }],
    ['thinking', [{ thinking: 'r' }], { reasoning: 'r' }],
    [
      'thinking parts',
      [
        { content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'r' }] }] },
        {
          content: [
            { type: 'thinking', thinking: [{ type: 'text', text: 's' }], signature: 'sig', closed: true },
            { type: 'text', text: 'a' },
          ],
        },
      ],
      { reasoning: 'rs', reasoning_details: [{ type: 'reasoning.text', text: 'rs', signature: 'sig' }], content: 'a' },
    ],
    [
      'reasoning details',
      [
        { reasoning_details: [{ type: 'reasoning.text', text: 'r', signature: null, index: 0 }] },
        { reasoning_details: [{ type: 'reasoning.text', text: 's', signature: 'sig', index: 0 }] },
      ],
      { reasoning: 'rs', reasoning_details: [{ type: 'reasoning.text', text: 'rs', signature: 'sig', index: 0 }] },
    ],
    ['a reasoning detail whose text is none', [{ content: 'a', reasoning_details: [{ type: 'r', text: 7 }] }], { reasoning_details: [{ type: 'r' }] }], // biome-ignore format: one line
    ['annotations without a type', [{ content: 'a', annotations: [{ url: 'x' }, { type: 'a' }] }], { annotations: [{ type: 'a' }] }], // biome-ignore format: one line
    ['refusal', [{ refusal: 'n' }, { refusal: 'o' }], { refusal: 'no', content: null }],
    [
      'annotations sent again and again',
      [{ annotations: [{ type: 'a' }] }, { annotations: [{ type: 'a' }, { type: 'b' }] }],
      { annotations: [{ type: 'a' }, { type: 'b' }] },
    ],
    [
      'audio',
      [{ audio: { id: 'i', data: 'AA' } }, { audio: { data: 'BB', transcript: 't', expires_at: 9 } }],
      { audio: { id: 'i', data: 'AABB', transcript: 't', expires_at: 9 } },
    ],
    [
      'a legacy function call',
      [{ function_call: { name: 'f', arguments: '' } }, { function_call: { arguments: '{}' } }],
      { tool_calls: [{ id: expect.any(String), type: 'function', function: { name: 'f', arguments: '{}' } }] },
    ],
  ])('%s', (_, deltas, message) => {
    const { choices } = read(stream(...deltas.map((delta) => chunk(delta)), chunk({}, 'stop'), '[DONE]'));
    expect(choices[0]?.message).toMatchObject({ role: 'assistant', ...message });
  });

  test.each<[string, boolean, string, string | undefined]>([
    ['stop', false, 'stop', undefined],
    ['eos', false, 'stop', 'eos'],
    ['end_turn', false, 'stop', 'end_turn'],
    ['MAX_TOKENS', false, 'length', 'MAX_TOKENS'],
    ['model_length', false, 'length', 'model_length'],
    ['model_context_window_exceeded', false, 'length', 'model_context_window_exceeded'],
    ['function_call', false, 'tool_calls', 'function_call'],
    ['sensitive', false, 'content_filter', 'sensitive'],
    ['invented', false, 'stop', 'invented'],
    ['constructor', false, 'stop', 'constructor'],
    ['stop', true, 'tool_calls', 'stop'],
    ['length', true, 'length', undefined],
  ])('finish reason %s (tools called: %s) is %s', (raw, called, reason, rawReason) => {
    const delta = called
      ? { tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } }] }
      : { content: 'a' };
    const [choice] = read(stream(chunk(delta, raw), '[DONE]')).choices;
    expect([choice?.finish_reason, choice?.raw_finish_reason]).toEqual([reason, rawReason]);
  });

  test('null after a finish reason does not take it back', () => {
    const { choices, usage: counted } = read(
      stream(chunk({ content: 'a' }), chunk({}, 'length'), chunk({}, null, { usage }), '[DONE]'),
    );
    expect([choices[0]?.finish_reason, counted]).toEqual(['length', usage]);
  });

  test('the last usage counts', () => {
    const at = (n: number) => ({ usage: { ...usage, total_tokens: n } });
    const { usage: counted } = read(
      stream(chunk({ content: 'a' }, null, at(5)), chunk({}, 'stop', at(7)), { ...head, choices: [], ...at(9) }),
    );
    expect(counted?.total_tokens).toBe(9);
  });

  test.each([
    ['x_groq', { x_groq: { id: 'r', usage } }],
    ['the choice', { choices: [{ delta: {}, finish_reason: 'stop', usage }] }],
    ['the top, beside an empty one', { usage: {}, x_groq: { usage } }],
  ])('usage is found in %s', (_, rest) => {
    expect(read(stream(chunk({ content: 'a' }), chunk({}, 'stop', rest))).usage).toEqual(usage);
  });

  test('choices are told apart by their index, in any order', () => {
    const at = (index: unknown, content: string) => ({
      ...head,
      choices: [{ index, delta: { content }, finish_reason: 'stop' }],
    });
    const { choices } = read(stream(at(1, 'b'), at(0, 'a')));
    expect(choices.map((choice) => choice.message.content)).toEqual(['a', 'b']);
  });

  test("a last chunk with the whole message, as MiniMax's, adds nothing", () => {
    const last = {
      ...head,
      choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'ab' } }],
    };
    expect(read(stream(chunk({ content: 'a' }), chunk({ content: 'b' }), last)).choices[0]?.message.content).toBe('ab');
  });

  test('a message in place of the delta is read when nothing came before', () => {
    const only = { ...head, choices: [{ finish_reason: 'stop', message: { content: 'ab' } }] };
    expect(read(stream(only)).choices[0]?.message.content).toBe('ab');
  });

  test("identity comes from the first chunk that says something, not from Azure's empty one", () => {
    const azure = { id: '', model: '', created: 0, object: '', choices: [], prompt_filter_results: [{}] };
    expect(read(stream(azure, chunk({ content: 'a' }, 'stop')))).toMatchObject({
      id: 'c',
      model: 'm',
      created: 1_760_000_000,
    });
  });

  test.each([
    [{}, Date.now() / 1000],
    [{ created: '1760000000' }, 1_760_000_000],
    [{ created: { toString: 1 } }, Date.now() / 1000],
    [{ created: Infinity }, Date.now() / 1000],
    [{ created: 1_760_000_000.7 }, 1_760_000_000],
  ])('identity that is missing or of another type is made up: %j', (fields, created) => {
    const { id, model, ...rest } = read(
      stream({ ...fields, choices: [{ delta: { content: 'a' }, finish_reason: 'stop' }] }),
    );
    expect([id, model]).toEqual([expect.stringMatching(/^chatcmpl-/), 'asked']);
    expect(Math.abs(rest.created - created)).toBeLessThan(60);
  });

  test('log probabilities add up', () => {
    const token = (text: string) => ({ token: text, logprob: -1, bytes: null, top_logprobs: [] });
    const at = (text: string) => ({
      ...head,
      choices: [{ index: 0, delta: { content: text }, logprobs: { content: [token(text)], refusal: null } }],
    });
    const { choices } = read(stream(at('a'), at('b'), chunk({}, 'stop')));
    expect(choices[0]?.logprobs).toEqual({ content: [token('a'), token('b')], refusal: null });
  });
});

describe('the end of a stream', () => {
  test.each<[string, string, boolean]>([
    ['a finish reason and [DONE]', stream(chunk({ content: 'a' }), chunk({}, 'stop'), '[DONE]'), true],
    ['a finish reason without [DONE]', stream(chunk({ content: 'a' }, 'stop')), true],
    ['[DONE] without a finish reason after content', stream(chunk({ content: 'a' }), '[DONE]'), true],
    ['[DONE] after nothing but a role', stream(chunk({ role: 'assistant', content: '' }), '[DONE]'), false],
    ['neither', stream(chunk({ content: 'a' })), false],
    ['an event cut in two', `${stream(chunk({ content: 'a' }))}data: {"choices":[`, false],
    ['[DONE] and then junk', `${stream(chunk({ content: 'a' }, 'stop'), '[DONE]')}data: junk\n\n`, true],
    ['data that is no chunk', stream('null', '7', '[]', '"x"', chunk({ content: 'a' }, 'stop')), true],
  ])('%s: complete is told', (_, text, complete) => {
    expect(read(text).complete).toBe(complete);
  });

  test('an answer without a finish reason is accepted with a warning', () => {
    const warnings: Warning[] = [];
    const call = { tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } }] };
    expect(read(stream(chunk(call), '[DONE]'), warnings).choices[0]?.finish_reason).toBe('tool_calls');
    expect(warnings.map((warning) => warning.code)).toEqual(['finish_reason_missing']);
  });
});

describe('an error in place of an answer', () => {
  test.each<[string, string, string]>([
    ['OpenAI', stream({ error: { message: 'm', type: 'server_error', code: null } }), 'provider'],
    ['an error event', 'event: error\ndata: {"error":{"message":"m","code":"rate_limit_exceeded"}}\n\n', 'rate_limit'],
    ['an error event of plain text', 'event: error\ndata: m\n\n', 'provider'],
    ['flat', stream({ object: 'error', message: 'm', type: 'BadRequestError', code: 400 }), 'invalid_request'],
    ['Gemini', stream([{ error: { code: 429, message: 'm' } }]), 'rate_limit'],
    ['Groq', stream({ ...head, choices: [], x_groq: { error: 'm over capacity' } }), 'overloaded'],
    ['MiniMax', stream({ choices: null, base_resp: { status_code: 1004, status_msg: 'm' } }), 'provider'],
    [
      'in a choice',
      stream({ ...head, choices: [{ error: { code: 503, message: 'm' }, finish_reason: 'error' }] }),
      'overloaded',
    ],
    ['a finish reason', stream(chunk({}, 'error')), 'provider'],
    ['a whole body', '{"error":{"message":"m","code":503}}', 'overloaded'],
    ['a body after blanks', '\n\n \r\n{"code":"x","error":"m over capacity"}', 'overloaded'],
    ['a page', '<!DOCTYPE html><html></html>', 'response_parse'],
    ['an event that is not JSON', 'data: {"a":\n\n', 'response_parse'],
    ['all null', '{"id":null,"model":null,"choices":null}', 'response_parse'],
    ['no choices', '{"choices":[]}', 'response_parse'],
    ['an empty choice', '{"choices":[{"message":{"content":null}}]}', 'response_parse'],
  ])('%s', (_, text, code) => {
    const error = catchError(() => read(text));
    expect(AnyLLMError.isInstance(error) && error.code).toBe(code);
  });
});

describe('a whole answer', () => {
  const whole = (...choices: unknown[]) => read(JSON.stringify({ ...head, choices, usage }));

  test('is read also where a stream was asked for', () => {
    const answer = whole({ index: 0, message: { role: 'assistant', content: 'a' }, finish_reason: 'stop' });
    expect(answer).toMatchObject({
      complete: true,
      id: 'c',
      usage,
      choices: [{ message: { content: 'a' }, finish_reason: 'stop' }],
    });
  });

  test('has its calls in the order in which they stand', () => {
    const call = (name: string) => ({ id: 'null', index: 0, function: { name, arguments: { x: 1 } } });
    const { choices } = whole({ message: { content: '', tool_calls: [call('f'), call('f'), call('g')] } });
    expect(choices[0]?.message.tool_calls?.map((called) => called.type === 'function' && called.function)).toEqual(
      ['f', 'f', 'g'].map((name) => ({ name, arguments: '{"x":1}' })),
    );
    expect(choices[0]).toMatchObject({ finish_reason: 'tool_calls', message: { content: null } });
  });

  test('has its choices in the order in which they stand when they are numbered alike', () => {
    const choice = (content: string) => ({ index: 0, message: { content }, finish_reason: 'stop' });
    expect(whole(choice('a'), choice('b')).choices.map(({ message }) => message.content)).toEqual(['a', 'b']);
  });

  test("may hold several messages, Mistral's, of which the last is the answer", () => {
    expect(
      whole({ messages: [{ content: 'x' }, { content: 'a' }], finish_reason: 'stop' }).choices[0]?.message.content,
    ).toBe('a');
  });
});

describe('whatever comes', () => {
  const recorded = Buffer.from(
    stream(
      chunk({ role: 'assistant', content: '' }),
      chunk({ reasoning_content: 'hm ' }),
      chunk({ content: 'größe 😀' }),
      chunk({ tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '{"x":' } }] }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: '"é"}' } }] }),
      chunk({}, 'tool_calls'),
      { ...head, choices: [], usage },
      '[DONE]',
    ),
  );

  test('any cut of the bytes gives the same chunks', () => {
    const expected = decode([recorded]);
    fc.assert(
      fc.property(fc.array(fc.nat(recorded.length)), (places) => {
        const ends = [...places, recorded.length].sort((a, b) => a - b);
        expect(decode(ends.map((end, i) => recorded.subarray(ends[i - 1] ?? 0, end)))).toEqual(expected);
      }),
    );
  });

  test('inline thinking is split in a stream as in the whole, however it is cut', () => {
    const text = fc.array(fc.constantFrom('<think>', '</think>', '<', '\n', 'word', ' next'), { maxLength: 8 });
    const context = { ...contextWith(), quirks: { inlineThinkTags: true } };
    fc.assert(
      fc.property(text, fc.array(fc.nat(40)), (words, places) => {
        const content = words.join('');
        const ends = [...places, content.length].sort((a, b) => a - b);
        const deltas = ends.map((end, i) => chunk({ content: content.slice(ends[i - 1] ?? 0, end) }));
        const decoder = createChatDecoder(context);
        const out: ChatCompletionChunk[] = [];
        decoder.push(Buffer.from(stream(...deltas, chunk({}, 'stop'), '[DONE]')), out);
        const whole = wholeToChunks({ choices: [{ message: { content }, finish_reason: 'stop' }] }, context);
        expect(foldCompletion(out).choices).toEqual(foldCompletion(whole).choices);
      }),
      { numRuns: 500 },
    );
  });

  test('JSON of any shape is read or is a typed error, and folds', () => {
    fc.assert(
      fc.property(fc.array(anyChunk, { maxLength: 6 }), (chunks) => survives(() => read(stream(...chunks, '[DONE]')))),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(anyChunk, (body) => survives(() => read(JSON.stringify(body)))),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.jsonValue(), (body) => survives(() => wholeToChunks(body, contextWith()))),
      { numRuns: 500 },
    );
  });

  test('bytes of any kind are read or are a typed error', () => {
    fc.assert(fc.property(fc.array(fc.uint8Array()), (pieces) => survives(() => decode(pieces))));
  });
});

function survives(run: () => unknown): void {
  const error = catchError(run);
  if (error !== undefined && !AnyLLMError.isInstance(error)) throw error;
}

function catchError(run: () => unknown): unknown {
  try {
    run();
    return undefined;
  } catch (thrown) {
    return thrown instanceof Failure ? thrown.explain(explainers) : thrown;
  }
}
