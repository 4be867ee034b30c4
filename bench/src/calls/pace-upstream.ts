import { once } from 'node:events';
import { connect } from 'node:net';

/**
 * Makes the upstream send the next packets of its streams when this process has read those before. It asks behind
 * what it has sent; by the time of `setImmediate` all that had come with its question has been read.
 */
export async function paceUpstream(origin: string): Promise<void> {
  const { hostname, port } = new URL(origin);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await once(socket, 'connect');
  socket.write('POST /pace HTTP/1.1\r\ncontent-length: 0\r\n\r\n');
  socket.on('data', () => setImmediate(() => socket.write('.')));
}
