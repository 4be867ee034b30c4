import assert from 'node:assert/strict';
import type { CallOptions } from '@anyllm/core';
import type { Bench } from '../bench/bench.ts';
import { assertHoldsNo, failureOf, secrets, typedFailureOf } from '../bench/failure.ts';
import { within } from '../bench/within.ts';
import type { Answer, CaseOf } from '../case.ts';
import type { ContentName, Fault, ServerErrorCode } from '../scenario.ts';

interface OperationCases {
  /** What the names of the cases begin with, in a group with several operations. Default: nothing. */
  prefix?: string;
  /** What the server says when all goes well. */
  say: ContentName;
  needs: NonNullable<CaseOf['needs']>;
  /** What it says to the requests that precede the one in question. Default: there are none. */
  before?: readonly ContentName[];
  /** Asks, and reads an answer that is streamed to its end. */
  ask: (bench: Bench, options?: CallOptions) => Promise<unknown>;
}

interface StreamCases extends OperationCases {
  /** How a stream can be cut so that it shows. Default: in every way. */
  cuts?: readonly (Fault & { kind: 'cut' })['by'][];
}

const codes: readonly ServerErrorCode[] = [
  'authentication',
  'permission_denied',
  'rate_limit',
  'overloaded',
  'provider',
];

const raw = (body: string, type = 'application/json'): Fault => ({
  kind: 'raw',
  status: 200,
  headers: { 'content-type': type },
  body,
});

const unreadable: readonly Fault[] = [
  raw(''),
  raw('<html><body>Bad gateway</body></html>', 'text/html'),
  raw('null'),
  raw('{}'),
  raw('{"data":7,"models":7,"embeddings":7,"results":7,"text":7,"output":7}'),
];

/** All events of a stream. */
export async function eventsOf<Event>(stream: AsyncIterable<Event> | Promise<AsyncIterable<Event>>): Promise<Event[]> {
  const events: Event[] = [];
  for await (const event of await stream) events.push(event);
  return events;
}

/** What holds for every operation that answers once. */
export function operationCases(cases: OperationCases): CaseOf[] {
  return [...commonCases(cases), unreadableCase(cases, [...unreadable, { kind: 'truncated' }])];
}

/** What holds for every operation that answers in pieces. */
export function streamCases({ cuts = ['fin', 'rst', 'end'], ...cases }: StreamCases): CaseOf[] {
  const { prefix = '', needs, ask } = cases;
  return [
    ...commonCases(cases),
    unreadableCase(cases, unreadable),
    {
      name: `${prefix}cut`,
      why: 'A server that dies amid its answer looks like one that has ended, if nobody looks closely.',
      needs,
      answers: answersOf(cases, cuts, (by) => ({ fault: { kind: 'cut', atToken: 2, by } })),
      async run(bench) {
        for (const _ of cuts) await typedFailureOf(ask(bench), 'stream_interrupted', 'connection', 'response_parse');
      },
    },
    {
      name: `${prefix}abort-amid-stall`,
      why: 'A provider that looks at the signal only when bytes come never looks, if none come.',
      needs,
      answers: answersOf(cases, ['stall'] as const, (kind) => ({ fault: { kind, atToken: 2 } })),
      async run(bench) {
        const controller = new AbortController();
        const failed = failureOf(ask(bench, { signal: controller.signal }));
        await bench.received(indexOf(cases));
        setTimeout(() => controller.abort('enough'), 50);
        assert.equal(await within(failed, 'an aborted stream throws'), 'enough');
        await bench.hungUp(indexOf(cases));
      },
    },
  ];
}

/** What is answered when the operation is asked once for each item. */
function answersOf<Item>(
  { before = [], say }: OperationCases,
  items: readonly Item[],
  toAnswer: (item: Item) => Partial<Answer> = () => ({}),
): Answer[] {
  return items.flatMap((item) => [...before.map((name) => ({ say: name })), { say, ...toAnswer(item) }]);
}

/** Which request is the one in question. */
function indexOf({ before = [] }: OperationCases, timesAskedBefore = 0): number {
  return timesAskedBefore * (before.length + 1) + before.length;
}

function unreadableCase(cases: OperationCases, faults: readonly Fault[]): CaseOf {
  const { prefix = '', needs, ask } = cases;
  return {
    name: `${prefix}unreadable`,
    why: 'A body that holds no answer is an error, worth another attempt, and never an empty result.',
    needs,
    answers: answersOf(cases, faults, (fault) => ({ fault })),
    async run(bench) {
      for (const _ of faults) {
        const error = await typedFailureOf(ask(bench), 'response_parse');
        assert.equal(error.retryable, true);
      }
    },
  };
}

function commonCases(cases: OperationCases): CaseOf[] {
  const { prefix = '', needs, ask } = cases;
  return [
    {
      name: `${prefix}key`,
      why: 'Every request to the vendor is made with the key that the user gave for it.',
      needs: (capabilities, connection, provider) =>
        needs(capabilities, connection, provider) && connection.apiKey?.required === true,
      answers: answersOf(cases, ['well']),
      async run(bench) {
        await ask(bench, { apiKey: secrets.key });
        await bench.received(indexOf(cases));
        for (const { headers } of bench.requests)
          assert.ok(JSON.stringify(headers).includes(secrets.key), 'the key did not go along');
      },
    },
    {
      name: `${prefix}errors`,
      why: 'A failure has the same class whatever was asked: what handles one handles all.',
      needs,
      answers: answersOf(cases, codes, (code) => ({ say: code })),
      async run(bench) {
        for (const code of codes) {
          const error = await typedFailureOf(ask(bench), code);
          assert.equal(error.provider, bench.provider.id);
        }
        const expected = indexOf(cases, codes.length - 1) + 1;
        assert.equal(bench.requests.length, expected, 'the provider asked more than once for one call');
      },
    },
    {
      name: `${prefix}abort`,
      why: 'A user who gives up waits for nothing, and a socket that nobody reads is closed.',
      needs,
      answers: answersOf(cases, ['silence', 'silence-after-headers'] as const, (kind) => ({ fault: { kind } })),
      async run(bench) {
        for (const index of [indexOf(cases, 0), indexOf(cases, 1)]) {
          const controller = new AbortController();
          const failed = failureOf(ask(bench, { signal: controller.signal }));
          await bench.received(index);
          controller.abort('enough');
          assert.equal(await within(failed, 'an aborted call rejects'), 'enough');
          await bench.hungUp(index);
        }
      },
    },
    {
      name: `${prefix}secrets`,
      why: 'Servers repeat the key that they refuse; errors go to logs, and logs to everyone.',
      needs,
      answers: answersOf(cases, [401, 400, 500, 200], (status) => ({ fault: { kind: 'echo', status } })),
      async run(bench) {
        for (let at = 0; at < 4; at++) assertHoldsNo(await failureOf(ask(bench, { apiKey: secrets.key })), 'key');
      },
    },
  ];
}
