import { createServer, type Socket } from 'node:net';
import { findAnswer } from './answers/index.ts';
import { type Stream, StreamTurns } from './stream-turns.ts';

// The server that everybody calls, in a process of its own and on bare sockets, so that the client is what is measured.
// The path names the protocol and the answer. Told anything by its parent, it says how many connections were opened
// since it was last told.

let opened = 0;
const turns = new StreamTurns();
/** Streams that have begun and wait for somebody to ask for `/release`, so that any number can be open at once. */
let held: Stream[] = [];

const server = createServer({ noDelay: true }, (socket) => {
  opened += 1;
  let received = '';
  socket.on('error', () => {}); // a client that has finished may leave as it likes
  socket.on('data', (bytes) => {
    received = answerRequests(socket, received + bytes.toString('latin1'));
  });
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => process.send?.(server.address()));

process.on('message', () => {
  process.send?.({ opened });
  opened = 0;
});
process.on('disconnect', () => process.exit());

/** Answers the requests that have come whole and returns the rest. */
function answerRequests(socket: Socket, received: string): string {
  const end = received.indexOf('\r\n\r\n') + 4;
  if (end === 3) return received;
  const length = Number(/content-length: (\d+)/i.exec(received)?.[1]);
  if (Number.isNaN(length)) {
    socket.end('HTTP/1.1 411 Length Required\r\nconnection: close\r\n\r\n');
    return '';
  }
  if (received.length < end + length) return received;
  answer(socket, received.split(' ', 2)[1] as string, received.slice(end, end + length));
  return answerRequests(socket, received.slice(end + length));
}

function answer(socket: Socket, path: string, body: string): void {
  if (path === '/release') release(socket);
  else if (path === '/pace') pace(socket);
  else send(socket, path, body);
}

function release(socket: Socket): void {
  socket.end('HTTP/1.1 204 No Content\r\n\r\n');
  for (const { socket, packets } of held) socket.write(Buffer.concat(packets.slice(1)));
  held = [];
}

function pace(socket: Socket): void {
  opened -= 1; // not the contestant's
  socket.removeAllListeners('data');
  turns.paceBy(socket);
}

function send(socket: Socket, path: string, body: string): void {
  const packets = findAnswer(path, body.includes('"stream":true'))?.packets;
  socket.write(packets?.[0] ?? 'HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n');
  if (!packets || packets.length === 1) return;
  const stream = { socket, packets, sent: 1 };
  if (path.includes('/held/')) held.push(stream);
  else turns.add(stream);
}
