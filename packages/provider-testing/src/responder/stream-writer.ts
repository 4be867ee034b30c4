import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Scenario } from '../scenario.ts';
import type { OpenRequest, Protocol, ProtocolEvent } from './create-responder.ts';

const keepAliveMs = 20;

interface Writing {
  scenario: Scenario;
  request: OpenRequest;
  response: ServerResponse;
  protocol: Protocol;
}

/** Writes the events of a stream in the layout, at the pace and up to the fault of a scenario. */
export class StreamWriter {
  readonly #writing: Writing;
  #packet: string;
  #packed = 0;
  #tokens = 0;
  #bytes = Buffer.alloc(0);

  constructor(writing: Writing) {
    this.#writing = writing;
    this.#packet = writing.scenario.layout?.bom ? '\u{FEFF}' : '';
  }

  async write(events: Iterable<ProtocolEvent>): Promise<void> {
    const { scenario, response } = this.#writing;
    const { layout = {}, tokenMs = 0 } = scenario;
    for (const event of events) {
      if (response.destroyed) return;
      if (this.#isFaultDue(event) && (await this.#goWrong(event))) return;
      if (event.isToken && tokenMs > 0) await delay(tokenMs);
      if (event.isToken) this.#tokens += 1;
      this.#packet += (layout.comments ? (this.#writing.protocol.keepAlive ?? '') : '') + event.text;
      this.#packed += 1;
      if (this.#packed >= (layout.eventsPerPacket ?? 1)) await this.#flush();
    }
    await this.#flush(true);
    response.end();
  }

  #isFaultDue({ isToken }: ProtocolEvent): boolean {
    const { fault } = this.#writing.scenario;
    if (!fault || !('atToken' in fault)) return false;
    const atEnd = !isToken && this.#tokens > 0;
    return this.#tokens === fault.atToken || (atEnd && this.#tokens < fault.atToken);
  }

  /** Whether that was the end of the stream. */
  async #goWrong(event: ProtocolEvent): Promise<boolean> {
    const { scenario, response, protocol } = this.#writing;
    const { fault } = scenario;
    await this.#flush(true);
    if (fault?.kind === 'malformed-event') {
      this.#packet += event.text.replace('{', '{malformed ');
      await this.#flush(true);
      return false;
    }
    if (fault?.kind === 'error-event') this.#packet += protocol.errorEvent;
    if (fault?.kind === 'cut' && fault.by === 'fin') this.#packet += event.text.slice(0, event.text.length / 2);
    await this.#flush(true);
    if (fault?.kind === 'stall') await this.#stall(fault.comments ?? false);
    else if (fault?.kind === 'cut' && fault.by === 'rst') await this.#reset();
    else if (fault?.kind === 'cut' && fault.by === 'fin') response.socket?.destroySoon();
    else response.end();
    return true;
  }

  async #stall(comments: boolean): Promise<void> {
    const { response, protocol } = this.#writing;
    while (comments && !response.destroyed) {
      await delay(keepAliveMs);
      response.write(protocol.keepAlive ?? '');
    }
  }

  /** A reset lets the system drop what has not been read, hence the wait. */
  async #reset(): Promise<void> {
    await delay(10);
    this.#writing.response.socket?.resetAndDestroy();
  }

  async #flush(isLast = false): Promise<void> {
    const { layout = {} } = this.#writing.scenario;
    const text = layout.newline ? this.#packet.replaceAll('\n', layout.newline) : this.#packet;
    this.#packet = '';
    this.#packed = 0;
    this.#bytes = Buffer.concat([this.#bytes, Buffer.from(text)]);
    const size = layout.chunkBytes ?? (this.#bytes.length || 1);
    while (this.#bytes.length >= size || (isLast && this.#bytes.length > 0)) {
      const part = this.#bytes.subarray(0, size);
      this.#bytes = this.#bytes.subarray(part.length);
      await this.#send(part);
    }
  }

  async #send(bytes: Buffer): Promise<void> {
    const { request, response } = this.#writing;
    request.bytesSent += bytes.length;
    if (response.destroyed || response.write(bytes)) return;
    await Promise.race([new Promise((resolve) => response.once('drain', resolve)), request.closed]);
  }
}
