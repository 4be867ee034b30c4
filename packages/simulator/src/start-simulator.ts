import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { isObject } from './answer.ts';
import type { BatchBehaviour } from './batch-behaviour.ts';
import { BatchStore } from './batch-store.ts';
import { Delivery } from './delivery.ts';
import { parseForm } from './form-fields.ts';
import type { OpenaiQuirks } from './openai-quirks.ts';
import { createRandom } from './random.ts';
import type { JsonObject, RecordedRequest } from './recorded-request.ts';
import type { Reply } from './reply.ts';
import { type Route, toRoute } from './route.ts';
import { sendAnswer } from './send-answer.ts';
import { toAnswer } from './to-answer.ts';

/** One reply for every request, a list that is used up from its front, or a rule. Default answers fill the gaps. */
export type Script = Reply | readonly Reply[] | ((request: RecordedRequest) => Reply | undefined);

/** Where the simulator listens, and what it answers. */
export interface SimulatorOptions {
  /** Default 0: any free port. */
  port?: number;
  /** Default `127.0.0.1`. */
  host?: string;
  /** Ids and whatever else looks random follow from it and from the order of requests. Default 1. */
  seed?: number;
  script?: Script;
  /** How a server deviates that only calls itself compatible; for the OpenAI dialect. */
  quirks?: OpenaiQuirks;
  /** Ask for a bearer key: any, or this one. Ollama never asks. Default false. */
  requireKey?: boolean | string;
  /** How batches run. They are kept in memory, with their files. */
  batches?: BatchBehaviour;
  /** How many requests stay on record; the oldest are dropped first. Default: all. */
  keepRequests?: number;
}

/** A server that has been started. `await using` closes it. */
export interface Simulator extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Where each vendor's client is to be pointed. */
  readonly baseURL: { readonly openai: string; readonly mistral: string; readonly ollama: string };
  /** In order of arrival. */
  readonly requests: readonly RecordedRequest[];
  /** Connections now and ever. */
  readonly sockets: { readonly open: number; readonly opened: number };
  /** Replaces the script for the requests to come; without one, answers are made up. */
  script(script?: Script): void;
  /**
   * Waits for a number of requests, or until the predicate holds, and returns the requests.
   * `timeoutMs`: default 5000, then it rejects.
   */
  waitFor(
    condition: number | ((requests: readonly RecordedRequest[]) => boolean),
    options?: { timeoutMs?: number },
  ): Promise<readonly RecordedRequest[]>;
  /** Destroys all connections and frees the port. */
  close(): Promise<void>;
}

/** Starts a server of its own; as many as wanted can run in one process. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { host = '127.0.0.1', port = 0, seed = 1, requireKey = false, keepRequests = Infinity } = options;
  const requests: RecordedRequest[] = [];
  const sockets = new Set<Socket>();
  const store = new BatchStore(options.batches);
  let opened = 0;
  let arrived = 0;
  let script = toScript(options.script);

  const server = createServer({ noDelay: true, keepAliveTimeout: 75_000, requestTimeout: 0 });
  server.on('connection', (socket) => {
    opened++;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    if (script.refusesConnection()) socket.resetAndDestroy();
  });
  server.on('request', (message: IncomingMessage, response: ServerResponse) => {
    void serve(message, response);
  });

  async function serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const route = toRoute(message.method ?? '', message.url ?? '');
    if (!route) return respondPlainly(response, 404, 'Paths begin with /openai/v1, /mistral/v1 or /ollama.\n');
    const bytes = await readBody(message);
    if (bytes === undefined) return;
    const { record, settle } = toRecord(arrived++, route, message, bytes);
    requests.push(record);
    if (requests.length > keepRequests) requests.shift();
    try {
      const delivery = new Delivery(response, record, settle);
      const random = createRandom(seed, record.index);
      const reply = { ...(options.quirks && { quirks: options.quirks }), ...script.next(record) };
      const answer = toAnswer({ route, request: record, reply, random, store }, requireKey);
      await sendAnswer({ answer, reply, record, delivery, random });
    } catch (error) {
      respondPlainly(response, 500, `The simulator failed: ${error}\n`);
    }
  }

  await listen(server, port, host);
  const address = server.address() as AddressInfo;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;

  async function close(): Promise<void> {
    if (!server.listening) return;
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  }

  return {
    url,
    port: address.port,
    baseURL: { openai: `${url}/openai/v1`, mistral: `${url}/mistral`, ollama: `${url}/ollama` },
    requests,
    sockets: {
      get open() {
        return sockets.size;
      },
      get opened() {
        return opened;
      },
    },
    script(next) {
      script = toScript(next);
    },
    async waitFor(condition, { timeoutMs = 5000 } = {}) {
      const deadline = performance.now() + timeoutMs;
      const isMet = () => (typeof condition === 'number' ? arrived >= condition : condition(requests));
      while (!isMet()) {
        if (performance.now() >= deadline)
          throw new Error(`Not met within ${timeoutMs} ms; requests so far: ${arrived}.`);
        await delay(2);
      }
      return requests;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** A script in use. */
interface RunningScript {
  next(request: RecordedRequest): Reply | undefined;
  /** Whether the connection that has just opened is to be reset unread. */
  refusesConnection(): boolean;
}

function toScript(script: Script | undefined): RunningScript {
  if (typeof script === 'function') return { next: script, refusesConnection: () => false };
  if (!isList(script)) return { next: () => script, refusesConnection: () => isRefusal(script) };
  const replies = [...script];
  return {
    next: () => replies.shift(),
    refusesConnection: () => isRefusal(replies[0]) && replies.shift() !== undefined,
  };
}

function isList(script: Reply | readonly Reply[] | undefined): script is readonly Reply[] {
  return Array.isArray(script);
}

function isRefusal(reply: Reply | undefined): boolean {
  return reply?.fault?.kind === 'refuse';
}

function toRecord(index: number, route: Route, message: IncomingMessage, bytes: Buffer) {
  let settle = () => {};
  const closed = new Promise<void>((resolve) => {
    settle = resolve;
  });
  const form = parseForm(message.headers['content-type'], bytes);
  const record: RecordedRequest = {
    index,
    dialect: route.dialect,
    method: message.method ?? '',
    path: message.url ?? '',
    headers: message.headers,
    body: form ? undefined : parseObject(bytes.toString()),
    form,
    bytes,
    get text() {
      return bytes.toString();
    },
    receivedAt: performance.now(),
    aborted: false,
    bytesSent: 0,
    eventsSent: 0,
    closed,
  };
  return { record, settle };
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The body, or undefined when the client left before it was through. */
function readBody(message: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    message.on('data', (chunk: Buffer) => chunks.push(chunk));
    message.once('end', () => resolve(Buffer.concat(chunks)));
    message.once('close', () => resolve(undefined));
  });
}

function respondPlainly(response: ServerResponse, status: number, text: string): void {
  if (!response.headersSent) response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(text);
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // A long queue, for thousands of clients that connect at once.
    server.listen({ port, host, backlog: 4096 }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
