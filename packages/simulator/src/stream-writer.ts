import type { EventStream, StreamEvent } from './answer.ts';
import { Rechunker, toBytes } from './body-bytes.ts';
import type { Delivery } from './delivery.ts';
import type { Random } from './random.ts';
import type { RecordedRequest } from './recorded-request.ts';
import type { Fault, Latency, Reply, Wire } from './reply.ts';

const KEEP_ALIVE_MS = 20;

/** Writes a stream at its pace, as fast as the client reads and as far as its fault allows. */
export class StreamWriter {
  readonly #stream: EventStream;
  readonly #delivery: Delivery;
  readonly #record: RecordedRequest;
  readonly #latency: Latency;
  readonly #wire: Wire;
  readonly #rechunker: Rechunker | undefined;
  /** What is still to go wrong. */
  #fault: Fault | undefined;
  #packet: string;
  #packed = 0;
  #tokens = 0;
  /** Time that the packet has to wait for its tokens. */
  #dueMs = 0;

  constructor(stream: EventStream, delivery: Delivery, record: RecordedRequest, reply: Reply, random: Random) {
    this.#stream = stream;
    this.#delivery = delivery;
    this.#record = record;
    this.#latency = reply.latency ?? {};
    this.#wire = reply.wire ?? {};
    this.#rechunker = this.#wire.chunkBytes === undefined ? undefined : new Rechunker(this.#wire.chunkBytes, random);
    this.#fault = reply.fault;
    this.#packet = this.#wire.bom ? '\u{FEFF}' : '';
  }

  async write(): Promise<void> {
    for (const event of this.#stream.events) {
      if (this.#delivery.gone) return;
      if (this.#isDue(event) && (await this.#goWrong(event))) return;
      if (this.#isLeftOut(event)) continue;
      this.#add(event);
      // Nothing is awaited as long as nothing has to be: most packets of a fast stream leave in one turn.
      const wait = this.#packed >= (this.#wire.eventsPerPacket ?? 1) ? this.#flush() : undefined;
      if (wait) await wait;
    }
    await this.#flush(true);
    this.#delivery.end();
  }

  #add({ kind, data }: StreamEvent): void {
    if (kind === 'token') {
      const { firstTokenMs = 0, tokenMs = 0 } = this.#latency;
      this.#dueMs += this.#tokens++ === 0 ? firstTokenMs : tokenMs;
    }
    if (this.#wire.comments) this.#packet += this.#stream.keepAlive;
    this.#packet += this.#stream.frame(data);
    this.#packed++;
  }

  /** Sends what is packed; the promise, if there is one, is to be awaited before more is sent. */
  #flush(isLast = false): Promise<void> | undefined {
    if (this.#dueMs > 0) return this.#flushLater(isLast);
    if (this.#delivery.gone) return undefined;
    const { newline } = this.#wire;
    const text = newline ? this.#packet.replaceAll('\n', newline) : this.#packet;
    this.#record.eventsSent += this.#packed;
    this.#packet = '';
    this.#packed = 0;
    if (this.#rechunker) return this.#sendChunks(this.#rechunker.push(this.#toBytes(text), isLast));
    return this.#delivery.write(this.#toBytes(text)) ? undefined : this.#delivery.drained();
  }

  #toBytes(text: string): Buffer {
    const { encoding } = this.#stream;
    return encoding ? Buffer.from(text, encoding) : toBytes(text);
  }

  async #flushLater(isLast: boolean): Promise<void> {
    await this.#delivery.pause(this.#dueMs);
    this.#dueMs = 0;
    await this.#flush(isLast);
  }

  async #sendChunks(chunks: Iterable<Buffer>): Promise<void> {
    for (const chunk of chunks) if (!this.#delivery.write(chunk)) await this.#delivery.drained();
  }

  #isDue({ kind }: StreamEvent): boolean {
    const fault = this.#fault;
    if (fault === undefined || kind === 'start') return false;
    if (fault.kind === 'truncated-json') return kind === 'finish' || kind === 'terminator';
    return 'atToken' in fault && (kind !== 'token' || this.#tokens >= fault.atToken);
  }

  #isLeftOut({ kind }: StreamEvent): boolean {
    if (this.#fault?.kind === 'no-terminator') return kind === 'terminator';
    return this.#fault?.kind === 'no-finish' && kind !== 'start' && kind !== 'token';
  }

  /** Lets the fault happen before `event`; true when that was the end of the stream. */
  async #goWrong(event: StreamEvent): Promise<boolean> {
    const fault = this.#fault;
    await this.#flush(true);
    switch (fault?.kind) {
      case 'malformed-event':
        this.#fault = undefined;
        this.#packet += this.#stream.frame('{"id": malformed');
        this.#packed++;
        return false;
      case 'error-event':
        this.#packet += this.#frameError(this.#stream.errorEvent(fault.error ?? {}));
        this.#packed++;
        await this.#flush(true);
        this.#delivery.end();
        return true;
      case 'truncated-json':
        this.#packet += half(this.#stream.frame(event.data));
        await this.#flush(true);
        this.#delivery.end();
        return true;
      case 'stall':
        await this.#stall(fault.comments ?? false);
        return true;
      case 'cut':
        await this.#cut(fault.by, event);
        return true;
      default:
        return false;
    }
  }

  #frameError(data: string): string {
    return this.#stream.frameError?.(data) ?? this.#stream.frame(data);
  }

  async #stall(comments: boolean): Promise<void> {
    while (comments && !this.#delivery.gone) {
      await this.#delivery.pause(KEEP_ALIVE_MS);
      this.#packet += this.#stream.keepAlive;
      await this.#flush(true);
    }
    await this.#delivery.departed();
  }

  async #cut(by: (Fault & { kind: 'cut' })['by'], event: StreamEvent): Promise<void> {
    if (by === 'rst') await this.#delivery.reset();
    else if (by === 'end') this.#delivery.end();
    else this.#delivery.hangUp(by === 'fin' ? half(this.#stream.frame(event.data)) : '');
  }
}

function half(text: string): string {
  return text.slice(0, text.length / 2);
}
