import { expectTypeOf, test } from 'vitest';
import type { ChatCompletion } from '../contract/chat-completion.ts';
import type { CompletionRequest } from '../contract/chat-request.ts';
import type { FulfilledRow, Gather, RejectedRow, SettledRow, TaskContext } from './gathering.ts';

declare const gather: Gather;
declare const requests: CompletionRequest[];

test('a tuple of functions gives a tuple of results', () => {
  expectTypeOf(gather([() => 1, async () => 'a']).then).toEqualTypeOf<Promise<[number, string]>['then']>();
});

test('an array gives an array', async () => {
  const tasks: (() => Promise<number>)[] = [];
  expectTypeOf(await gather(tasks)).toEqualTypeOf<number[]>();
});

test('functions and requests mix', async () => {
  const mixed = await gather([
    { model: 'mistral/small', messages: [{ role: 'user', content: 'Hi' }] },
    ({ name }) => name,
  ]);
  expectTypeOf(mixed).toEqualTypeOf<[ChatCompletion, string]>();
  expectTypeOf(await gather([{ model: 'a/b', prompt: 'Hi' }])).toEqualTypeOf<[ChatCompletion]>();
});

test('a function is given its context', () => {
  gather([(context) => expectTypeOf(context).toEqualTypeOf<TaskContext>()]);
});

test('iterables and async iterables give arrays', async () => {
  function* sync() {
    yield () => 1;
  }
  async function* async() {
    yield async () => 'a';
  }
  expectTypeOf(await gather(sync())).toEqualTypeOf<number[]>();
  expectTypeOf(await gather(async())).toEqualTypeOf<string[]>();
});

test('settle gives rows that narrow by status', async () => {
  const [row] = await gather([() => 1], { settle: true });
  if (row.status === 'fulfilled') expectTypeOf(row.value).toEqualTypeOf<number>();
  else expectTypeOf(row.reason).toEqualTypeOf<unknown>();
  const rows = await gather(
    requests.map((request) => async () => request.user ?? ''),
    { settle: true },
  );
  expectTypeOf(rows).toEqualTypeOf<SettledRow<string, () => Promise<string>>[]>();
});

test('settled requests keep their input', async () => {
  const rows = await gather(requests, { settle: true });
  expectTypeOf(rows).toEqualTypeOf<SettledRow<ChatCompletion, CompletionRequest>[]>();
});

test('iteration gives rows', async () => {
  const tasks = [() => 1];
  for await (const row of gather(tasks)) expectTypeOf(row).toEqualTypeOf<FulfilledRow<number, () => number>>();
  for await (const row of gather(tasks, { settle: true })) {
    expectTypeOf(row).toEqualTypeOf<FulfilledRow<number, () => number> | RejectedRow<() => number>>();
  }
});

test('name is given the input', () => {
  gather([{ model: 'a/b', prompt: 'Hi' }], { name: (index, input) => `${input.model}-${index}` });
});

test('a model outside of the given ids is a compile error', () => {
  const typed = gather as unknown as Gather<`mistral/${string}`>;
  typed([{ model: 'mistral/small', prompt: 'Hi' }]);
  // @ts-expect-error: no such provider
  typed([{ model: 'openai/gpt', prompt: 'Hi' }]);
});
