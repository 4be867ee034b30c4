import assert from 'node:assert/strict';
import { type AddressInfo, createServer } from 'node:net';
import { typedFailureOf } from '../bench/failure.ts';
import { type CaseOf, casesOf } from '../case.ts';
import type { ServerErrorCode } from '../scenario.ts';

const codes: Record<ServerErrorCode, { retryable: boolean; why: string }> = {
  invalid_request: { retryable: false, why: 'A request that is wrong stays wrong: retrying it is a loop.' },
  authentication: { retryable: false, why: 'A wrong key is fixed by people, not by retries.' },
  permission_denied: {
    retryable: false,
    why: 'A good key that may not do this is another thing to fix than a wrong one.',
  },
  model_not_found: { retryable: false, why: 'A fallback takes over for a missing model, and not for a wrong address.' },
  context_length_exceeded: {
    retryable: false,
    why: 'Programs shorten the conversation when they can tell this from other wrong requests.',
  },
  content_filter: { retryable: false, why: 'A blocked request is shown to users as such.' },
  rate_limit: { retryable: true, why: 'Waiting helps: this is what retries and limits go by.' },
  quota_exceeded: {
    retryable: false,
    why: 'Waiting does not help when the money is spent, though some vendors use the same status.',
  },
  overloaded: { retryable: true, why: 'A vendor without capacity is where retry, circuit breaker and fallback begin.' },
  provider: { retryable: true, why: 'A failure of the vendor may pass.' },
};

const codeCases = Object.entries(codes).map(
  ([code, { retryable, why }]): CaseOf => ({
    name: code.replaceAll('_', '-'),
    why,
    answers: { say: code as ServerErrorCode },
    run: (bench) =>
      bench.bothWays(async (ask, way) => {
        const error = await typedFailureOf(ask(), code as ServerErrorCode);
        assert.equal(error.retryable, retryable, `${way}: \`retryable\``);
        assert.equal(error.provider, bench.provider.id);
        assert.equal(error.model, bench.model.slice(bench.provider.id.length + 1));
        assert.ok(Number(error.status) >= 400, `${way}: there is no status`);
      }),
  }),
);

export const errorCases = casesOf(
  'errors',
  ...codeCases,
  {
    name: 'one-attempt',
    why: 'Retries are the business of the library, which knows deadlines and budgets; a second one beneath it multiplies them.',
    answers: { say: 'overloaded' },
    async run(bench) {
      await bench.bothWays(async (ask) => void (await typedFailureOf(ask())));
      assert.equal(bench.requests.length, 2, 'the provider asked more than once for one call');
    },
  },
  {
    name: 'retry-after',
    why: 'The server says when to come back: earlier is wasted and prolongs the wait.',
    answers: { say: 'rate_limit' },
    run: (bench) =>
      bench.bothWays(async (ask) => {
        const seconds = bench.content('rate_limit').error?.retryAfter;
        if (seconds !== undefined) assert.equal((await typedFailureOf(ask())).retryAfterMs, seconds * 1_000);
      }),
  },
  {
    name: 'in-band',
    why: 'An error under status 200 is an error: some servers learn of it only after the headers have gone out.',
    answers: { say: 'text', fault: { kind: 'error-event', atToken: 0 } },
    run: (bench) => bench.bothWays(async (ask) => void (await typedFailureOf(ask()))),
  },
  {
    name: 'connection-refused',
    why: 'A server that is down is the commonest failure of a local one, and worth another attempt.',
    answers: [],
    async run(bench) {
      const baseURL = await addressOfNobody();
      await bench.bothWays(async (ask) => {
        const error = await typedFailureOf(ask({}, { baseURL }), 'connection');
        assert.equal(error.retryable, true);
      });
    },
  },
  {
    name: 'connection-reset',
    why: 'A connection that breaks before the answer is a failure to connect, not an empty answer or a bug.',
    answers: { say: 'text', fault: { kind: 'reset-before-headers' } },
    run: (bench) =>
      bench.bothWays(async (ask) => {
        const error = await typedFailureOf(ask(), 'connection');
        assert.equal(error.retryable, true);
      }),
  },
  {
    name: 'web-page',
    why: 'Proxies answer with a page under status 200: it is no answer, and the error should say so.',
    answers: {
      say: 'text',
      fault: {
        kind: 'raw',
        status: 200,
        headers: { 'content-type': 'text/html' },
        body: '<html><title>Sign in</title></html>',
      },
    },
    run: (bench) => bench.bothWays(async (ask) => void (await typedFailureOf(ask()))),
  },
  {
    name: 'gateway-page',
    why: 'A gateway that fails speaks for itself, in HTML: a failure of the vendor all the same, and worth another attempt.',
    answers: {
      say: 'text',
      fault: {
        kind: 'raw',
        status: 502,
        headers: { 'content-type': 'text/html' },
        body: '<html><title>502 Bad Gateway</title></html>',
      },
    },
    run: (bench) =>
      bench.bothWays(async (ask) => {
        const error = await typedFailureOf(ask());
        assert.equal(error.status, 502);
        assert.equal(error.retryable, true);
      }),
  },
  {
    name: 'empty-body',
    why: 'An answer without a body is not an answer without text.',
    answers: { say: 'text', fault: { kind: 'raw', status: 200, body: '' } },
    run: (bench) => bench.bothWays(async (ask) => void (await typedFailureOf(ask()))),
  },
  {
    name: 'empty-error-body',
    why: 'The status alone says enough for a typed error.',
    answers: { say: 'text', fault: { kind: 'raw', status: 401, body: '' } },
    run: (bench) => bench.bothWays(async (ask) => void (await typedFailureOf(ask(), 'authentication'))),
  },
  {
    name: 'truncated-body',
    why: 'Half of the JSON is no answer, and the parser’s own error is none of ours.',
    answers: { say: 'text', fault: { kind: 'truncated' } },
    run: async (bench) => void (await typedFailureOf(bench.complete())),
  },
  {
    name: 'missing-key',
    why: 'A missing key is told before the network, with the name of the variable that holds it.',
    needs: (_, { apiKey }) => apiKey?.required === true,
    answers: [],
    async run(bench) {
      const { env = [] } = bench.provider.connection.apiKey ?? {};
      const saved = env.map((name) => [name, process.env[name]] as const);
      bench.onEnd(() => {
        for (const [name, value] of saved) if (value !== undefined) process.env[name] = value;
      });
      for (const name of env) delete process.env[name];
      await bench.bothWays(async (ask) => {
        const error = await typedFailureOf(ask({}, { apiKey: '' }), 'missing_api_key');
        assert.ok(error.message.includes(env[0] ?? ''), 'the variable is not named');
      });
      bench.assertUnasked();
    },
  },
);

/** A port that was free a moment ago. */
async function addressOfNobody(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}
