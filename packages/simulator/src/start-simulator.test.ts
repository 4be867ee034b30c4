import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from './start-simulator.ts';
import { QUESTION, rawExchange, STREAMS, WHOLES } from './testing/raw-exchange.ts';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator();
});
afterEach(() => simulator.close());

function ask(at: Simulator = simulator, signal?: AbortSignal): Promise<Response> {
  const init = { method: 'POST', body: JSON.stringify({ ...QUESTION, stream: true }), ...(signal && { signal }) };
  return fetch(`${at.baseURL.openai}/chat/completions`, init);
}

async function contentOf(response: Response): Promise<string> {
  const events = (await response.text()).split('\n\n').filter((event) => event.startsWith('data: {'));
  return events.map((event) => JSON.parse(event.slice(6)).choices[0].delta.content ?? '').join('');
}

describe('a script', () => {
  it('that is one reply answers every request', async () => {
    simulator.script({ text: 'always' });
    expect([await contentOf(await ask()), await contentOf(await ask())]).toEqual(['always', 'always']);
  });

  it('that is a list is used up, then answers are made up', async () => {
    simulator.script([{ text: 'first' }, { text: 'second' }]);
    const texts = [await ask(), await ask(), await ask()].map(contentOf);
    expect(await Promise.all(texts)).toEqual(['first', 'second', expect.stringContaining('You asked')]);
  });

  it('that is a rule sees the request and may leave it alone', async () => {
    simulator.script(({ index }) => (index === 0 ? { text: 'ruled' } : undefined));
    expect(await contentOf(await ask())).toBe('ruled');
    expect(await contentOf(await ask())).toContain('You asked');
  });

  it('that fails says so in its answer', async () => {
    simulator.script(() => {
      throw new Error('a mistake');
    });
    const response = await ask();
    expect([response.status, await response.text()]).toEqual([500, expect.stringContaining('a mistake')]);
  });

  it('with only latency or faults leaves the text to be made up', async () => {
    simulator.script({ latency: { tokenMs: 1 } });
    expect(await contentOf(await ask())).toContain('You asked');
  });

  it('can send any body', async () => {
    simulator.script([
      { status: 418, body: { tea: true } },
      { body: '<p>', headers: { 'X-A': 'b' } },
      { body: 'plain' },
    ]);
    const replies = [await ask(), await ask(), await ask()];
    expect(replies.map(({ status }) => status)).toEqual([418, 200, 200]);
    const types = replies.map(({ headers }) => headers.get('content-type'));
    expect(types).toEqual(['application/json', 'text/html', 'text/plain; charset=utf-8']);
    expect(await replies[0]?.json()).toEqual({ tea: true });
    expect(replies[1]?.headers.get('x-a')).toBe('b');
  });

  it('refuses connections before a request, once for each entry of a list', async () => {
    simulator.script([{ fault: { kind: 'refuse' } }, { text: 'after' }]);
    await expect(ask()).rejects.toThrow('fetch failed');
    expect(simulator.requests).toHaveLength(0);
    expect(await contentOf(await ask())).toBe('after');
  });
});

describe('a recorded request', () => {
  it('holds what was sent and how the reply went', async () => {
    await (await ask()).text();
    const [request] = await simulator.waitFor(([first]) => first?.finishedAt !== undefined);
    expect(request).toMatchObject({
      index: 0,
      dialect: 'openai',
      method: 'POST',
      path: '/openai/v1/chat/completions',
      body: { ...QUESTION, stream: true },
      text: JSON.stringify({ ...QUESTION, stream: true }),
      aborted: false,
    });
    const { receivedAt = 0, firstByteAt = 0, finishedAt = 0 } = request ?? {};
    expect(firstByteAt).toBeGreaterThan(receivedAt);
    expect(finishedAt).toBeGreaterThanOrEqual(firstByteAt);
    expect(request?.eventsSent).toBeGreaterThan(3);
    expect(request?.bytesSent).toBeGreaterThan(100);
  });

  it('is dropped when there are more than are to be kept', async () => {
    await using brief = await startSimulator({ keepRequests: 2 });
    for (let i = 0; i < 3; i++) await ask(brief);
    expect((await brief.waitFor(3)).map(({ index }) => index)).toEqual([1, 2]);
  });

  it('has no body when that is not JSON', async () => {
    await fetch(`${simulator.baseURL.openai}/chat/completions`, { method: 'POST', body: '{' });
    expect(simulator.requests[0]).toMatchObject({ body: undefined, text: '{' });
  });

  it.each(['silence', 'silence-after-headers', 'stall'] as const)(
    'tells when its client left during %s',
    async (kind) => {
      simulator.script({ fault: { kind, atToken: 1 } });
      const controller = new AbortController();
      const asked = ask(simulator, controller.signal).then((response) => response.text());
      const [request] = await simulator.waitFor(1);
      expect(request?.aborted).toBe(false);
      setTimeout(() => controller.abort(), 20);
      await expect(asked).rejects.toThrow('aborted');
      await request?.closed;
      expect(request).toMatchObject({ aborted: true });
      expect(request?.closedAt).toBeGreaterThan(request?.receivedAt ?? Infinity);
      expect(request?.finishedAt).toBeUndefined();
    },
  );

  it('tells when its client left between two tokens', async () => {
    simulator.script({ text: 'one two three', latency: { tokenMs: 10_000 } });
    const controller = new AbortController();
    await ask(simulator, controller.signal);
    controller.abort();
    const [request] = await simulator.waitFor(([first]) => first?.aborted === true);
    expect(request?.eventsSent).toBeLessThan(3);
  });

  it('stops being answered when its client leaves', async () => {
    let stopped = false;
    const tokens = {
      *[Symbol.iterator]() {
        try {
          for (;;) yield 'token';
        } finally {
          stopped = true;
        }
      },
    };
    simulator.script({ tokens, latency: { tokenMs: 60_000 } });
    const controller = new AbortController();
    await ask(simulator, controller.signal);
    controller.abort();
    await simulator.waitFor(() => stopped);
  });

  it('is not aborted when the simulator broke off', async () => {
    simulator.script({ fault: { kind: 'cut', atToken: 1, by: 'rst' } });
    await rawExchange(simulator, ...STREAMS.openai);
    await simulator.requests[0]?.closed;
    expect(simulator.requests[0]).toMatchObject({ aborted: false });
    expect(simulator.requests[0]).not.toHaveProperty('closedAt');
  });
});

describe('a client that does not read', () => {
  it('holds the stream up, and lets it go on when it reads', async () => {
    let generated = 0;
    const tokens = {
      *[Symbol.iterator]() {
        for (generated = 0; generated < 100_000; generated++) yield ' token';
      },
    };
    simulator.script({ tokens, wire: { eventsPerPacket: 16 } });
    const client = httpRequest(`${simulator.baseURL.openai}/chat/completions`, { method: 'POST' });
    client.end(JSON.stringify({ ...QUESTION, stream: true }));
    const response = await new Promise<NodeJS.ReadableStream>((resolve) => client.once('response', resolve));
    await quiet(() => simulator.requests[0]?.bytesSent);
    expect(generated).toBeGreaterThan(0);
    expect(generated).toBeLessThan(90_000);
    response.resume();
    await simulator.waitFor(([request]) => request?.finishedAt !== undefined, { timeoutMs: 20_000 });
    expect(generated).toBe(100_000);
  });
});

describe('a seed', () => {
  const idsOf = async (seed: number) => {
    await using own = await startSimulator({ seed });
    const replies = [await rawExchange(own, ...WHOLES.openai), await rawExchange(own, ...WHOLES.mistral)];
    return replies.map(({ body, head }) => [JSON.parse(body).id, /x-request-id: \w+/.exec(head)?.[0]]);
  };

  it('decides every id', async () => {
    expect(await idsOf(7)).toEqual(await idsOf(7));
    expect(await idsOf(7)).not.toEqual(await idsOf(8));
  });
});

describe('several simulators', () => {
  it('run side by side, each with its own script and record', async () => {
    await using other = await startSimulator({ script: { text: 'other' } });
    simulator.script({ text: 'own' });
    expect(await Promise.all([contentOf(await ask()), contentOf(await ask(other))])).toEqual(['own', 'other']);
    expect([simulator.requests.length, other.requests.length]).toEqual([1, 1]);
  });

  it('can take a port over after a close', async () => {
    const { port } = simulator;
    await ask();
    await simulator.close();
    await expect(ask()).rejects.toThrow('fetch failed');
    await using next = await startSimulator({ port });
    expect((await ask(next)).status).toBe(200);
  });

  it('cannot share a port', async () => {
    await expect(startSimulator({ port: simulator.port })).rejects.toThrow('EADDRINUSE');
  });
});

describe('closing', () => {
  it('breaks off what is on its way, and may be repeated', async () => {
    simulator.script({ fault: { kind: 'silence' } });
    const asked = ask();
    await simulator.waitFor(1);
    await Promise.all([expect(asked).rejects.toThrow('fetch failed'), simulator.close()]);
    await simulator.close();
    expect(simulator.requests[0]?.aborted).toBe(false);
  });
});

describe('sockets', () => {
  it('are counted as they open and close', async () => {
    const socket = connect(simulator.port, '127.0.0.1');
    await simulator.waitFor(() => simulator.sockets.open === 1);
    socket.destroy();
    await simulator.waitFor(() => simulator.sockets.open === 0);
    expect(simulator.sockets.opened).toBe(1);
  });

  it('are kept for the next request after a stream', async () => {
    for (let i = 0; i < 5; i++) await (await ask()).text();
    expect(simulator.sockets.opened).toBeLessThan(5);
  });
});

describe('waiting', () => {
  it('fails after its time with what has come in so far', async () => {
    await expect(simulator.waitFor(1, { timeoutMs: 20 })).rejects.toThrow('within 20 ms; requests so far: 0');
  });
});

describe('a path without a vendor', () => {
  it('is answered with those that there are', async () => {
    const response = await fetch(`${simulator.url}/v1/models`);
    expect([response.status, await response.text()]).toEqual([404, expect.stringContaining('/openai/v1')]);
  });
});

/** Waits until a value stands still. */
async function quiet(read: () => unknown): Promise<void> {
  for (let before: unknown; before === undefined || before !== read(); ) {
    before = read();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
