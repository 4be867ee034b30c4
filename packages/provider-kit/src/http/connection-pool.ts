import type { Socket } from 'node:net';
import type { buildConnector, Client } from 'undici';
import type { Undici } from './load-undici.ts';

/** An idle connection is closed after this, unless the server's own hint is shorter. */
const keepAliveMs = 30_000;

/** A connection in the hands of one exchange. */
export interface Connection {
  client: Client;
  /** Closes it, also while it is still being made. */
  destroy(): void;
}

/**
 * The connections to one origin. Each exchange has one to itself and gives it back at its end, so that there are never
 * more sockets than exchanges under way; undici's own pool opens up to twice as many.
 */
export class ConnectionPool {
  readonly #undici: Undici;
  readonly #origin: string;
  readonly #connector: buildConnector.connector;
  /** Last in, first out: what has been used a moment ago is least likely to have been closed by the server. */
  readonly #idle: Connection[] = [];

  constructor(undici: Undici, origin: string) {
    this.#undici = undici;
    this.#origin = origin;
    // Time limits are the caller's: undici's own are all off. HTTP/2 would put many streams on one connection, where
    // closing a stream no longer closes a socket, and one stalled reader can hold up the others.
    this.#connector = undici.buildConnector({ timeout: 0, allowH2: false });
  }

  acquire(): Connection {
    return this.#idle.pop() ?? this.#open();
  }

  release(connection: Connection): void {
    if (!connection.client.destroyed) this.#idle.push(connection);
  }

  #open(): Connection {
    let socket: Socket | undefined;
    const connect: buildConnector.connector = (options, callback) => {
      // undici's connector returns the socket that it is opening; its type does not say so.
      socket = this.#connector(options, callback) as unknown as Socket;
      return socket;
    };
    const client = new this.#undici.Client(this.#origin, {
      connect,
      allowH2: false,
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: keepAliveMs,
      keepAliveMaxTimeout: keepAliveMs,
    });
    const connection: Connection = {
      client,
      destroy: () => {
        // undici lets a connection that is being made run on and drops it afterwards.
        if (socket?.connecting) socket.destroy();
        void client.destroy();
      },
    };
    client.on('disconnect', () => this.#drop(connection));
    return connection;
  }

  #drop(connection: Connection): void {
    const at = this.#idle.indexOf(connection);
    if (at !== -1) this.#idle.splice(at, 1);
  }
}
