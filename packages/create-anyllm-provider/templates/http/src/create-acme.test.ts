import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { createClient } from '@anyllm/core';
import { expect, onTestFinished, test } from 'vitest';
import { createAcme } from './create-acme.ts';

const provider = 'acme';
const request = { model: `${provider}/some-model`, prompt: 'Say hello.' } as const;
const tokens = { input: 3, output: 2 };

/** A client of a server that answers every request in this way. */
async function serve(answer: (response: ServerResponse, request: IncomingMessage) => void) {
  const server = createServer((request, response) => answer(response, request));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return createClient({ providers: [createAcme({ apiKey: 'test-key', baseURL })], retries: 0 });
}

function sendEvents(response: ServerResponse, events: object[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const event of events) response.write(`data: ${JSON.stringify(event)}\n\n`);
}

test('a whole answer has its text, finish reason and usage', async () => {
  const client = await serve((response) => response.end(JSON.stringify({ text: 'Hello there.', stop: 'end', tokens })));
  const answer = await client.completion(request);
  expect(answer.text).toBe('Hello there.');
  expect(answer.choices[0]?.finish_reason).toBe('stop');
  expect(answer.usage).toEqual({ prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 });
});

test('a streamed answer comes piece by piece', async () => {
  const client = await serve((response) => {
    sendEvents(response, [{ text: 'Hello ' }, { text: 'there.' }, { stop: 'limit', tokens }]);
    response.end();
  });
  const stream = await client.completion({ ...request, stream: true });
  const texts: string[] = [];
  for await (const text of stream.text()) texts.push(text);
  expect(texts).toEqual(['Hello ', 'there.']);
  const whole = await stream.completion();
  expect(whole.choices[0]?.finish_reason).toBe('length');
  expect(whole.usage?.total_tokens).toBe(5);
});

test('the request goes out in the protocol of the server', async () => {
  let body: unknown;
  let headers: IncomingMessage['headers'] = {};
  const client = await serve(async (response, request) => {
    body = await json(request);
    headers = request.headers;
    response.end(JSON.stringify({ text: '', stop: 'end' }));
  });
  await client.completion({
    ...request,
    temperature: 0.5,
    max_tokens: 9,
    provider_options: { [provider]: { mood: 'calm' } },
  });
  const turns = [{ role: 'user', text: 'Say hello.' }];
  expect(body).toEqual({ model: 'some-model', stream: false, turns, limit: 9, temperature: 0.5, mood: 'calm' });
  expect(headers.authorization).toBe('Bearer test-key');
});

test('a refused key is an authentication error that does not hold it', async () => {
  const client = await serve((response) => response.writeHead(401).end('{"error":"bad key test-key"}'));
  const error = await client.completion(request).catch((error) => error);
  expect(error).toMatchObject({ code: 'authentication', provider });
  expect(error.message + JSON.stringify(error)).not.toContain('test-key');
});

test('an error inside a stream, and a stream that breaks off, are errors', async () => {
  for (const last of [{ error: { message: 'overloaded' } }, undefined]) {
    const client = await serve((response) => {
      sendEvents(response, [{ text: 'Hello ' }, ...(last ? [last] : [])]);
      response.end();
    });
    const stream = await client.completion({ ...request, stream: true });
    await expect(stream.completion()).rejects.toMatchObject({ provider });
  }
});

test('leaving a stream closes its connection', async () => {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  const client = await serve((response) => {
    response.once('close', resolve);
    sendEvents(response, [{ text: 'Hello ' }]);
  });
  const stream = await client.completion({ ...request, stream: true });
  for await (const _ of stream) break;
  await closed;
});
