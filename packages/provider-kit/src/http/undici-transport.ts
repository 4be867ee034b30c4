import type { Readable } from 'node:stream';
import type { Transport, TransportExchange, TransportHandler, TransportRequest } from '@anyllm/core/provider';
import type { Dispatcher } from 'undici';
import { type Connection, ConnectionPool } from './connection-pool.ts';
import { type Undici, undici } from './load-undici.ts';
import { proxyFor } from './proxy.ts';

/**
 * A transport on undici with connections of its own: kept alive, without Nagle's delay, one per exchange under way.
 * undici is loaded with the first exchange.
 */
export function createUndiciTransport(): Transport {
  const routes = new Map<string, Route>();
  // The way to an origin is settled with its first exchange: reading the environment costs half a microsecond a name.
  const routeTo = (undici: Undici, origin: string): Route => {
    const route = routes.get(origin) ?? proxyFor(undici, origin) ?? new ConnectionPool(undici, origin);
    routes.set(origin, route);
    return route;
  };
  return (request, handler) => {
    const exchange = new UndiciExchange(handler);
    const loaded = undici();
    const start = (module: Undici) => exchange.start(module, request, routeTo);
    if (loaded instanceof Promise) loaded.then(start).catch((error) => exchange.fail(error));
    else start(loaded);
    return exchange;
  };
}

/** Connections of our own, or the proxy that stands in their place. */
type Route = ConnectionPool | Dispatcher;

/** Hands on what undici reports, until the exchange is over. */
class UndiciExchange implements TransportExchange, Dispatcher.DispatchHandler {
  readonly #handler: TransportHandler;
  #connection: Connection | undefined;
  #pool: ConnectionPool | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #over = false;

  constructor(handler: TransportHandler) {
    this.#handler = handler;
  }

  start(undici: Undici, request: TransportRequest, routeTo: (undici: Undici, origin: string) => Route): void {
    if (this.#over) return;
    const { method, url, headers, body = null } = request;
    const pathAt = url.indexOf('/', url.indexOf('//') + 2);
    const origin = pathAt === -1 ? url : url.slice(0, pathAt);
    const path = pathAt === -1 ? '/' : url.slice(pathAt);
    const options =
      body instanceof Blob
        ? { origin, path, method, headers: withLength(headers, body), body: toStream(body) }
        : { origin, path, method, headers, body };
    const route = routeTo(undici, origin);
    if (!(route instanceof ConnectionPool)) {
      route.dispatch(options, this);
      return;
    }
    this.#pool = route;
    this.#connection = route.acquire();
    this.#connection.client.dispatch(options, this);
  }

  abort(): void {
    if (this.#over) return;
    this.#over = true;
    if (this.#connection) this.#connection.destroy();
    else this.#controller?.abort(new Error('aborted'));
  }

  pause(): void {
    this.#controller?.pause();
  }

  resume(): void {
    this.#controller?.resume();
  }

  fail(error: Error): void {
    if (this.#over) return;
    this.#over = true;
    this.#connection?.destroy();
    this.#handler.onError(error);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#over) controller.abort(new Error('aborted'));
    else this.#handler.onConnected();
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (!this.#over && status >= 200) this.#handler.onResponse(status, headers);
  }

  onResponseData(_: Dispatcher.DispatchController, bytes: Uint8Array): void {
    if (!this.#over) this.#handler.onData(bytes);
  }

  onResponseEnd(): void {
    if (this.#over) return;
    this.#over = true;
    if (this.#connection) this.#pool?.release(this.#connection);
    this.#handler.onEnd();
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.fail(error);
  }
}

/** undici would read a whole blob into memory before it sends the first byte. */
function toStream(body: Blob): Readable {
  return body.stream() as unknown as Readable; // of a readable stream undici asks only that it can be iterated
}

function withLength(headers: Record<string, string>, { size }: Blob): Record<string, string> {
  return { ...headers, 'content-length': String(size) };
}
