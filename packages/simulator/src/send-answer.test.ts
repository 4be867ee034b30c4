import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fault, Reply } from './reply.ts';
import { type Simulator, startSimulator } from './start-simulator.ts';
import { rawExchange, STREAMS, WHOLES } from './testing/raw-exchange.ts';

const VENDORS = ['openai', 'mistral', 'ollama'] as const;
const TEXT: Reply = { tokens: ['one', ' two', ' three', ' four'] };

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator();
});
afterEach(() => simulator.close());

function streamWith(vendor: keyof typeof STREAMS, fault: Fault, reply: Reply = TEXT) {
  simulator.script({ ...reply, fault });
  return rawExchange(simulator, ...STREAMS[vendor]);
}

function wholeWith(vendor: keyof typeof WHOLES, fault: Fault) {
  simulator.script({ ...TEXT, fault });
  return rawExchange(simulator, ...WHOLES[vendor]);
}

describe.each(VENDORS)('a stream of %s', (vendor) => {
  it('is complete without a fault', async () => {
    simulator.script(TEXT);
    const reply = await rawExchange(simulator, ...STREAMS[vendor]);
    expect(reply).toMatchObject({ isComplete: true, end: 'fin' });
    expect(reply.body).toContain(vendor === 'ollama' ? '"done":true' : 'data: [DONE]\n\n');
  });

  it.each(['refuse', 'reset-before-headers'] as const)('is reset without a byte by %s', async (kind) => {
    expect(await streamWith(vendor, { kind })).toMatchObject({ raw: '', end: 'rst' });
  });

  it('has only headers before a reset after them', async () => {
    const reply = await streamWith(vendor, { kind: 'reset-after-headers' });
    expect(reply).toMatchObject({ body: '', end: 'rst' });
    expect(reply.head).toContain('HTTP/1.1 200');
  });

  it('never answers in silence', async () => {
    expect(await streamWith(vendor, { kind: 'silence' })).toMatchObject({ raw: '', end: 'quiet' });
  });

  it('sends headers and no more in silence after headers', async () => {
    const reply = await streamWith(vendor, { kind: 'silence-after-headers' });
    expect(reply).toMatchObject({ body: '', end: 'quiet' });
    expect(reply.head).toContain('HTTP/1.1 200');
  });

  it('stalls after the token that was named', async () => {
    const reply = await streamWith(vendor, { kind: 'stall', atToken: 2 });
    expect(reply).toMatchObject({ end: 'quiet', isComplete: false });
    expect(reply.body).toContain(' two');
    expect(reply.body).not.toContain(' three');
  });

  it('goes on with keep-alives while it stalls, if asked', async () => {
    simulator.script({ ...TEXT, fault: { kind: 'stall', atToken: 2, comments: true } });
    const controller = new AbortController();
    const [path, body] = STREAMS[vendor];
    const response = await fetch(simulator.url + path, post(body, controller.signal));
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    let text = '';
    while (text.split(vendor === 'ollama' ? '"content":""' : ': keep-alive').length < 5)
      text += Buffer.from((await reader.read()).value ?? []).toString();
    controller.abort();
    expect(text).not.toContain(' three');
  });

  it.each([
    ['fin', { end: 'fin', isComplete: false }],
    ['rst', { end: 'rst', isComplete: false }],
    ['no-last-chunk', { end: 'fin', isComplete: false }],
    ['end', { end: 'fin', isComplete: true }],
  ] as const)('is cut by %s after the token that was named', async (by, expected) => {
    const reply = await streamWith(vendor, { kind: 'cut', atToken: 2, by });
    expect(reply).toMatchObject(expected);
    expect(reply.body).toContain(' two');
    expect(reply.body).not.toContain(' three');
    expect(reply.body.endsWith('\n')).toBe(by !== 'fin');
  });

  it('is cut before its finish event when the token that was named never comes', async () => {
    const { body } = await streamWith(vendor, { kind: 'cut', atToken: 99, by: 'end' });
    expect(body).toContain(' four');
    expect(body).not.toMatch(/"(finish|done)_reason":"stop"/);
  });

  it('lacks only its end without a terminator', async () => {
    const { body, isComplete } = await streamWith(vendor, { kind: 'no-terminator' });
    expect(isComplete).toBe(true);
    expect(body).toContain(' four');
    expect(body).not.toMatch(/\[DONE\]|"done":true/);
    if (vendor !== 'ollama') expect(body).toContain('"finish_reason":"stop"');
  });

  it('lacks the finish reason too without a finish', async () => {
    const { body } = await streamWith(vendor, { kind: 'no-finish' });
    expect(body).toContain(' four');
    expect(body).not.toMatch(/\[DONE\]|"done":true|_reason":"stop"/);
  });

  it('goes on after a malformed event', async () => {
    const { body, isComplete } = await streamWith(vendor, { kind: 'malformed-event', atToken: 1 });
    expect(isComplete).toBe(true);
    expect(body).toMatch(/one.*\n+(data: )?\{"id": malformed\n.* two/s);
  });

  it('ends with an error event', async () => {
    const error = { message: 'It broke' };
    const { body, isComplete } = await streamWith(vendor, { kind: 'error-event', atToken: 1, error });
    expect(isComplete).toBe(true);
    expect(body).toMatch(/one.*It broke[^\n]*\n+$/s);
    expect(body).not.toContain(' two');
  });

  it('has no body with an empty one', async () => {
    expect(await streamWith(vendor, { kind: 'empty-body' })).toMatchObject({ body: '', isComplete: true });
  });

  it('has half of its finish event with truncated JSON', async () => {
    const { body, isComplete } = await streamWith(vendor, { kind: 'truncated-json' });
    expect(isComplete).toBe(true);
    expect(body).toContain(' four');
    expect(body.endsWith('\n')).toBe(false);
  });

  it('has one line of the size that was named', async () => {
    const { body } = await streamWith(vendor, { kind: 'huge-line', bytes: 200_000 }, {});
    expect(Math.max(...body.split('\n').map((line) => line.length))).toBeGreaterThan(200_000);
  });

  it('has a byte that UTF-8 does not know', async () => {
    const { body } = await streamWith(vendor, { kind: 'invalid-utf8' }, {});
    expect(body).toContain('\xff');
  });
});

describe.each(VENDORS)('a whole answer of %s', (vendor) => {
  it.each(['refuse', 'reset-before-headers'] as const)('is reset without a byte by %s', async (kind) => {
    expect(await wholeWith(vendor, { kind })).toMatchObject({ raw: '', end: 'rst' });
  });

  it.each([
    [{ kind: 'stall', atToken: 2 }, 'quiet'],
    [{ kind: 'cut', atToken: 2, by: 'fin' }, 'fin'],
    [{ kind: 'cut', atToken: 2, by: 'rst' }, 'rst'],
  ] as const)('breaks in the middle of its body by %o', async (fault, end) => {
    const reply = await wholeWith(vendor, fault);
    expect(reply).toMatchObject({ end, isComplete: false });
    expect(reply.body).toMatch(/^\{/);
  });

  it.each(['truncated-json', 'malformed-event'] as const)(
    'is delivered in full, but is not JSON, by %s',
    async (kind) => {
      const reply = await wholeWith(vendor, { kind, atToken: 1 });
      expect(reply.isComplete).toBe(true);
      expect(() => JSON.parse(reply.body)).toThrow(SyntaxError);
    },
  );

  it('is an error under status 200 with an error event', async () => {
    const reply = await wholeWith(vendor, { kind: 'error-event', atToken: 1, error: { message: 'It broke' } });
    expect(reply.head).toContain('HTTP/1.1 200');
    expect(reply.body).toContain('It broke');
  });

  it('is a web page with html', async () => {
    const { head, body } = await wholeWith(vendor, { kind: 'html' });
    expect(head).toContain('content-type: text/html');
    expect(body).toContain('<html>');
  });

  it('points elsewhere with a redirect', async () => {
    const { head } = await wholeWith(vendor, { kind: 'redirect', to: 'http://elsewhere.test/' });
    expect(head).toContain('HTTP/1.1 307');
    expect(head).toContain('location: http://elsewhere.test/');
  });
});

describe('the layout of bytes', () => {
  it.each([1, 7, 4096, 'random'] as const)('in chunks of %s leaves the body as it is', async (chunkBytes) => {
    simulator.script([TEXT, { ...TEXT, wire: { chunkBytes } }]);
    const plain = await rawExchange(simulator, ...STREAMS.openai);
    const chunked = await rawExchange(simulator, ...STREAMS.openai);
    expect(tokensOf(chunked.body)).toEqual(tokensOf(plain.body));
    expect(chunked.isComplete).toBe(true);
    const sizes = chunked.chunkSizes.slice(0, -1);
    if (chunkBytes !== 'random') expect(sizes.every((size) => size === chunkBytes)).toBe(true);
    else expect(new Set(sizes).size).toBeGreaterThan(5);
  });

  it('puts as many events into a write as it is told', async () => {
    simulator.script([TEXT, { ...TEXT, wire: { eventsPerPacket: 16 } }]);
    const single = await rawExchange(simulator, ...STREAMS.openai);
    const grouped = await rawExchange(simulator, ...STREAMS.openai);
    expect(single.chunkSizes).toHaveLength(7);
    expect(grouped.chunkSizes).toHaveLength(1);
  });

  it.each(['\r\n', '\r'] as const)('ends lines with %j', async (newline) => {
    simulator.script({ ...TEXT, wire: { newline } });
    const { body } = await rawExchange(simulator, ...STREAMS.mistral);
    expect(body.endsWith(`data: [DONE]${newline}${newline}`)).toBe(true);
    expect(body.replaceAll(newline, '')).not.toContain('\n');
  });

  it('has comments and a byte order mark when told', async () => {
    simulator.script({ ...TEXT, wire: { comments: true, bom: true } });
    const { body } = await rawExchange(simulator, ...STREAMS.openai);
    expect(body.startsWith('\xef\xbb\xbf: keep-alive\n\ndata: {')).toBe(true);
    expect(body.match(/^: keep-alive$/gm)).toHaveLength(6);
  });
});

describe('latency', () => {
  it('delays the headers, the first token and each one after it', async () => {
    simulator.script({ ...TEXT, latency: { headersMs: 40, firstTokenMs: 40, tokenMs: 20 } });
    await rawExchange(simulator, ...STREAMS.openai);
    const [request] = simulator.requests;
    const { receivedAt = 0, firstByteAt = 0, finishedAt = 0 } = request ?? {};
    expect(firstByteAt - receivedAt).toBeGreaterThanOrEqual(38);
    expect(finishedAt - firstByteAt).toBeGreaterThanOrEqual(96);
  });

  it('delays a whole answer by the sum', async () => {
    simulator.script({ ...TEXT, latency: { firstTokenMs: 40, tokenMs: 20 } });
    await rawExchange(simulator, ...WHOLES.openai);
    const { receivedAt = 0, firstByteAt = 0 } = simulator.requests[0] ?? {};
    expect(firstByteAt - receivedAt).toBeGreaterThanOrEqual(96);
  });
});

function post(body: object, signal: AbortSignal): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), signal };
}

function tokensOf(body: string): unknown[] {
  const events = body.split('\n\n').filter((event) => event.startsWith('data: {'));
  return events.map((event) => JSON.parse(event.slice(6)).choices[0]?.delta);
}
