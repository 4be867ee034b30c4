import { type ChatRequest, onDemand } from '@anyllm/core/provider';
import { expect, test, vi } from 'vitest';
import { lateStream } from './late-stream.ts';
import { contextFor, scripted } from './testing/scripted-transport.ts';

const end = { done: true, value: undefined };

/** A stream that counts, and the log of what has happened to it. */
function counting() {
  const log: string[] = [];
  async function* open(from: number) {
    log.push('opened');
    try {
      for (let number = from; number < from + 3; number += 1) yield number;
    } finally {
      log.push('closed');
    }
  }
  return { open, log };
}

async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

function iterate<T>(stream: AsyncIterable<T>): Required<AsyncIterator<T>> {
  return stream[Symbol.asyncIterator]() as Required<AsyncIterator<T>>;
}

test('a stream that waits for its module is the same as one that does not', async () => {
  const module = onDemand(async () => 5);
  const { open } = counting();
  const first = await collect(lateStream(module(), open));
  expect(module()).toBe(5);
  expect(await collect(lateStream(module(), open))).toEqual(first);
  expect(first).toEqual([5, 6, 7]);
});

test('the stream itself is given once its module is there', () => {
  const stream = counting().open(5);
  expect(lateStream(5, () => stream)).toBe(stream);
});

test('a stream that is left while it waits ends, and is never opened', async () => {
  const { open, log } = counting();
  const stream = iterate(lateStream(Promise.resolve(5), open));
  const first = stream.next();
  expect(await stream.return()).toEqual(end);
  expect(await first).toEqual(end);
  expect(await stream.next()).toEqual(end);
  expect(log).toEqual([]);
});

test('a stream that is left after it has waited is closed', async () => {
  const { open, log } = counting();
  for await (const number of lateStream(Promise.resolve(5), open)) if (number === 6) break;
  expect(log).toEqual(['opened', 'closed']);
});

test('an import that fails is told by the first read, and by nothing else', async () => {
  const gone = () => Promise.reject(new Error('gone'));
  const unread = iterate(lateStream(gone(), counting().open));
  await expect(iterate(lateStream(gone(), counting().open)).next()).rejects.toThrow('gone');
  expect(await unread.return()).toEqual(end);
});

test('the first streamed call of a program sends nothing when it is left at once', async () => {
  vi.resetModules();
  const { openAICompatible } = await import('../openai/openai-compatible.ts');
  const sent: string[] = [];
  const { transport } = scripted(() => sent.push('a request'));
  const request: ChatRequest = { model: 'm', messages: [{ role: 'user', content: 'Hi' }] };
  const stream = iterate(openAICompatible({ id: 'vendor' }).stream(request, contextFor(transport)));
  const first = stream.next();
  await stream.return();
  expect(await first).toEqual(end);
  expect(sent).toEqual([]);
});
