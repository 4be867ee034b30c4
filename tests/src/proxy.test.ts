import { createServer, request as forward, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { startSimulator } from '@anyllm/simulator';
import { describe, expect, onTestFinished, test } from 'vitest';
import { folderWith, install, runNode } from './child-process.ts';

/**
 * A proxy for which every host is the simulator. Tells what it was asked for, and with which credentials; tunnels it
 * can be told to refuse.
 */
async function startProxy({ port: targetPort }: { port: number }, refuseWith?: number) {
  const target = { port: targetPort };
  const seen: string[] = [];
  const sockets = new Set<Socket>();
  const note = ({ method, url, headers }: IncomingMessage) => {
    const credentials = headers['proxy-authorization'];
    seen.push([method, url, credentials].filter(Boolean).join(' '));
  };
  const server = createServer((request, response) => {
    note(request);
    const { method, url = '', headers } = request;
    const { 'proxy-authorization': _, ...rest } = headers;
    const path = url.slice(new URL(url).origin.length);
    const onward = forward({ ...target, host: '127.0.0.1', method, path, headers: rest }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  });
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    note(request);
    socket.on('error', () => {});
    if (refuseWith) return socket.end(`HTTP/1.1 ${refuseWith} No\r\ncontent-length: 0\r\n\r\n`);
    const upstream = connect(target.port, '127.0.0.1', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
    upstream.on('error', () => socket.destroy());
    return upstream.pipe(socket).pipe(upstream);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, seen, connections: () => sockets.size };
}

async function run(
  variables: (proxy: string, simulator: string) => Record<string, string>,
  code = '',
  refuse?: number,
) {
  const simulator = await startSimulator({ script: { tokens: ['by ', 'way ', 'of it'] } });
  onTestFinished(() => simulator.close());
  const proxy = await startProxy(simulator, refuse);
  const folder = folderWith({
    'main.mjs': `
      import { completion } from '@anyllm/core';
      import '@anyllm/provider-openai';
      const request = { model: 'openai/gpt-4o', prompt: 'Hi' };
      const ask = (options) => completion(request, { timeout: 5000, retries: 0, ...options }).then(({ text }) => text, (error) => error.code + ' ' + error.message);
      ${code || 'console.log(await ask())'}
    `,
  });
  for (const name of ['@anyllm/core', '@anyllm/provider-openai']) install(folder, name, 'link');
  const base = { OPENAI_API_KEY: 'sk-sesame-0123', OPENAI_BASE_URL: 'http://models.example/openai/v1' };
  const result = await runNode(join(folder, 'main.mjs'), { ...base, ...variables(proxy.url, simulator.url) });
  return { simulator, proxy, ...result };
}

const post = 'POST http://models.example/openai/v1/chat/completions';

describe('a proxy', () => {
  test.each(['HTTP_PROXY', 'http_proxy'])('named by %s carries the calls', async (name) => {
    const { stdout, proxy, simulator, code } = await run((url) => ({ [name]: url }));
    expect(stdout).toBe('by way of it\n');
    expect(proxy.seen).toEqual([post]);
    expect(simulator.requests[0]?.headers.authorization).toBe('Bearer sk-sesame-0123');
    expect(code).toBe(0);
  });

  test.each(['HTTPS_PROXY', 'https_proxy'])('named by %s carries those to https', async (name) => {
    const { stdout, proxy } = await run(
      (url) => ({ [name]: url, OPENAI_BASE_URL: 'https://models.example/v1' }),
      '',
      403,
    );
    expect(proxy.seen).toEqual(['CONNECT models.example:443']);
    expect(stdout).toMatch(/^connection openai: /);
  });

  test('gets the credentials of its address, the vendor does not', async () => {
    const { proxy, simulator } = await run((url) => ({ HTTP_PROXY: url.replace('://', '://ali:baba@') }));
    expect(proxy.seen).toEqual([`${post} Basic ${btoa('ali:baba')}`]);
    expect(simulator.requests[0]?.headers['proxy-authorization']).toBeUndefined();
  });

  test.each(['models.example', '.example', '*', 'other.example,models.example:80'])(
    'is passed by for what NO_PROXY=%s names',
    async (names) => {
      const { stdout, proxy } = await run((url) => ({ HTTP_PROXY: url, NO_PROXY: names }));
      expect(proxy.seen).toEqual([]);
      expect(stdout).toMatch(/^connection openai: .*models\.example/);
    },
  );

  test('is not passed by for what NO_PROXY does not name', async () => {
    const { proxy } = await run((url) => ({ HTTP_PROXY: url, NO_PROXY: 'example.models,localhost' }));
    expect(proxy.seen).toHaveLength(1);
  });

  test.each(['127.0.0.1', 'localhost'])('is never asked for %s', async (host) => {
    const { stdout, proxy } = await run((url, simulator) => ({
      HTTP_PROXY: url,
      HTTPS_PROXY: url,
      OPENAI_BASE_URL: `${simulator.replace('127.0.0.1', host)}/openai/v1`,
    }));
    expect(stdout).toBe('by way of it\n');
    expect(proxy.seen).toEqual([]);
  });

  test('streams, and closes what is aborted', async () => {
    const { stdout, simulator } = await run(
      (url) => ({ HTTP_PROXY: url }),
      `const stream = await completion({ ...request, stream: true });
       console.log((await stream.completion()).text);
       const controller = new AbortController();
       const left = await completion({ ...request, stream: true }, { signal: controller.signal });
       controller.abort('enough');
       console.log(await left.completion().catch((reason) => reason));`,
    );
    expect(stdout).toBe('by way of it\nenough\n');
    expect(simulator.requests).toHaveLength(2);
  });

  test('its connections are kept alive, and do not hold the process', async () => {
    const { stdout, proxy, elapsedMs } = await run(
      (url) => ({ HTTP_PROXY: url }),
      'for (let call = 0; call < 6; call += 1) console.log(await ask())',
    );
    expect(stdout).toBe('by way of it\n'.repeat(6));
    expect(proxy.seen).toEqual(Array(6).fill(post));
    expect(proxy.connections()).toBeLessThanOrEqual(2); // undici opens one more than it needs
    expect(elapsedMs).toBeLessThan(5_000);
  });

  test.each([
    ['refuses', 403],
    ['wants credentials', 407],
    ['has failed', 502],
  ])('that %s is a connection error without its credentials', async (_, status) => {
    const variables = (url: string) => ({
      HTTPS_PROXY: url.replace('://', '://ali:sesame@'),
      OPENAI_BASE_URL: 'https://models.example/v1',
    });
    const code = `
      const { inspect } = await import('node:util');
      const error = await completion(request, { timeout: 5000, retries: 0 }).catch((error) => error);
      console.log(error.code, error.message, /sesame|${btoa('ali:sesame')}/.test(inspect(error, { depth: 9 })));`;
    const { stdout } = await run(variables, code, status);
    expect(stdout).toMatch(/^connection openai: .* false\n$/);
  });

  test.each(['not an address', 'ftp://127.0.0.1:1', 'http://'])(
    'that is %o is an error of each call',
    async (proxy) => {
      const { stdout } = await run(
        () => ({ HTTP_PROXY: proxy }),
        'console.log(await ask()); console.log(await ask());',
      );
      const [first, second] = stdout.trim().split('\n');
      expect(first).toMatch(/^connection openai: /);
      expect(second).toBe(first);
    },
  );
});
