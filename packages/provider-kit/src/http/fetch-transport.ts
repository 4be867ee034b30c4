import type { Transport, TransportExchange, TransportHandler, TransportRequest } from '@anyllm/core/provider';

/** A transport on a `fetch` function, for runtimes without sockets. Default: the global one. */
export function createFetchTransport(fetch: typeof globalThis.fetch = globalThis.fetch): Transport {
  return (request, handler) => {
    const exchange = new FetchExchange(handler);
    exchange.run(fetch, request).catch((error) => exchange.fail(error));
    return exchange;
  };
}

class FetchExchange implements TransportExchange {
  readonly #handler: TransportHandler;
  readonly #controller = new AbortController();
  #paused: { promise: Promise<void>; resume: () => void } | undefined;
  #over = false;

  constructor(handler: TransportHandler) {
    this.#handler = handler;
  }

  async run(fetch: typeof globalThis.fetch, { method, url, headers, body }: TransportRequest): Promise<void> {
    const { signal } = this.#controller;
    const init = {
      method,
      headers,
      body: (body ?? null) as RequestInit['body'] & {},
      signal,
      redirect: 'manual' as const,
    };
    // `fetch` does not tell when the connection is ready. Its making counts as waiting for the headers: the other way
    // round a model that thinks for long would fail by the much shorter limit for a connection.
    this.#handler.onConnected();
    const response = await fetch(url, init);
    if (this.#over) return;
    this.#handler.onResponse(response.status, Object.fromEntries(response.headers));
    if (response.body) await this.#pump(response.body.getReader());
    if (this.#over) return;
    this.#over = true;
    this.#handler.onEnd();
  }

  async #pump(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
    while (!this.#over) {
      await this.#paused?.promise;
      const { value, done } = await reader.read();
      if (done) return;
      if (!this.#over) this.#handler.onData(value);
    }
  }

  abort(): void {
    if (this.#over) return;
    this.#over = true;
    this.#paused?.resume();
    this.#controller.abort();
  }

  pause(): void {
    if (this.#paused) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#paused = { promise, resume: resolve };
  }

  resume(): void {
    this.#paused?.resume();
    this.#paused = undefined;
  }

  fail(error: Error): void {
    if (this.#over) return;
    this.#over = true;
    this.#controller.abort();
    this.#handler.onError(error);
  }
}
