import assert from 'node:assert/strict';
import type { Bench } from '../bench/bench.ts';
import { failureOf } from '../bench/failure.ts';
import { heldHandles } from '../bench/held-handles.ts';
import { eventually, within } from '../bench/within.ts';
import { type CaseOf, casesOf } from '../case.ts';
import { textOf } from '../contents.ts';
import type { Fault } from '../scenario.ts';

const reason = new Error('the user went away');

/** Aborts once the server has the request: the call rejects with the caller's own reason, and the socket is closed. */
async function assertAborts(bench: Bench, call: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
  const controller = new AbortController();
  const failed = failureOf(call(controller.signal));
  const index = bench.requests.length;
  await bench.received(index);
  controller.abort(reason);
  assert.equal(await within(failed, 'an aborted call rejects'), reason, "it does not reject with the caller's reason");
  await bench.hungUp(index);
}

const stages: Record<string, { fault: Fault; why: string }> = {
  'waiting-for-headers': {
    fault: { kind: 'silence' },
    why: 'A user who gives up while the model is silent must not go on paying for it.',
  },
  'waiting-for-body': {
    fault: { kind: 'silence-after-headers' },
    why: 'A signal that is obeyed only until the headers come is obeyed too short.',
  },
};

const stageCases = Object.entries(stages).map(
  ([name, { fault, why }]): CaseOf => ({
    name,
    why,
    answers: { say: 'text', fault },
    async run(bench) {
      await assertAborts(bench, (signal) => bench.complete({}, { signal }));
      await assertAborts(bench, (signal) => bench.fold({}, { signal }));
    },
  }),
);

export const cancellationCases = casesOf(
  'cancellation',
  {
    name: 'before-the-call',
    why: 'A signal that has been aborted already asks for nothing.',
    answers: [],
    async run(bench) {
      await bench.bothWays(async (ask) =>
        assert.equal(await failureOf(ask({}, { signal: AbortSignal.abort(reason) })), reason),
      );
      bench.assertUnasked();
    },
  },
  ...stageCases,
  {
    name: 'amid-stream',
    why: 'A stopped answer ends at once, and the vendor stops to generate what nobody reads.',
    answers: { say: 'long-text', tokenMs: 10 },
    async run(bench) {
      const controller = new AbortController();
      const stream = await bench.stream({}, { signal: controller.signal });
      const read = async () => {
        for await (const _ of stream.text()) controller.abort(reason);
      };
      assert.equal(await within(failureOf(read()), 'an aborted stream throws'), reason);
      await bench.hungUp();
    },
  },
  {
    name: 'amid-stall',
    why: 'A provider that looks at the signal only when bytes come never looks, if none come.',
    answers: { say: 'long-text', fault: { kind: 'stall', atToken: 2 } },
    async run(bench) {
      const controller = new AbortController();
      const stream = await bench.stream({}, { signal: controller.signal });
      setTimeout(() => controller.abort(reason), 50);
      const failed = failureOf(stream.completion());
      assert.equal(await within(failed, 'an aborted stream throws'), reason);
      await bench.hungUp();
    },
  },
  {
    name: 'break',
    why: 'Leaving the loop is the commonest way to stop: the socket has to go with it.',
    answers: { say: 'long-text', tokenMs: 10 },
    async run(bench) {
      for await (const _ of (await bench.stream()).text()) break;
      await bench.hungUp();
    },
  },
  {
    name: 'break-amid-stall',
    why: 'A clean-up that waits for the next piece waits for ever.',
    answers: { say: 'long-text', fault: { kind: 'stall', atToken: 2 } },
    async run(bench) {
      for await (const _ of (await bench.stream()).text()) break;
      await bench.hungUp();
    },
  },
  {
    name: 'unread',
    why: 'A stream that is closed before anyone reads it holds a socket as well.',
    answers: { say: 'long-text', fault: { kind: 'stall', atToken: 2 } },
    async run(bench) {
      {
        await using _ = await bench.stream();
      }
      await bench.hungUp();
    },
  },
  {
    name: 'others-go-on',
    why: 'Calls share connections and pools: to abort one must not harm its neighbours.',
    answers: { say: 'long-text', tokenMs: 2 },
    async run(bench) {
      const controller = new AbortController();
      const others = [bench.fold(), bench.complete(), bench.fold()];
      const aborted = failureOf(bench.fold({}, { signal: controller.signal }));
      await bench.received(3);
      controller.abort(reason);
      assert.equal(await aborted, reason);
      const [choice] = bench.content('long-text').choices;
      for (const { text } of await Promise.all(others)) assert.equal(text, choice && textOf(choice));
    },
  },
  {
    name: 'after-the-end',
    why: 'One signal often covers many calls: aborting it later must not reach those that are over.',
    async run(bench) {
      const controller = new AbortController();
      const [choice] = bench.content('text').choices;
      const stream = await bench.stream({}, { signal: controller.signal });
      await stream.completion();
      controller.abort(reason);
      assert.equal((await stream.completion()).text, choice && textOf(choice));
    },
  },
  {
    name: 'nothing-held',
    why: 'A program ends when its work is done: no timer and no idle socket may keep it alive.',
    async run(bench) {
      const held = await heldHandles(async () => {
        const { complete, fold } = bench.another();
        await complete();
        await fold();
      });
      bench.onEnd(held.stop);
      await eventually(
        () => held.types().length === 0,
        () => `the process can end, without ${held.types().join(', ')}`,
      );
    },
  },
);
