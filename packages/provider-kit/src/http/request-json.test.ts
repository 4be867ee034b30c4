import type { ProviderContext, Transport } from '@anyllm/core/provider';
import { describe, expect, test, vi } from 'vitest';
import { reportedFailure } from '../errors/failure.ts';
import { requestJson } from './request-json.ts';
import { contextFor, scripted, stoppedClock } from './testing/scripted-transport.ts';

const request = { provider: 'vendor', model: 'm', path: 'chat', body: { prompt: 'Hi' } };

test('a transport may answer before it returns', async () => {
  const { transport } = scripted((handler) => {
    handler.onConnected();
    handler.onResponse(200, {});
    handler.onData(Buffer.from('{"a":1}'));
    handler.onEnd();
  });
  const { json } = await requestJson(request, contextFor(transport));
  expect(json).toEqual({ a: 1 });
});

test('a transport may fail before it returns', async () => {
  const { transport } = scripted((handler) => handler.onError(Object.assign(new Error(), { code: 'ECONNRESET' })));
  await expect(requestJson(request, contextFor(transport))).rejects.toMatchObject({ code: 'connection' });
});

test('a transport that throws is a connection error', async () => {
  const transport: Transport = () => {
    throw new Error('no network here');
  };
  await expect(requestJson(request, contextFor(transport))).rejects.toMatchObject({
    code: 'connection',
    message: 'vendor: the connection to http://host failed',
    cause: { message: 'no network here' },
  });
});

function abortAtOnce(listener: (reason: unknown) => void): () => void {
  listener('enough');
  return () => {};
}

test.each<[string, Partial<ProviderContext>]>([
  ['by its signal', { signal: AbortSignal.abort('enough') }],
  ['by its callback', { onAbort: abortAtOnce }],
])('what was aborted before, %s, is not sent', async (_, aborted) => {
  const started: string[] = [];
  const { transport } = scripted(() => started.push('started'));
  await expect(requestJson(request, contextFor(transport, aborted))).rejects.toBe('enough');
  expect(started).toEqual([]);
});

test('an exchange that ended before it began is closed', async () => {
  const { transport, log } = scripted((handler) => {
    handler.onResponse(200, {});
    handler.onData(Buffer.from('{'));
    handler.onError(new Error());
  });
  await expect(requestJson(request, contextFor(transport))).rejects.toThrow();
  expect(log).toEqual(['abort']);
});

test('an error whose body does not end is told from what has come', async () => {
  const clock = stoppedClock();
  const { transport, log } = scripted((handler) => {
    handler.onResponse(429, {});
    handler.onData(Buffer.from('slow down'));
  });
  const answer = requestJson(request, contextFor(transport, { clock }));
  expect([...clock.scheduled.values()]).toEqual([2_000]);
  clock.fire();
  await expect(answer).rejects.toMatchObject({ code: 'rate_limit', message: expect.stringContaining('slow down') });
  expect(log).toEqual(['abort']);
  expect(clock.scheduled.size).toBe(0);
});

test('an error whose body ends leaves no timer', async () => {
  const clock = stoppedClock();
  const { transport } = scripted((handler) => {
    handler.onResponse(500, {});
    handler.onEnd();
  });
  await expect(requestJson(request, contextFor(transport, { clock }))).rejects.toMatchObject({ status: 500 });
  expect(clock.scheduled.size).toBe(0);
});

test('an error whose connection breaks is told from what has come', async () => {
  const { transport } = scripted((handler) => {
    handler.onResponse(401, {});
    handler.onData(Buffer.from('{"error":{"message":"who are you?"}}'));
    handler.onError(new Error('reset'));
  });
  await expect(requestJson(request, contextFor(transport))).rejects.toMatchObject({ code: 'authentication' });
});

test('of a large error no more than 64 KiB are read', async () => {
  let sent = 0;
  let closed = false;
  const transport: Transport = (_, handler) => {
    setImmediate(() => {
      handler.onResponse(500, {});
      for (; !closed && sent < 10_000_000; sent += 16_384) handler.onData(Buffer.alloc(16_384, 'x'));
    });
    const abort = () => {
      closed = true;
    };
    return { abort, pause() {}, resume() {} };
  };
  await expect(requestJson(request, contextFor(transport))).rejects.toMatchObject({ status: 500 });
  expect(sent).toBe(64 * 1024);
});

test('a body that is compressed though that was declined is named as that', async () => {
  const { transport } = scripted((handler) => {
    handler.onResponse(200, { 'content-encoding': 'gzip' });
    handler.onData(Buffer.of(0x1f, 0x8b, 0x08));
    handler.onEnd();
  });
  await expect(requestJson(request, contextFor(transport))).rejects.toMatchObject({
    code: 'response_parse',
    message: 'vendor: the answer is not JSON (compressed by gzip, though that was declined)',
  });
});

test('a body that is not JSON is described without a word of it', async () => {
  const bodies = ['', ' \n', '<html>secret</html>', '{"secret":', 'secret'];
  const messages = bodies.map(async (body) => {
    const { transport } = scripted((handler) => {
      handler.onResponse(200, {});
      handler.onData(Buffer.from(body));
      handler.onEnd();
    });
    return requestJson(request, contextFor(transport)).catch((error: Error) => error.message);
  });
  expect(await Promise.all(messages)).toMatchInlineSnapshot(`
    [
      "vendor: the answer is not JSON (empty)",
      "vendor: the answer is not JSON (empty)",
      "vendor: the answer is not JSON (an HTML or XML page; is the base URL right?)",
      "vendor: the answer is not JSON (unfinished or broken JSON)",
      "vendor: the answer is not JSON (plain text of 6 characters)",
    ]
  `);
});

test('a caller who aborts gets their reason, and the exchange is closed', async () => {
  const controller = new AbortController();
  const { transport, log } = scripted((handler) => handler.onConnected());
  const answer = requestJson(request, contextFor(transport, { signal: controller.signal }));
  controller.abort('enough');
  await expect(answer).rejects.toBe('enough');
  expect(log).toEqual(['abort']);
});

describe('the first failure of a program', () => {
  /** A refusal whose body does not end before the clock's time is up. */
  async function refused(more: Partial<ProviderContext> = {}) {
    vi.resetModules();
    const { requestJson } = await import('./request-json.ts');
    const clock = stoppedClock();
    const { transport, log } = scripted((handler) => handler.onResponse(429, {}));
    return { answer: requestJson(request, contextFor(transport, { clock, ...more })), clock, log };
  }

  test('closes the socket before what explains it is loaded', async () => {
    const { answer, clock, log } = await refused();
    clock.fire();
    expect(log).toEqual(['abort']);
    expect(clock.scheduled.size).toBe(0);
    await expect(answer).rejects.toMatchObject({ code: 'rate_limit', status: 429 });
    expect(log).toEqual(['abort']);
  });

  test('leaves its place to an abort while that is being loaded', async () => {
    const controller = new AbortController();
    const { answer, clock, log } = await refused({ signal: controller.signal });
    clock.fire();
    controller.abort('enough');
    await expect(answer).rejects.toBe('enough');
    expect(log).toEqual(['abort']);
  });
});

test('a failure that is not the first is told at once', async () => {
  const { transport } = scripted((handler) => handler.onError(new Error('reset')));
  const fail = () => requestJson(request, contextFor(transport)).catch((error: Error) => error);
  await fail();
  const oneStep = Promise.resolve().then(() => 'nothing yet');
  expect(await Promise.race([fail(), oneStep.then()])).toMatchObject({ code: 'connection' });
});

test('what reads the answer fails the request by what it throws', async () => {
  const { transport } = scripted((handler) => {
    handler.onResponse(200, {});
    handler.onData(Buffer.from('{"error":{"message":"m","code":503}}'));
    handler.onEnd();
  });
  const answer = requestJson(request, contextFor(transport), ({ json }) => {
    throw reportedFailure({ ...request, body: json });
  });
  await expect(answer).rejects.toMatchObject({ code: 'overloaded', status: 503 });
});
