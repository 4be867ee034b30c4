import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

interface Shape {
  answer(body: never): Promise<object | { toReadableStream(): ReadableStream<Uint8Array> }>;
  toError(error: unknown): { status: number; body: object };
}

/** A server that answers every request in one shape, for the client of the vendor that the shape is of. */
export async function serveShape({ answer, toError }: Shape): Promise<string> {
  const server = createServer(async (request, response) => {
    try {
      const answered = await answer((await json(request)) as never);
      if ('toReadableStream' in answered) {
        response.setHeader('content-type', 'text/event-stream');
        const events = Readable.fromWeb(answered.toReadableStream() as never);
        events.on('error', () => response.end()).pipe(response);
        response.on('close', () => events.destroy());
      } else {
        response.setHeader('content-type', 'application/json').end(JSON.stringify(answered));
      }
    } catch (error) {
      const { status, body } = toError(error);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
