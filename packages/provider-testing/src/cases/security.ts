import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import type { CallOptions } from '@anyllm/core';
import type { Bench } from '../bench/bench.ts';
import { assertHoldsNo, secrets, typedFailureOf } from '../bench/failure.ts';
import { startRawServer } from '../bench/raw-server.ts';
import { within } from '../bench/within.ts';
import { type Answer, type CaseOf, casesOf } from '../case.ts';
import type { Fault } from '../scenario.ts';

const asked = { prompt: secrets.prompt };
const options: CallOptions = { apiKey: secrets.key, headers: { 'x-suite': secrets.header }, timeout: 2_000 };

const failures: Record<string, { answers: Answer[]; why: string; names: (keyof typeof secrets)[] }> = {
  'echoed-key': {
    answers: [401, 400, 403, 404, 429, 500].flatMap((status) => faults({ kind: 'echo', status })),
    why: 'Servers repeat the key that they refuse; errors go to logs, and logs to everyone.',
    names: ['key'],
  },
  'echoed-answer': {
    answers: faults({ kind: 'echo', status: 200 }),
    why: 'A body that cannot be read may hold all that was sent; the error must not quote it.',
    names: ['key', 'header', 'prompt'],
  },
  refused: {
    answers: ['authentication', 'invalid_request', 'rate_limit', 'provider'].flatMap((say) => twice({ say } as Answer)),
    why: 'An error that carries its request along carries the conversation into the log.',
    names: ['key', 'header', 'prompt'],
  },
  'broken-off': {
    answers: faults(
      { kind: 'reset-before-headers' },
      { kind: 'truncated' },
      { kind: 'cut', atToken: 1, by: 'rst' },
      { kind: 'error-event', atToken: 1 },
      { kind: 'malformed-event', atToken: 1 },
    ),
    why: 'Errors from below hold sockets, headers and bytes; as a cause they are logged with the rest.',
    names: ['key', 'header', 'prompt'],
  },
};

/** Each fault twice: for a whole answer and for a stream. */
function faults(...kinds: Fault[]): Answer[] {
  return kinds.flatMap((fault) => twice({ say: 'long-text', fault }));
}

function twice(answer: Answer): Answer[] {
  return [answer, answer];
}

const secretCases = Object.entries(failures).map(
  ([name, { answers, why, names }]): CaseOf => ({
    name: `secrets-${name}`,
    why,
    answers,
    async run(bench) {
      for (let at = 0; at < answers.length; at += 2) {
        await bench.bothWays(async (ask) => {
          // Some faults are none for a whole answer, or for a stream.
          const error = await ask(asked, options).then(
            () => undefined,
            (reason) => reason,
          );
          if (error) assertHoldsNo(error, ...names);
        });
      }
      assert.equal(bench.requests.length, answers.length);
    },
  }),
);

const hostile: Record<string, string | ((socket: Socket, sent: Buffer) => void)> = {
  'an echo of the request': (socket, sent) => void socket.write(sent),
  'bytes that are not HTTP': 'SSH-2.0-OpenSSH_9.9\r\n',
  'a status line that breaks off': 'HTTP/1.1 2',
  'headers without an end': `HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(20_000)}\r\n`,
  'a body shorter than it says': 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{}',
  'a chunk of no size': 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n',
  'a switch of protocols': 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n',
  'JSON nested too deeply': answered('['.repeat(200_000)),
  'a list': answered('[[],{},null]'),
  'a number': answered('1e999'),
  null: answered('null'),
  'wrong types everywhere': answered(
    '{"choices":{"0":1},"message":[],"usage":"many","model":{},"id":[],"done":"yes","error":false}',
  ),
};

function answered(body: string): string {
  return `HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}

const polluting = [
  '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"choices":[{"__proto__":{"polluted":1},"index":0,"message":{"__proto__":{"polluted":1},"content":"Hi"}}],"usage":{"__proto__":{"polluted":1}}}',
  '{"__proto__":{"polluted":1},"error":{"__proto__":{"polluted":1},"message":"no","constructor":{"prototype":{"polluted":1}}}}',
  '{"message":{"__proto__":{"polluted":1},"role":"assistant","content":"Hi"},"done":true}',
];

/** Puts things right again, for the cases to come. */
function assertUnpolluted(): void {
  const polluted = [{}, [], () => {}, 'text'].some((fresh) => 'polluted' in Object(fresh));
  delete (Object.prototype as { polluted?: unknown }).polluted;
  assert.ok(!polluted, 'an answer changed the prototype of every object');
}

export const securityCases = casesOf(
  'security',
  ...secretCases,
  {
    name: 'nothing-printed',
    why: 'A provider that prints what it sends prints keys and conversations.',
    answers: [{ say: 'text' }, { say: 'text' }, { say: 'authentication' }],
    async run(bench) {
      const printed = capturePrinting(bench);
      await bench.complete(asked, options);
      await bench.fold(asked, options);
      await typedFailureOf(bench.complete(asked, options));
      for (const [name, secret] of Object.entries(secrets))
        assert.ok(!printed().includes(secret), `the ${name} was printed`);
    },
  },
  ...[301, 302, 303, 307, 308].map(
    (status): CaseOf => ({
      name: `redirect-${status}`,
      why: 'A redirect to another server takes key and conversation along, if it is followed.',
      answers: [],
      async run(bench) {
        const elsewhere = await startRawServer((socket) => socket.end(answered('{}')));
        bench.onEnd(() => elsewhere.close());
        const head = `HTTP/1.1 ${status} Elsewhere\r\nconnection: close\r\nlocation: ${elsewhere.baseURL}/chat?key=secret\r\ncontent-length: 0\r\n\r\n`;
        const server = await startRawServer((socket) => socket.end(head));
        bench.onEnd(() => server.close());
        const there = bench.at(server.baseURL);
        await there.bothWays(async (ask) => void (await typedFailureOf(ask(asked, options))));
        assert.equal(elsewhere.connections, 0, 'the redirect was followed');
      },
    }),
  ),
  {
    name: 'polluting-answers',
    why: 'A field called `__proto__` that is copied carelessly changes every object of the program.',
    answers: polluting.flatMap((body) =>
      [200, 200, 400, 400].map((status): Answer => ({ say: 'text', fault: { kind: 'raw', status, body } })),
    ),
    async run(bench) {
      for (let at = 0; at < 2 * polluting.length; at += 1) {
        await bench.bothWays(async (ask) => void (await ask().catch(() => {})));
        assertUnpolluted();
      }
    },
  },
  {
    name: 'polluting-tools',
    why: 'The model chooses names and arguments: as keys of an object they must be nothing but keys.',
    needs: ({ parameters }) => parameters.includes('tools'),
    answers: { say: 'tool-call-of-hostile-name' },
    async run(bench) {
      const tools = ['__proto__', 'constructor'].map((name) => ({ type: 'function' as const, function: { name } }));
      await bench.bothWays(async (ask) => {
        const { choices } = await ask({ tools });
        const [call] = choices[0]?.message.tool_calls ?? [];
        assert.equal(call?.type === 'function' && call.function.name, '__proto__');
        assertUnpolluted();
      });
    },
  },
  {
    name: 'polluting-headers',
    why: 'Header names are chosen by the other side as well.',
    answers: [],
    async run(bench) {
      for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
        const server = await startRawServer((socket) =>
          socket.end(`HTTP/1.1 429 No\r\nconnection: close\r\n${name}: x\r\ncontent-length: 2\r\n\r\n{}`),
        );
        bench.onEnd(() => server.close());
        const there = bench.at(server.baseURL);
        await there.bothWays(async (ask) => void (await typedFailureOf(ask(), 'rate_limit')));
        assertUnpolluted();
      }
    },
  },
  {
    name: 'large-error-body',
    why: 'Of an error only the beginning matters: a server must not fill the memory with the rest.',
    answers: {
      say: 'text',
      fault: { kind: 'raw', status: 500, body: JSON.stringify({ error: { message: 'x'.repeat(48_000_000) } }) },
    },
    async run(bench) {
      const error = await typedFailureOf(bench.complete());
      assert.ok(error.message.length < 4_096, 'the message holds the whole body');
      await bench.hungUp();
    },
  },
  {
    name: 'endless-line',
    why: 'A line that never ends has to be given up before it fills the memory.',
    answers: [],
    async run(bench) {
      const { sent, server } = await endlessServer(
        bench,
        'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\ndata: {"a":"',
      );
      await within(
        typedFailureOf(bench.at(server.baseURL).fold({}, { timeout: 30_000 })),
        'the line is given up',
        30_000,
      );
      assert.ok(sent() < mostEndlessBytes, `${mostEndlessBytes} bytes of one line were read`);
    },
  },
  {
    name: 'endless-answer',
    why: 'A whole answer may be large, but not as large as the memory.',
    answers: [],
    async run(bench) {
      const { sent, server } = await endlessServer(bench, 'HTTP/1.1 200 OK\r\n\r\n{"a":"', mostAnswerBytes);
      await typedFailureOf(bench.at(server.baseURL).complete({}, { timeout: 30_000 }));
      assert.ok(sent() < mostAnswerBytes, `${mostAnswerBytes} bytes of one answer were read`);
    },
  },
  {
    name: 'endless-error',
    why: 'An error that never ends has to be given up too.',
    answers: [],
    async run(bench) {
      const { server } = await endlessServer(bench, 'HTTP/1.1 503 No\r\ncontent-type: text/plain\r\n\r\n');
      await within(typedFailureOf(bench.at(server.baseURL).complete(), 'overloaded'), 'the error is given up');
    },
  },
  {
    name: 'hostile-server',
    why: 'Whatever comes over the network ends in a typed error: it must not crash the process or hang it.',
    answers: [],
    async run(bench) {
      for (const [what, act] of Object.entries(hostile)) {
        const server = await startRawServer((socket, sent) =>
          typeof act === 'function' ? act(socket, sent) : socket.end(act),
        );
        bench.onEnd(() => server.close());
        await bench.at(server.baseURL).bothWays(async (ask, way) => {
          const error = await typedFailureOf(ask(asked, options)).catch((reason) => {
            throw new Error(`${what}, ${way}: ${reason.message}`);
          });
          assertHoldsNo(error, 'key', 'header', 'prompt');
        });
      }
    },
  },
);

/** Where a client that reads on and on is stopped, before it harms the machine. */
const mostEndlessBytes = 128 * 1024 * 1024;
const mostAnswerBytes = 512 * 1024 * 1024;

/** A server that does not stop sending. */
async function endlessServer(bench: Bench, head: string, mostBytes = mostEndlessBytes) {
  const part = Buffer.alloc(65_536, 'x');
  let sent = 0;
  const pump = (socket: Socket): void => {
    sent += part.length;
    if (sent >= mostBytes) socket.destroy();
    if (!socket.destroyed) socket.write(part, (error) => void (!error && setImmediate(pump, socket)));
  };
  const server = await startRawServer((socket) => {
    socket.write(head);
    pump(socket);
  });
  bench.onEnd(() => server.close());
  return { server, sent: () => sent };
}

/** Everything that goes to the console or to the streams behind it, until the end of the case. */
function capturePrinting(bench: Bench): () => string {
  let printed = '';
  for (const stream of [process.stdout, process.stderr]) {
    const { write } = stream;
    stream.write = ((...args: Parameters<typeof write>) => {
      printed += String(args[0]);
      return write.apply(stream, args);
    }) as typeof write;
    bench.onEnd(() => {
      stream.write = write;
    });
  }
  for (const name of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    const original = console[name];
    console[name] = (...args: unknown[]) => {
      printed += args.map(String).join(' ');
    };
    bench.onEnd(() => {
      console[name] = original;
    });
  }
  return () => printed;
}
