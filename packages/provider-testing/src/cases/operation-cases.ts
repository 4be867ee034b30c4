import assert from 'node:assert/strict';
import type { CallOptions } from '@anyllm/core';
import type { Bench } from '../bench/bench.ts';
import { assertHoldsNo, failureOf, secrets, typedFailureOf } from '../bench/failure.ts';
import { within } from '../bench/within.ts';
import type { CaseOf } from '../case.ts';
import type { ContentName, Fault, ServerErrorCode } from '../scenario.ts';

interface OperationCases {
  /** What the server says when all goes well. */
  say: ContentName;
  needs: NonNullable<CaseOf['needs']>;
  ask: (bench: Bench, options?: CallOptions) => Promise<unknown>;
}

const codes: readonly ServerErrorCode[] = [
  'authentication',
  'permission_denied',
  'rate_limit',
  'overloaded',
  'provider',
];

const raw = (body: string): Fault => ({ kind: 'raw', status: 200, body });

const unreadable: readonly Fault[] = [
  raw(''),
  raw('<html><body>Bad gateway</body></html>'),
  raw('null'),
  raw('{}'),
  raw('{"data":7,"models":7,"embeddings":7}'),
  { kind: 'truncated' },
];

/** What holds for every operation that answers once. */
export function operationCases({ say, needs, ask }: OperationCases): CaseOf[] {
  return [
    {
      name: 'key',
      why: 'Every request to the vendor is made with the key that the user gave for it.',
      needs: (capabilities, connection, provider) =>
        needs(capabilities, connection, provider) && connection.apiKey?.required === true,
      answers: { say },
      async run(bench) {
        await ask(bench, { apiKey: secrets.key });
        assert.ok(JSON.stringify((await bench.received()).headers).includes(secrets.key), 'the key did not go along');
      },
    },
    {
      name: 'errors',
      why: 'A failure has the same class whatever was asked: what handles one handles all.',
      needs,
      answers: codes.map((code) => ({ say: code })),
      async run(bench) {
        for (const code of codes) {
          const error = await typedFailureOf(ask(bench), code);
          assert.equal(error.provider, bench.provider.id);
        }
        assert.equal(bench.requests.length, codes.length, 'the provider asked more than once for one call');
      },
    },
    {
      name: 'unreadable',
      why: 'A body that holds no answer is an error, worth another attempt, and never an empty result.',
      needs,
      answers: unreadable.map((fault) => ({ say, fault })),
      async run(bench) {
        for (const _ of unreadable) {
          const error = await typedFailureOf(ask(bench), 'response_parse');
          assert.equal(error.retryable, true);
        }
      },
    },
    {
      name: 'abort',
      why: 'A user who gives up waits for nothing, and a socket that nobody reads is closed.',
      needs,
      answers: ['silence', 'silence-after-headers'].map((kind) => ({ say, fault: { kind } as Fault })),
      async run(bench) {
        for (const index of [0, 1]) {
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
      name: 'secrets',
      why: 'Servers repeat the key that they refuse; errors go to logs, and logs to everyone.',
      needs,
      answers: [401, 400, 500, 200].map((status) => ({ say, fault: { kind: 'echo', status } })),
      async run(bench) {
        for (let at = 0; at < 4; at++) assertHoldsNo(await failureOf(ask(bench, { apiKey: secrets.key })), 'key');
      },
    },
  ];
}
