import assert from 'node:assert/strict';
import type { StreamInterruptedError } from '@anyllm/core';
import type { Bench } from '../bench/bench.ts';
import { failureOf, typedFailureOf } from '../bench/failure.ts';
import { within } from '../bench/within.ts';
import { type CaseOf, casesOf } from '../case.ts';
import { textOf } from '../contents.ts';
import type { Fault, Layout } from '../scenario.ts';

const layouts: Record<string, { layout: Layout; why: string }> = {
  'one-byte': {
    layout: { chunkBytes: 1 },
    why: 'A proxy may hand on single bytes: nothing may depend on where the network cuts.',
  },
  'two-bytes': {
    layout: { chunkBytes: 2 },
    why: 'Characters of three and four bytes are cut in their middle at every alignment.',
  },
  'mid-code-point': {
    layout: { chunkBytes: 3 },
    why: 'A decoder that is not told of the rest makes replacement characters of an emoji.',
  },
  'mid-line': { layout: { chunkBytes: 13 }, why: 'A line that is parsed before it has ended is no JSON.' },
  'mid-event': {
    layout: { chunkBytes: 61 },
    why: 'An event that spans packets must be put together once, not dropped or doubled.',
  },
  crlf: { layout: { newline: '\r\n' }, why: 'Some gateways end lines with both characters.' },
  'crlf-one-byte': {
    layout: { newline: '\r\n', chunkBytes: 1 },
    why: 'A line end that is cut in two is one line end.',
  },
  'at-once': {
    layout: { eventsPerPacket: 10_000 },
    why: 'A busy client reads many events at once: all of them count, the last too.',
  },
  'three-at-once': {
    layout: { eventsPerPacket: 3 },
    why: 'Packets that end amid a group of events are the usual case under load.',
  },
  comments: {
    layout: { comments: true },
    why: 'Keep-alives come between the events of a slow model; they are no content and no end.',
  },
  'comments-one-byte': { layout: { comments: true, chunkBytes: 1 }, why: 'A keep-alive is cut like anything else.' },
  'comments-crlf': {
    layout: { comments: true, newline: '\r\n', chunkBytes: 5 },
    why: 'A gateway that rewrites line ends rewrites those of keep-alives too.',
  },
  'byte-order-mark': { layout: { bom: true }, why: 'A mark at the start of the body is not a part of its first line.' },
};

const layoutCases = Object.entries(layouts).map(
  ([name, { layout, why }]): CaseOf => ({
    name,
    why,
    answers: { say: 'text', layout },
    run: assertWhole,
  }),
);

async function assertWhole(bench: Bench): Promise<void> {
  const { choices, usage } = bench.content('text');
  const answer = await bench.fold();
  assert.equal(answer.text, choices[0] && textOf(choices[0]));
  assert.equal(answer.choices[0]?.finish_reason, 'stop');
  if (usage) assert.equal(answer.usage?.completion_tokens, usage.completion);
}

const cuts: Record<string, { fault: Fault; why: string }> = {
  'cut-amid-event': {
    fault: { kind: 'cut', atToken: 2, by: 'fin' },
    why: 'A server that dies looks like an answer that ends, if nobody looks closely.',
  },
  'cut-by-reset': {
    fault: { kind: 'cut', atToken: 2, by: 'rst' },
    why: 'A connection that breaks must not pass for an end.',
  },
  'cut-in-good-order': {
    fault: { kind: 'cut', atToken: 2, by: 'end' },
    why: 'A proxy closes a cut stream properly: only the missing end of the answer tells.',
  },
  'malformed-event': {
    fault: { kind: 'malformed-event', atToken: 2 },
    why: 'An event that cannot be read is a piece of the answer that is missing.',
  },
  'error-event': {
    fault: { kind: 'error-event', atToken: 2 },
    why: 'An error that comes amid a stream is the only word of it: swallowed, half an answer is a success.',
  },
};

const cutCases = Object.entries(cuts).map(
  ([name, { fault, why }]): CaseOf => ({
    name,
    why,
    answers: { say: 'long-text', tokenMs: 2, fault },
    run: assertInterrupted,
  }),
);

/** The failure says what had come until then, and every view of the stream throws it. */
async function assertInterrupted(bench: Bench): Promise<void> {
  const [choice] = bench.content('long-text').choices;
  const whole = choice ? textOf(choice) : '';
  const stream = await bench.stream();
  let text = '';
  const read = async () => {
    for await (const piece of stream.text()) text += piece;
  };
  const error = (await typedFailureOf(read(), 'stream_interrupted')) as StreamInterruptedError;
  assert.ok(
    text !== '' && text !== whole && whole.startsWith(text),
    'what came before the cut was not handed out as it was',
  );
  assert.equal(error.partial?.text, text, 'the partial answer is not what had come');
  assert.equal(await failureOf(stream.completion()), error, 'the folded answer does not fail with the same error');
}

export const streamingCases = casesOf(
  'streaming',
  {
    name: 'pieces',
    why: 'A stream that comes in one piece is none: people wait for the first word.',
    answers: { say: 'text', tokenMs: 5 },
    async run(bench) {
      const [choice] = bench.content('text').choices;
      const pieces: string[] = [];
      for await (const piece of (await bench.stream()).text()) pieces.push(piece);
      assert.equal(pieces.join(''), choice && textOf(choice));
      assert.ok(pieces.length > 1, 'the text came in one piece');
    },
  },
  {
    name: 'early',
    why: 'The first word must be handed on when it comes, not when the answer is whole.',
    answers: { say: 'long-text', fault: { kind: 'stall', atToken: 3 } },
    async run(bench) {
      const view = (await within(bench.stream(), 'a stream opens with its first content')).text();
      assert.equal((await within(view.next(), 'the first text comes before the answer is whole')).done, false);
      await view.return?.();
    },
  },
  {
    name: 'chunks',
    why: 'Chunks are forwarded to programs that know the OpenAI shape: every one has to have it.',
    async run(bench) {
      let finished = 0;
      let id: string | undefined;
      for await (const chunk of await bench.stream()) {
        id ??= chunk.id;
        assert.equal(chunk.object, 'chat.completion.chunk');
        assert.equal(chunk.id, id, 'the chunks of one answer have different ids');
        assert.ok(Array.isArray(chunk.choices), '`choices` is no list');
        finished += chunk.choices.filter(({ finish_reason }) => finish_reason !== null).length;
      }
      assert.equal(finished, 1, 'there is not exactly one finish reason');
    },
  },
  {
    name: 'equals-whole',
    why: 'Streaming is a matter of transport: the same answer must come of it.',
    async run(bench) {
      const [whole, streamed] = [await bench.complete(), await bench.fold()];
      assert.deepEqual(streamed.choices, whole.choices);
      assert.deepEqual(streamed.usage, whole.usage);
      assert.equal(streamed.model, whole.model);
    },
  },
  ...layoutCases,
  {
    name: 'long',
    why: 'Buffers that are large enough for a test are not for an answer of a thousand events.',
    answers: { say: 'long-text', layout: { chunkBytes: 1_000 } },
    async run(bench) {
      const [choice] = bench.content('long-text').choices;
      assert.equal((await bench.fold()).text, choice && textOf(choice));
    },
  },
  {
    name: 'choices',
    why: 'The pieces of several choices come in turn: each belongs to the one whose number it has.',
    needs: ({ parameters }) => parameters.includes('n'),
    answers: { say: 'choices', layout: { chunkBytes: 7 } },
    async run(bench) {
      const expected = bench.content('choices').choices.map(textOf);
      const texts: string[] = [];
      for await (const { choices } of await bench.stream({ n: expected.length })) {
        for (const { index, delta } of choices) texts[index] = (texts[index] ?? '') + (delta.content ?? '');
      }
      assert.deepEqual(texts, expected);
    },
  },
  ...cutCases,
  {
    name: 'empty',
    why: 'A stream that ends before its first content is a failure that may be retried, not an empty answer.',
    answers: { say: 'text', fault: { kind: 'cut', atToken: 0, by: 'end' } },
    async run(bench) {
      const error = await typedFailureOf(bench.fold());
      assert.equal(error.retryable, true, 'it is not retryable');
    },
  },
  {
    name: 'back-pressure',
    why: 'A reader that pauses must hold up the sender; otherwise the memory fills with what nobody has read.',
    answers: { say: 'many-tokens' },
    async run(bench) {
      const view = (await bench.stream()).text();
      await view.next();
      const { sent } = await standstill(bench);
      await view.return?.();
      // Two sockets' buffers hold some megabytes; the answer has 64.
      assert.ok(sent < 32 * 1024 * 1024, `the provider read ${sent} bytes that nobody had asked for`);
    },
  },
);

/** Waits until the server has sent nothing for a while, or everything. */
async function standstill(bench: Bench): Promise<{ sent: number }> {
  const request = await bench.received();
  for (let sent = -1; sent !== request.bytesSent; ) {
    sent = request.bytesSent;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  return { sent: request.bytesSent };
}
