import { connect } from 'node:net';
import type { DialectName } from '../recorded-request.ts';
import type { Simulator } from '../start-simulator.ts';

export interface RawReply {
  /** Status line and headers. */
  head: string;
  /** The body without HTTP's chunk sizes, as far as it came. */
  body: string;
  /** Everything, byte by byte. */
  raw: string;
  /** How it ended: the server closed, reset, or sent no more for a while. */
  end: 'fin' | 'rst' | 'quiet';
  /** Whether HTTP's last chunk, or the whole of the announced length, came. */
  isComplete: boolean;
  /** Sizes of the HTTP chunks. */
  chunkSizes: number[];
}

const QUIET_MS = 250;

/** One POST over a plain socket, so that nothing interprets what comes back. */
export function rawExchange(simulator: Simulator, path: string, body: object): Promise<RawReply> {
  return new Promise((resolve) => {
    const text = JSON.stringify(body);
    let raw = '';
    const finish = (end: RawReply['end']) => {
      clearTimeout(quiet);
      socket.destroy();
      resolve({ ...dissect(raw), raw, end });
    };
    const quiet = setTimeout(() => finish('quiet'), QUIET_MS);
    const socket = connect(simulator.port, '127.0.0.1', () => {
      const head = `POST ${path} HTTP/1.1\r\nhost: simulator\r\nconnection: close\r\ncontent-type: application/json`;
      socket.write(`${head}\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
    });
    socket.on('data', (data) => {
      raw += data.toString('latin1');
      quiet.refresh();
    });
    socket.on('error', () => finish('rst'));
    socket.on('end', () => finish('fin'));
  });
}

export const QUESTION = { model: 'test', messages: [{ role: 'user', content: 'Hello' }] };

type RawRequest = [path: string, body: object];

/** The same question to each vendor, streamed. */
export const STREAMS: Record<DialectName, RawRequest> = {
  openai: ['/openai/v1/chat/completions', { ...QUESTION, stream: true }],
  mistral: ['/mistral/v1/chat/completions', { ...QUESTION, stream: true }],
  ollama: ['/ollama/api/chat', QUESTION],
};

/** The same question to each vendor, whole. */
export const WHOLES: Record<DialectName, RawRequest> = {
  openai: ['/openai/v1/chat/completions', QUESTION],
  mistral: ['/mistral/v1/chat/completions', QUESTION],
  ollama: ['/ollama/api/chat', { ...QUESTION, stream: false }],
};

function dissect(raw: string): Omit<RawReply, 'raw' | 'end'> {
  const split = raw.indexOf('\r\n\r\n');
  if (split < 0) return { head: raw, body: '', isComplete: false, chunkSizes: [] };
  const head = raw.slice(0, split);
  const rest = raw.slice(split + 4);
  if (/transfer-encoding: chunked/i.test(head)) return { head, ...unchunked(rest) };
  const length = Number(/content-length: (\d+)/i.exec(head)?.[1]);
  return { head, body: rest, isComplete: rest.length === length, chunkSizes: [] };
}

function unchunked(text: string): Omit<RawReply, 'head' | 'raw' | 'end'> {
  let body = '';
  let isComplete = false;
  const chunkSizes: number[] = [];
  for (let at = 0; at < text.length; ) {
    const lineEnd = text.indexOf('\r\n', at);
    const size = Number.parseInt(text.slice(at, lineEnd), 16);
    if (size === 0) isComplete = true;
    else chunkSizes.push(size);
    body += text.slice(lineEnd + 2, lineEnd + 2 + size);
    at = lineEnd + 2 + size + 2;
  }
  return { body, isComplete, chunkSizes };
}
