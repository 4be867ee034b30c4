import type { CompletionStream, StreamInterruptedError } from '@anyllm/core';
import type { Fault, Reply } from '@anyllm/simulator';
import { describe, expect, test } from 'vitest';
import { after, mistral, ollama, openai, quick, silence, type World, world } from './policy-world.ts';
import { eventually, failure } from './simulated.ts';

const tokens = ['one ', 'two ', 'three ', 'four '];
const breaks = (fault: Fault): Reply => ({ tokens, fault });
const cut = breaks({ kind: 'cut', atToken: 2, by: 'rst' });
const well: Reply = { tokens: ['another ', 'answer'] };
const restart = { onInterrupt: 'restart' } as const;
const one = { retries: quick, limits: { openai: { concurrency: 1 } } };

function open({ client }: World, model: string = openai, options = {}): Promise<CompletionStream> {
  return client.completion({ model, prompt: 'Hi', stream: true }, { ...restart, ...options });
}

/** The text that is valid in the end, and how often it began anew. */
async function read(stream: CompletionStream) {
  const seen = { text: '', restarts: 0, codes: [] as string[] };
  for await (const { restarted, choices } of stream) {
    if (restarted)
      Object.assign(seen, { text: '', restarts: seen.restarts + 1, codes: [...seen.codes, restarted.code] });
    seen.text += choices[0]?.delta.content ?? '';
  }
  return seen;
}

const breakages: Record<string, [Reply, string]> = {
  'is reset': [cut, 'connection'],
  'is closed': [breaks({ kind: 'cut', atToken: 2, by: 'fin' }), 'connection'],
  'ends without a finish reason': [breaks({ kind: 'cut', atToken: 2, by: 'end' }), 'stream_interrupted'],
  'goes idle': [breaks({ kind: 'stall', atToken: 2, comments: true }), 'timeout'],
  'ends in an error of the server': [breaks({ kind: 'error-event', atToken: 2 }), 'provider'],
};

describe.each([openai, mistral, ollama])('%s', (model) => {
  test.each(Object.entries(breakages))('a stream that %s begins anew, and says so', async (_, [reply, code]) => {
    const place = await world([reply, well], { retries: quick });
    const stream = await open(place, model, { timeout: { idle: 150 } });
    expect(await read(stream)).toEqual({ text: 'another answer', restarts: 1, codes: [code] });
    const { text, meta } = await stream.completion();
    expect(text).toBe('another answer');
    expect(meta.attempts.map(({ error }) => error?.code)).toEqual([code, undefined]);
    expect(place.asked()).toBe(2);
  });

  test('completion() of a stream that began anew equals the answer that came then', async () => {
    const place = await world([cut, well], { retries: quick });
    const again = await (await open(place, model)).completion();
    place.simulator.script([well]);
    const straight = await (await open(place, model)).completion();
    const parts = ({ choices, usage }: typeof again) => ({ choices, usage });
    expect(parts(again)).toEqual(parts(straight));
  });
});

test('an abort reaches completion() also where the reader of a stream that began anew pauses', async () => {
  const place = await world([cut, { tokens, fault: { kind: 'stall', atToken: 2 } }], { retries: quick });
  const controller = new AbortController();
  const stream = await open(place, openai, { signal: controller.signal });
  const reader = stream[Symbol.asyncIterator]();
  const whole = failure(stream.completion());
  while (!(await reader.next()).value?.restarted);
  controller.abort('enough');
  expect(await whole).toBe('enough');
  expect(await failure(reader.next())).toBe('enough');
  await eventually(() => place.simulator.sockets.open === 0);
});

test('without it a broken stream is not asked again', async () => {
  const place = await world([cut, well], { retries: quick });
  const stream = await place.client.completion({ model: openai, prompt: 'Hi', stream: true });
  expect(await failure(stream.completion())).toMatchObject({
    code: 'stream_interrupted',
    partial: { text: 'one two ' },
  });
  expect(place.asked()).toBe(1);
});

test('text() throws in place of a restart, and nobody is asked again', async () => {
  const place = await world([cut, well], { retries: quick });
  let text = '';
  const reading = (async () => {
    for await (const piece of (await open(place)).text()) text += piece;
  })();
  const error = (await failure(reading)) as StreamInterruptedError;
  expect(error).toMatchObject({ code: 'stream_interrupted', partial: { text: 'one two ' } });
  expect(text).toBe('one two ');
  expect(place.asked()).toBe(1);
  await eventually(() => place.simulator.sockets.open === 0);
});

test('toReadableStream() fails in place of a restart, and nobody is asked again', async () => {
  const place = await world([cut, well], { retries: quick });
  let sent = '';
  const reading = (async () => {
    for await (const bytes of (await open(place)).toReadableStream()) sent += new TextDecoder().decode(bytes);
  })();
  expect(await failure(reading)).toMatchObject({ code: 'stream_interrupted' });
  expect(sent).toContain('"type":"stream_interrupted"');
  expect(sent).not.toContain('another');
  expect(place.asked()).toBe(1);
});

test('restarts are bounded by the retries', async () => {
  const place = await world(cut, { retries: { ...quick, attempts: 3 } });
  const error = (await failure((await open(place)).completion())) as StreamInterruptedError;
  expect(error).toMatchObject({ code: 'stream_interrupted', partial: { text: 'one two ' } });
  expect(error.attempts).toHaveLength(3);
  expect(place.asked()).toBe(3);
});

test('restarts are bounded by the budget of the client', async () => {
  const place = await world(cut, { retries: { ...quick, attempts: 100 }, breaker: false });
  await failure((await open(place)).completion());
  expect(place.asked()).toBeLessThanOrEqual(12);
});

test('restarts are bounded by the total time', async () => {
  const place = await world([cut, silence], { retries: quick });
  const error = await failure((await open(place, openai, { timeout: 250 })).completion());
  expect(error).toMatchObject({ code: 'timeout', phase: 'total', partial: { text: 'one two ' } });
});

test('no restart with no retries', async () => {
  const place = await world([cut, well], { retries: 0 });
  expect(await failure((await open(place)).completion())).toMatchObject({ code: 'stream_interrupted' });
  expect(place.asked()).toBe(1);
});

test('when it cannot begin anew, the stream is interrupted, with what had come', async () => {
  const place = await world([cut, { status: 401 }], { retries: quick });
  const error = await failure((await open(place)).completion());
  expect(error).toMatchObject({
    code: 'stream_interrupted',
    partial: { text: 'one two ' },
    cause: { code: 'authentication' },
  });
});

test('it may go on with a fallback', async () => {
  const script = ({ dialect, index }: { dialect: string; index: number }) =>
    dialect === 'mistral' ? well : index === 0 ? cut : { status: 503 };
  const place = await world(script, { retries: { ...quick, attempts: 2 }, fallbacks: [mistral] });
  const stream = await open(place);
  expect(await read(stream)).toMatchObject({ text: 'another answer', restarts: 1 });
  expect((await stream.completion()).meta).toMatchObject({ provider: 'mistral', model: 'mistral-small-latest' });
});

const leaving: Record<string, (stream: CompletionStream, controller: AbortController) => void> = {
  'close()': (stream) => stream.close(),
  'an abort': (_, controller) => controller.abort(new Error('left')),
};

test.each(Object.entries(leaving))('%s during a restart opens nothing more and frees the slot', async (_, leave) => {
  const place = await world([cut, silence], one);
  const controller = new AbortController();
  const stream = await open(place, openai, { signal: controller.signal });
  const reading = read(stream).catch(() => {});
  await place.simulator.waitFor(2);
  leave(stream, controller);
  await reading;
  await eventually(() => place.simulator.sockets.open === 0);
  expect(place.asked()).toBe(2);
  place.simulator.script(well);
  const next = await place.client.completion({ model: openai, prompt: 'Hi' }, { timeout: 2_000 });
  expect(next.text).toBe('another answer');
});

test.each(Object.entries(leaving))('%s while a restart waits for its turn opens nothing more', async (_, leave) => {
  const place = await world([cut, { status: 503, headers: { 'retry-after': '30' } }], one);
  const controller = new AbortController();
  const stream = await open(place, openai, { signal: controller.signal });
  const reading = read(stream).catch(() => {});
  await place.simulator.waitFor(2);
  await after(50);
  leave(stream, controller);
  await reading;
  await after(50);
  expect(place.asked()).toBe(2);
  await eventually(
    () => place.simulator.sockets.open === 0 || place.simulator.requests.every(({ aborted }) => !aborted),
  );
});

test.each(Object.entries(leaving))('%s in any turn after the restart frees the slot', async (_, leave) => {
  const place = await world(undefined, { ...one, retries: { ...quick, budget: false }, breaker: false });
  for (let turns = 0; turns < 30; turns++) {
    place.simulator.script([cut, well, well]);
    const controller = new AbortController();
    const stream = await open(place, openai, { signal: controller.signal });
    const arrived = place.asked() + 1;
    void read(stream).catch(() => {});
    await eventually(() => place.asked() >= arrived);
    for (let turn = 0; turn < turns; turn++) await undefined;
    if (turns % 3 === 0) await new Promise(setImmediate);
    leave(stream, controller);
    const next = await place.client.completion({ model: openai, prompt: 'Hi' }, { timeout: 2_000 });
    expect(next.text, `after ${turns} turns`).not.toBe('');
  }
});

test('a consumer that reads slowly gets the marker before the new text', async () => {
  const place = await world([cut, well], { retries: quick });
  const pieces: string[] = [];
  for await (const { restarted, choices } of await open(place)) {
    pieces.push(restarted ? '|' : (choices[0]?.delta.content ?? ''));
    await after(5);
  }
  expect(pieces.join('')).toBe('one two |another answer');
});
