import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import {
  type MessagesRequest,
  messages,
  type ResponsesRequest,
  responses,
  toMessagesFailure,
  toResponsesFailure,
} from '@anyllm/core';
import '@anyllm/provider-mistral';
import '@anyllm/provider-ollama';
import '@anyllm/provider-openai';

/** Each path with who answers it, and how a failure is told there. */
const shapes = {
  '/v1/messages': {
    answer: (body: string, signal: AbortSignal) => messages(JSON.parse(body) as MessagesRequest, { signal }),
    toError: toMessagesFailure,
  },
  '/v1/responses': {
    answer: (body: string, signal: AbortSignal) => responses(JSON.parse(body) as ResponsesRequest, { signal }),
    toError: toResponsesFailure,
  },
};

/** What clients of the two APIs send is answered as they expect it, by any model. */
export const gateway = createServer(async (request, response) => {
  const shape = shapes[request.url as keyof typeof shapes];
  if (!shape) return sendJSON(response, 404, { error: { message: 'no such path' } });
  const gone = new AbortController();
  response.on('close', () => gone.abort()); // a client that leaves ends the call
  try {
    const answer = await shape.answer(await textOf(request), gone.signal);
    if (!(Symbol.asyncIterator in answer)) return sendJSON(response, 200, answer);
    response.setHeader('content-type', 'text/event-stream');
    await pipeline(Readable.fromWeb(answer.toReadableStream() as ReadableStream), response);
  } catch (error) {
    const { status, body } = shape.toError(error);
    if (response.headersSent) response.destroy();
    else sendJSON(response, status, body);
  }
});

async function textOf(request: IncomingMessage): Promise<string> {
  return Buffer.concat(await request.toArray()).toString();
}

function sendJSON(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
