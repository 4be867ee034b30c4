import { type AddressInfo, createServer, type Socket } from 'node:net';

export interface RawServer {
  baseURL: string;
  /** How many connections there ever were. */
  readonly connections: number;
  close(): Promise<void>;
}

/** A server without manners: once it has been sent something, it does as it likes. */
export async function startRawServer(act: (socket: Socket, sent: Buffer) => void): Promise<RawServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', (sent) => act(socket, sent));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get connections() {
      return connections;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
