import {
  AnyLLMError,
  type ChatCompletion,
  type ChatCompletionChunk,
  type CompletionRequest,
  completion,
  type Message,
} from '@anyllm/core';
import '@anyllm/provider-ollama';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cut, serving } from './serving.ts';

const request = { model: 'ollama/llama3', prompt: 'Hi' } satisfies CompletionRequest;

async function streamOf(pieces: readonly Uint8Array[]): Promise<ChatCompletionChunk[]> {
  const chunks: ChatCompletionChunk[] = [];
  const stream = await completion({ ...request, stream: true }, { transport: serving(pieces), retries: 0 });
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const toolCall = fc.record({ name: text, arguments: fc.dictionary(text, fc.jsonValue({ maxDepth: 1 })) });
const piece = fc.oneof(
  text.map((content) => ({ content })),
  text.map((thinking) => ({ content: '', thinking })),
  fc.array(toolCall, { maxLength: 2 }).map((calls) => ({
    content: '',
    tool_calls: calls.map((called, at) => ({ id: `call_${at}`, function: called })),
  })),
);
type Piece = { content: string; thinking?: string; tool_calls?: object[] };
const answer = fc.record({
  pieces: fc.array(piece as fc.Arbitrary<Piece>, { minLength: 1, maxLength: 6 }),
  ending: fc.record({
    done: fc.constant(true),
    done_reason: fc.constantFrom('stop', 'length', 'novel', ''),
    prompt_eval_count: fc.option(fc.nat(), { nil: undefined }),
    eval_count: fc.option(fc.nat(), { nil: undefined }),
  }),
});
const head = { model: 'm', created_at: '2026-01-02T03:04:05.123456789Z' };

/** The last piece is in the line that ends the stream. */
function toLines({ pieces, ending }: { pieces: Piece[]; ending: object }): string {
  const lines = pieces.map((message, at) => {
    const rest = at === pieces.length - 1 ? ending : { done: false };
    return JSON.stringify({ ...head, message: { role: 'assistant', ...message }, ...rest });
  });
  return `${lines.join('\n')}\n`;
}

function toWhole({ pieces, ending }: { pieces: Piece[]; ending: object }): string {
  const content = pieces.map((each) => each.content).join('');
  const thinking = pieces.map((each) => each.thinking ?? '').join('');
  const tool_calls = pieces.flatMap((each) => each.tool_calls ?? []);
  return JSON.stringify({ ...head, message: { role: 'assistant', content, thinking, tool_calls }, ...ending });
}

const places = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 });
const withoutIds = (value: unknown) => JSON.parse(JSON.stringify(value).replaceAll(/chatcmpl-[\w-]+/g, 'id'));

it('however the network cuts the bytes, the chunks are the same', async () => {
  await fc.assert(
    fc.asyncProperty(answer, places, async (given, at) => {
      const bytes = Buffer.from(toLines(given));
      expect(withoutIds(await streamOf(cut(bytes, at)))).toEqual(withoutIds(await streamOf([bytes])));
    }),
  );
});

it('a whole answer and its stream are the same completion', async () => {
  await fc.assert(
    fc.asyncProperty(answer, async (given) => {
      const whole = await completion(request, { transport: serving([Buffer.from(toWhole(given))]), retries: 0 });
      const transport = serving([Buffer.from(toLines(given))]);
      const streamed = await (await completion({ ...request, stream: true }, { transport, retries: 0 })).completion();
      const { meta: _, ...expected } = withoutIds(whole);
      const { meta: __, ...actual } = withoutIds(streamed);
      expect(actual).toEqual(expected);
    }),
  );
});

const wrong = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom(null, true, 0, '', 'x', [], {}, [null], [7]));
const optional = { requiredKeys: [] };
const message = fc.record(
  {
    content: wrong,
    thinking: wrong,
    tool_calls: fc.oneof(
      wrong,
      fc.array(
        fc.record(
          { id: wrong, function: fc.oneof(wrong, fc.record({ name: wrong, arguments: wrong }, optional)) },
          optional,
        ),
      ),
    ),
  },
  optional,
);
const anyLine = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record(
        {
          model: wrong,
          created_at: wrong,
          message: fc.oneof(wrong, message),
          done: fc.oneof(fc.boolean(), wrong),
          done_reason: wrong,
          prompt_eval_count: wrong,
          eval_count: wrong,
          logprobs: fc.oneof(
            wrong,
            fc.array(fc.record({ token: wrong, logprob: wrong, top_logprobs: wrong }, optional)),
          ),
        },
        optional,
      )
      .map((line) => JSON.stringify(line)),
  },
  { weight: 1, arbitrary: fc.record({ error: wrong }).map((line) => JSON.stringify(line)) },
  { weight: 1, arbitrary: wrong.map((line) => JSON.stringify(line)) },
  { weight: 1, arbitrary: fc.string() },
);

function expectWellFormed({ created, model, text, choices, usage }: ChatCompletion): void {
  expect([typeof created, typeof model, typeof text]).toEqual(['number', 'string', 'string']);
  expect(created).toBeGreaterThan(0);
  for (const call of choices[0]?.message.tool_calls ?? []) {
    expect(call).toMatchObject({ id: expect.any(String), type: 'function', function: { name: expect.any(String) } });
  }
  for (const count of Object.values(usage ?? {})) expect(count).toBeGreaterThanOrEqual(0);
  for (const { token, logprob } of choices[0]?.logprobs?.content ?? []) {
    expect([typeof token, typeof logprob]).toEqual(['string', 'number']);
    expect(logprob).not.toBeNaN();
  }
}

it('whatever a server sends, the result is a completion or one of our errors', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyLine, { maxLength: 6 }), fc.boolean(), async (lines, stream) => {
      const transport = serving([Buffer.from(lines.join('\n'))]);
      const result = await (stream
        ? completion({ ...request, stream }, { transport, retries: 0 }).then((opened) => opened.completion())
        : completion(request, { transport, retries: 0 })
      ).catch((error) => error);
      // A provider that threw something else is reported by core in these words.
      if (AnyLLMError.isInstance(result)) expect(result.message).not.toContain('the provider failed');
      else expectWellFormed(result);
    }),
    { numRuns: 500 },
  );
});

const part = fc.oneof(
  text.map((value) => ({ type: 'text' as const, text: value })),
  fc
    .base64String()
    .map((data) => ({ type: 'image_url' as const, image_url: { url: `data:image/png;base64,${data}` } })),
);
const anyMessage: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ role: fc.constantFrom('system' as const, 'developer' as const), content: text }),
  fc.record({ role: fc.constant('user' as const), content: fc.oneof(text, fc.array(part)) }),
  fc.record({
    role: fc.constant('assistant' as const),
    content: fc.option(text),
    reasoning: fc.option(text),
    tool_calls: fc.array(
      fc.record({
        id: text,
        type: fc.constant('function' as const),
        function: fc.record({ name: text, arguments: fc.oneof(text, fc.json()) }),
      }),
    ),
  }),
  fc.record({ role: fc.constant('tool' as const), tool_call_id: text, content: text }),
);

it('whatever the conversation, content is a text, arguments are an object and images are bare base64', async () => {
  const done = Buffer.from(toWhole({ pieces: [{ content: '' }], ending: { done: true } }));
  await fc.assert(
    fc.asyncProperty(fc.array(anyMessage, { minLength: 1, maxLength: 5 }), async (messages) => {
      const seen: string[] = [];
      await completion(
        { model: 'ollama/llama3', messages },
        { transport: serving([done], 'application/json', seen), retries: 0 },
      );
      const sent = JSON.parse(seen[0] ?? '').messages;
      expect(sent).toHaveLength(messages.length);
      for (const { role, content, tool_calls = [], images = [] } of sent) {
        expect(['system', 'user', 'assistant', 'tool']).toContain(role);
        expect(typeof content).toBe('string');
        for (const image of images) expect(image).toMatch(/^[\w+/=]*$/);
        for (const call of tool_calls) expect(call.function.arguments).toBeTypeOf('object');
        for (const call of tool_calls) expect(Array.isArray(call.function.arguments ?? [])).toBe(false);
      }
    }),
  );
});
