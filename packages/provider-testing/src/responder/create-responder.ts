import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Contents } from '../contents.ts';
import type { Scenario } from '../scenario.ts';
import { echoOf } from './echo-of.ts';
import type { ReceivedRequest, Responder } from './responder.ts';
import { StreamWriter } from './stream-writer.ts';

/** A vendor's protocol, as far as answers go. Bytes, faults and pace are not its business. */
export interface Protocol {
  /** What it has words for. Default: all of `standardContents`. */
  contents?: Contents;
  /** Whether the request asks for a stream. Default: `"stream": true` in its body. */
  isStream?(request: ReceivedRequest): boolean;
  /** A whole answer; an error too, where the content is one. */
  whole(scenario: Scenario, request: ReceivedRequest): ProtocolAnswer;
  /** The events of a streamed answer, in order; lazily, since some are long. Called for contents without an error. */
  stream(scenario: Scenario, request: ReceivedRequest): Iterable<ProtocolEvent>;
  /** The headers of a stream. Default: those of server-sent events. */
  streamHeaders?: Readonly<Record<string, string>>;
  /** An error as it stands inside a stream, with its frame. */
  errorEvent: string;
  /** What is sent to keep a stream alive, with its frame. Default: nothing is. */
  keepAlive?: string;
}

/** A whole answer. A `body` of bytes is sent as it is, any other object as JSON. */
export interface ProtocolAnswer {
  /** Default 200. */
  status?: number;
  headers?: Readonly<Record<string, string>>;
  body: string | Uint8Array | object;
}

/** One event with its frame: line ends and all. */
export interface ProtocolEvent {
  /** Whether it carries content; faults count these. */
  isToken: boolean;
  text: string;
}

/** A responder for a protocol of your own, on a plain HTTP server. */
export function createResponder(protocol: Protocol): Responder {
  return {
    ...(protocol.contents && { contents: protocol.contents }),
    async start(scenarios) {
      const requests: OpenRequest[] = [];
      const server = createServer({ noDelay: true, requestTimeout: 0 }, (message, response) => {
        void receive(message, response).then((request) => {
          const scenario = scenarios[Math.min(requests.length, scenarios.length - 1)];
          requests.push(request);
          if (scenario) void answer(protocol, scenario, request, response);
        });
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return {
        baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        requests,
        close: () =>
          new Promise((resolve) => {
            server.close(() => resolve());
            server.closeAllConnections();
          }),
      };
    },
  };
}

export type OpenRequest = { -readonly [Name in keyof ReceivedRequest]: ReceivedRequest[Name] };

async function receive(message: IncomingMessage, response: ServerResponse): Promise<OpenRequest> {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  const { method = '', url: path = '', headers } = message;
  const unread = { bytes: Buffer.alloc(0), text: '' };
  const request: OpenRequest = { method, path, headers, ...unread, aborted: false, bytesSent: 0, closed };
  response.once('close', () => {
    request.aborted = !response.writableFinished;
    resolve();
  });
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part);
  request.bytes = Buffer.concat(parts);
  request.text = request.bytes.toString();
  return request;
}

async function answer(protocol: Protocol, scenario: Scenario, request: OpenRequest, response: ServerResponse) {
  const { content, fault } = scenario;
  if (fault?.kind === 'silence') return;
  if (fault?.kind === 'reset-before-headers') response.socket?.resetAndDestroy();
  else if (fault?.kind === 'raw') send(request, response, fault);
  else if (fault?.kind === 'echo') send(request, response, { status: fault.status, body: echoOf(request) });
  else if (!content.error && isStream(protocol, request)) {
    response.writeHead(200, protocol.streamHeaders ?? { 'content-type': 'text/event-stream' }).flushHeaders();
    if (fault?.kind === 'silence-after-headers') return;
    await new StreamWriter({ scenario, request, response, protocol }).write(protocol.stream(scenario, request));
  } else sendWhole(protocol, scenario, request, response);
}

function isStream({ isStream }: Protocol, request: ReceivedRequest): boolean {
  return isStream ? isStream(request) : /"stream"\s*:\s*true/.test(request.text);
}

function sendWhole(protocol: Protocol, scenario: Scenario, request: OpenRequest, response: ServerResponse): void {
  const { fault, content } = scenario;
  if (fault?.kind === 'error-event') {
    send(request, response, { body: unframed(protocol.errorEvent) });
    return;
  }
  const { body, headers, ...rest } = protocol.whole(scenario, request);
  const bytes = toBytes(body);
  const half = bytes.subarray(0, bytes.length / 2);
  const hint = content.error?.retryAfter === undefined ? {} : { 'retry-after': String(content.error.retryAfter) };
  const all = { ...rest, headers: { ...hint, ...headers } };
  if (fault?.kind === 'silence-after-headers') response.writeHead(rest.status ?? 200, all.headers).flushHeaders();
  else if (fault?.kind === 'cut' || fault?.kind === 'stall') {
    response.writeHead(rest.status ?? 200, { ...all.headers, 'content-length': bytes.length });
    response.write(half, () => fault.kind === 'cut' && response.socket?.destroySoon());
  } else send(request, response, { ...all, body: fault?.kind === 'truncated' ? half : bytes });
}

function toBytes(body: ProtocolAnswer['body']): Buffer {
  if (body instanceof Uint8Array) return Buffer.from(body);
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

function send(request: OpenRequest, response: ServerResponse, answer: ProtocolAnswer): void {
  const { status = 200, headers, body } = answer;
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  sendSlowly(request, response, toBytes(body));
}

/** No more than the client reads, so that what it leaves unread is not counted as sent. */
function sendSlowly(request: OpenRequest, response: ServerResponse, bytes: Buffer): void {
  const part = bytes.subarray(0, 65_536);
  request.bytesSent += part.length;
  if (part.length === bytes.length) response.end(part);
  else response.write(part, () => sendSlowly(request, response, bytes.subarray(part.length)));
}

/** The payload of a server-sent event, or of a line. */
function unframed(event: string): string {
  return event.replace(/^(?:event:.*\n)?data: ?/, '').trim();
}
