import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createFetchTransport, createUndiciTransport } from '@anyllm/provider-kit';
import { startSimulator } from '@anyllm/simulator';
import { describe, expect, onTestFinished, test } from 'vitest';
import { failure, model, simulateOpenAI } from './simulated-openai.ts';

const request = { model, prompt: 'Hi' } as const;

/** A server that answers as the test says, on a port of its own. */
async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A server that writes these bytes to whoever connects and has sent something. */
function rawServer(answer: string | ((sent: Buffer, socket: Socket) => void)) {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', (sent) => (typeof answer === 'string' ? socket.write(answer) : answer(sent, socket)));
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  return listen(server);
}

describe('connections', () => {
  test('calls one after another share a connection, streams ended by [DONE] too', async () => {
    const { simulator, client } = await simulateOpenAI();
    for (let call = 0; call < 5; call += 1) {
      await client.completion(request);
      await (await client.completion({ ...request, stream: true })).completion();
    }
    expect(simulator.sockets.opened).toBe(1);
  });

  test('an error leaves its connection to the next call', async () => {
    const { simulator, client } = await simulateOpenAI({ script: ({ index }) => (index % 2 ? {} : { status: 500 }) });
    for (let call = 0; call < 4; call += 1) await client.completion(request).catch(() => {});
    expect(simulator.sockets.opened).toBe(1);
  });

  test('calls under way have a connection each, and no more', async () => {
    const { simulator, client } = await simulateOpenAI({ script: { latency: { headersMs: 30 } } });
    for (let round = 0; round < 3; round += 1) {
      await Promise.all(Array.from({ length: 10 }, () => client.completion(request)));
    }
    expect(simulator.sockets.opened).toBe(10);
  });

  test('an aborted call takes its connection with it', async () => {
    const { simulator, client } = await simulateOpenAI({
      script: ({ index }) => (index === 1 ? { fault: { kind: 'silence' } } : {}),
    });
    await client.completion(request);
    const controller = new AbortController();
    const aborted = failure(client.completion(request, { signal: controller.signal }));
    await simulator.waitFor(2);
    controller.abort();
    await aborted;
    await client.completion(request);
    expect(simulator.sockets.opened).toBe(2);
    expect(simulator.requests[1]?.aborted).toBe(true);
  });

  test('a stream that is left takes its connection with it', async () => {
    const { simulator, client } = await simulateOpenAI({ script: { tokens: ['a', 'b'], latency: { tokenMs: 20 } } });
    for await (const _ of await client.completion({ ...request, stream: true })) break;
    await client.completion(request);
    expect(simulator.sockets.opened).toBe(2);
  });

  test('one that is still being made is given up with its call', async () => {
    const transport = createUndiciTransport();
    const { client } = await simulateOpenAI();
    await client.completion(request, { transport }); // from here on undici is loaded: exchanges start at once
    const elsewhere = await startSimulator();
    onTestFinished(() => elsewhere.close());
    const called: string[] = [];
    const note = (name: string) => () => void called.push(name);
    const handler = {
      onConnected: note('connected'),
      onResponse: note('response'),
      onData: note('data'),
      onEnd: note('end'),
      onError: note('error'),
    };
    transport({ method: 'GET', url: `${elsewhere.url}/openai/v1/models`, headers: {} }, handler).abort();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect([elsewhere.sockets.open, elsewhere.requests.length, called]).toEqual([0, 0, []]);
  });

  test('one that the server closed while it was idle is replaced', async () => {
    let connections = 0;
    const answer = JSON.stringify({ choices: [{ message: { content: 'Hello' }, finish_reason: 'stop' }] });
    const server = createServer(({ socket }, response) => {
      response.end(answer);
      response.on('finish', () => setTimeout(() => socket.destroy(), 10));
    }).on('connection', () => {
      connections += 1;
    });
    const baseURL = await listen(server);
    const { client } = await simulateOpenAI();
    for (let call = 0; call < 3; call += 1) {
      expect((await client.completion(request, { baseURL })).text).toBe('Hello');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(connections).toBe(3);
  });

  test('`connection: close` is obeyed', async () => {
    const { simulator, client } = await simulateOpenAI({ script: { headers: { connection: 'close' } } });
    for (let call = 0; call < 2; call += 1) await client.completion(request);
    expect(simulator.sockets.opened).toBe(2);
  });
});

describe('redirects', () => {
  test.each([301, 302, 307, 308])('a %d to another server is not followed, the key stays here', async (status) => {
    const elsewhere = await startSimulator();
    onTestFinished(() => elsewhere.close());
    const location = `${elsewhere.baseURL.openai}/chat/completions?secret=sesame`;
    const { simulator, client } = await simulateOpenAI({ script: { status, headers: { location }, body: '' } });
    for (const transport of [createUndiciTransport(), createFetchTransport()]) {
      const error = (await failure(client.completion(request, { transport }))) as Error;
      expect(error).toMatchObject({ code: 'provider', status });
      expect(error.message).toContain(`to ${elsewhere.url}`);
      expect(error.message).toContain('redirects are not followed');
      expect(error.message).not.toContain('sesame');
    }
    expect(simulator.requests).toHaveLength(2);
    expect(elsewhere.sockets.opened).toBe(0);
  });

  test('one to the same server is not followed either', async () => {
    const { simulator, client } = await simulateOpenAI({
      script: { fault: { kind: 'redirect', to: '/openai/v1/elsewhere' } },
    });
    expect(await failure(client.completion(request))).toMatchObject({ code: 'provider' });
    expect(simulator.requests).toHaveLength(1);
  });
});

describe('large and odd answers', () => {
  test('of an error body of 10 MB only the beginning is read, its socket closed', async () => {
    const body = JSON.stringify({ error: { message: 'x'.repeat(10_000_000) } });
    const { simulator, client } = await simulateOpenAI({ script: { status: 500, body, wire: { chunkBytes: 16_384 } } });
    const error = (await failure(client.completion(request))) as Error;
    expect(error).toMatchObject({ code: 'provider', status: 500 });
    expect(error.message.length).toBeLessThan(500);
    await simulator.requests[0]?.closed;
    expect(simulator.requests[0]?.aborted).toBe(true);
    expect(simulator.requests[0]?.bytesSent).toBeLessThan(9_000_000);
  });

  test('an error body that does not end is not waited for', async () => {
    const { client } = await simulateOpenAI({
      script: { status: 429, headers: { 'retry-after': '7' }, fault: { kind: 'silence-after-headers' } },
    });
    const error = await failure(client.completion(request, { timeout: 10_000 }));
    expect(error).toMatchObject({ code: 'rate_limit', status: 429, retryAfterMs: 7_000 });
  });

  test.each([
    ['an echo of the request', (sent: Buffer, socket: Socket) => void socket.write(sent)],
    ['bytes that are not HTTP', 'SSH-2.0-OpenSSH_9.9\r\n'],
    ['a status line that breaks off', 'HTTP/1.1 2'],
    ['too many headers', `HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(20_000)}\r\n`],
    ['a body shorter than it says', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{}'],
    ['a switch of protocols', 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'],
    ['a chunk of no size', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'],
  ])('%s is a typed error that holds neither key nor prompt', async (_, answer) => {
    const act = (sent: Buffer, socket: Socket) => {
      if (typeof answer === 'function') answer(sent, socket);
      else socket.end(answer);
    };
    const baseURL = await rawServer(act);
    const { client } = await simulateOpenAI();
    const prompt = 'a prompt that is nobody’s business';
    for (const transport of [createUndiciTransport(), createFetchTransport()]) {
      const options = { baseURL, transport, apiKey: 'sk-sesame-0123456789', timeout: 5_000 };
      const error = (await failure(client.completion({ model, prompt }, options))) as Error & { cause: unknown };
      expect(['connection', 'response_parse']).toContain((error as unknown as { code: string }).code);
      const { inspect } = await import('node:util');
      const shown = inspect(error, { depth: 9, showHidden: true }) + error.stack;
      expect(shown).not.toContain('sesame');
      expect(shown).not.toContain('nobody');
    }
  });

  test.each(['__proto__', 'constructor', 'toString'])('a header called %s harms nothing', async (name) => {
    const body = JSON.stringify({ choices: [{ message: { content: 'Hello' }, finish_reason: 'stop' }] });
    const baseURL = await rawServer(`HTTP/1.1 200 OK\r\n${name}: x\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    const { client } = await simulateOpenAI();
    for (const transport of [createUndiciTransport(), createFetchTransport()]) {
      expect((await client.completion(request, { baseURL, transport })).text).toBe('Hello');
    }
  });
});
