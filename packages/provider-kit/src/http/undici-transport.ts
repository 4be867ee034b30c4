import type { Transport, TransportExchange, TransportHandler, TransportRequest } from '@anyllm/core/provider';
import type { Dispatcher } from 'undici';
import { type Connection, ConnectionPool } from './connection-pool.ts';
import { loadedUndici, loadUndici, type Undici } from './load-undici.ts';
import { proxyFor } from './proxy.ts';

/**
 * A transport on undici with connections of its own: kept alive, without Nagle's delay, one per exchange under way.
 * undici is loaded with the first exchange.
 */
export function createUndiciTransport(): Transport {
  const pools = new Map<string, ConnectionPool>();
  const poolFor = (undici: Undici, origin: string) => {
    const pool = pools.get(origin) ?? new ConnectionPool(undici, origin);
    pools.set(origin, pool);
    return pool;
  };
  return (request, handler) => {
    const exchange = new UndiciExchange(handler);
    const undici = loadedUndici();
    const start = (undici: Undici) => exchange.start(undici, request, poolFor);
    if (undici) start(undici);
    else
      loadUndici()
        .then(start)
        .catch((error) => exchange.fail(error));
    return exchange;
  };
}

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

  start(undici: Undici, request: TransportRequest, poolFor: (undici: Undici, origin: string) => ConnectionPool): void {
    if (this.#over) return;
    const { method, url, headers, body = null } = request;
    const pathAt = url.indexOf('/', url.indexOf('//') + 2);
    const origin = pathAt === -1 ? url : url.slice(0, pathAt);
    const options = { origin, path: pathAt === -1 ? '/' : url.slice(pathAt), method, headers, body };
    const proxy = proxyFor(undici, origin);
    if (proxy) {
      proxy.dispatch(options, this);
      return;
    }
    this.#pool = poolFor(undici, origin);
    this.#connection = this.#pool.acquire();
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
