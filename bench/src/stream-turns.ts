import type { Socket } from 'node:net';

export interface Stream {
  socket: Socket;
  packets: Buffer[];
  sent: number;
}

/** Sends one packet of each stream at a time, when the client has read the one before: else it would read several as one. */
export class StreamTurns {
  private readonly underWay = new Set<Stream>();
  /** Whose last packet the client may not have read when it is next heard of. */
  private readonly begun = new Set<Stream>();
  private pacer: Socket | undefined;
  private isWaiting = false;

  /** Its first packet has been sent. */
  add(stream: Stream): void {
    this.begun.add(stream);
    if (!this.isWaiting) this.waitForClient();
  }

  /** Asks the client by a connection of its own whether it has read all; without one it is given a millisecond. */
  paceBy(socket: Socket): void {
    this.pacer = socket;
    socket.on('data', () => this.sendTurn());
    socket.on('close', () => {
      this.pacer = undefined;
      this.isWaiting = false;
      this.underWay.clear();
      this.begun.clear();
    });
  }

  private waitForClient(): void {
    this.isWaiting = true;
    for (const stream of this.begun) this.underWay.add(stream);
    this.begun.clear();
    if (this.pacer) this.pacer.write('?');
    else setTimeout(() => this.sendTurn(), 1);
  }

  private sendTurn(): void {
    this.isWaiting = false;
    for (const stream of this.underWay) {
      stream.socket.write(stream.packets[stream.sent] as Buffer);
      stream.sent += 1;
      if (stream.sent === stream.packets.length || stream.socket.destroyed) this.underWay.delete(stream);
    }
    if (this.underWay.size + this.begun.size > 0) this.waitForClient();
  }
}
