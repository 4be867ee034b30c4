import { createServer, type Socket } from 'node:net';
import { answers } from './answers.ts';

// The server that everybody calls, in a process of its own and on bare sockets, so that the client is what is measured.
// The first part of the path names the answer. Told anything by its parent, it says how many connections were opened
// since it was last told.

let opened = 0;

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
  const length = Number(/content-length: (\d+)/i.exec(received)?.[1]);
  if (end === 3 || received.length < end + length) return received;
  answer(socket, received.split('/', 2)[1] as string);
  return answerRequests(socket, received.slice(end + length));
}

interface Stream {
  socket: Socket;
  packets: Buffer[];
  at: number;
}

const underWay = new Set<Stream>();

function answer(socket: Socket, name: string): void {
  if (name === 'release') {
    release(socket);
    return;
  }
  const { packets } = answers[name] as (typeof answers)[string];
  socket.write(packets[0] as Buffer);
  if (packets.length === 1) return;
  if (name === 'held') {
    held.push({ socket, packets, at: 1 });
    return;
  }
  if (underWay.size === 0) setTimeout(sendTurn, turnMs);
  underWay.add({ socket, packets, at: 1 });
}

/** Streams that have begun and wait for somebody to ask for `/release`, so that any number can be open at once. */
let held: Stream[] = [];

function release(socket: Socket): void {
  socket.end('HTTP/1.1 204 No Content\r\n\r\n');
  for (const { socket, packets } of held) socket.write(Buffer.concat(packets.slice(1)));
  held = [];
}

/** Long enough for a client to have read the packet before; else it would read several as one. */
const turnMs = 1;

/** One packet of each stream. */
function sendTurn(): void {
  for (const stream of underWay) {
    stream.socket.write(stream.packets[stream.at] as Buffer);
    stream.at += 1;
    if (stream.at === stream.packets.length || stream.socket.destroyed) underWay.delete(stream);
  }
  if (underWay.size > 0) setTimeout(sendTurn, turnMs);
}
