import assert from 'node:assert/strict';
import type { TimeoutError, TimeoutPhase, Timeouts } from '@anyllm/core';
import type { Bench } from '../bench/bench.ts';
import { typedFailureOf } from '../bench/failure.ts';
import { within } from '../bench/within.ts';
import { type CaseOf, casesOf } from '../case.ts';
import { textOf } from '../contents.ts';
import type { Fault } from '../scenario.ts';

/** Long enough for a slow machine to get to where the limit counts. */
const limitMs = 300;

async function assertTimesOut(call: Promise<unknown>, phase: TimeoutPhase): Promise<TimeoutError> {
  const error = (await within(typedFailureOf(call, 'timeout'), 'the time limit passes')) as TimeoutError;
  assert.equal(error.phase, phase);
  return error;
}

interface Limited {
  name: string;
  why: string;
  fault: Fault;
  timeout: Timeouts;
  phase: TimeoutPhase;
  streamedOnly?: true;
}

function limited({ name, why, fault, timeout, phase, streamedOnly }: Limited): CaseOf {
  const check = async (bench: Bench, ask: Bench['complete'], index: number) => {
    await assertTimesOut(ask({}, { timeout: { total: 10_000, ...timeout } }), phase);
    await bench.hungUp(index);
  };
  return {
    name,
    why,
    answers: { say: 'long-text', fault },
    async run(bench) {
      await check(bench, bench.fold, 0);
      if (!streamedOnly) await check(bench, bench.complete, 1);
    },
  };
}

export const deadlineCases = casesOf(
  'deadlines',
  limited({
    name: 'headers',
    why: 'The limit for the headers counts from when the connection is ready, which only the provider can tell: `connected()`.',
    fault: { kind: 'silence' },
    timeout: { headers: limitMs },
    phase: 'headers',
  }),
  limited({
    name: 'headers-came',
    why: 'The limit for the headers ends with them, which only the provider can tell: `responded()`.',
    fault: { kind: 'silence-after-headers' },
    timeout: { headers: limitMs, attempt: 2 * limitMs },
    phase: 'attempt',
  }),
  limited({
    name: 'first-token',
    why: 'A stream that opens and then says nothing has to end too.',
    fault: { kind: 'silence-after-headers' },
    timeout: { firstToken: limitMs },
    phase: 'firstToken',
    streamedOnly: true,
  }),
  limited({
    name: 'idle',
    why: 'A stream that falls silent must not hold its caller for ever.',
    fault: { kind: 'stall', atToken: 2 },
    timeout: { idle: limitMs },
    phase: 'idle',
    streamedOnly: true,
  }),
  limited({
    name: 'idle-with-keep-alives',
    why: 'Keep-alives are no content: a provider that passes them on as such keeps a dead stream alive.',
    fault: { kind: 'stall', atToken: 2, comments: true },
    timeout: { idle: limitMs },
    phase: 'idle',
    streamedOnly: true,
  }),
  limited({
    name: 'total',
    why: 'The deadline covers the whole call, and the socket goes with it.',
    fault: { kind: 'silence-after-headers' },
    timeout: { total: limitMs },
    phase: 'total',
  }),
  {
    name: 'partial',
    why: 'What had come when the time ran out is there, since it was paid for.',
    answers: { say: 'long-text', fault: { kind: 'stall', atToken: 2 } },
    async run(bench) {
      const error = await assertTimesOut(bench.fold({}, { timeout: limitMs }), 'total');
      const [choice] = bench.content('long-text').choices;
      const text = error.partial?.text ?? '';
      assert.ok(text !== '' && choice && textOf(choice).startsWith(text), 'the partial answer is not what had come');
    },
  },
  {
    name: 'slow-but-alive',
    why: 'A limit for silence must not end a stream that goes on, however slowly.',
    answers: { say: 'text', tokenMs: 60 },
    async run(bench) {
      const [choice] = bench.content('text').choices;
      assert.equal((await bench.fold({}, { timeout: { idle: limitMs } })).text, choice && textOf(choice));
    },
  },
  {
    name: 'account',
    why: 'Status and timings of every attempt are what operators look at: the provider has to report the answer it got.',
    run: (bench) =>
      bench.bothWays(async (ask) => {
        const { meta } = await ask();
        assert.deepEqual(
          meta.attempts.map(({ status }) => status),
          [200],
          '`responded()` was not called',
        );
      }),
  },
);
