import type { Dialect } from './dialect.ts';
import { mistral } from './mistral.ts';
import { ollama } from './ollama.ts';
import { openai } from './openai.ts';

export interface Answer {
  /** Bytes that are ready to be written: the response's head with the first packet, the end of the body with the last. */
  packets: Buffer[];
  /** What a client should make of them. */
  text: string;
  /** How many events or lines bring the text; 1 for a whole answer. */
  events: number;
}

const dialects = { openai, mistral, ollama };
const words = Array.from({ length: 200 }, (_, at) => ` word${at % 37}`);

export type Protocol = keyof typeof dialects;
export type AnswerName = keyof ReturnType<typeof toAnswers>;

export const answers: Record<Protocol, Record<AnswerName, Answer>> = {
  openai: toAnswers(openai),
  mistral: toAnswers(mistral),
  ollama: toAnswers(ollama),
};

/** Where a client is pointed at to be given this answer; it adds the path of its protocol. */
export function toServerURL(origin: string, protocol: Protocol, answer: AnswerName): string {
  return `${origin}/${protocol}/${answer}`;
}

/**
 * What is sent to who asks for `/openai/stream-1/v1/chat/completions` and the like. Who asks for a stream where a whole
 * answer was due, because that is how it gets whole answers, is given one.
 */
export function findAnswer(path: string, streamed: boolean): Answer | undefined {
  const [, protocol, name] = path.split('/', 3) as [string, Protocol, AnswerName];
  if (path !== `/${protocol}/${name}${dialects[protocol]?.path}`) return undefined;
  return answers[protocol][name === 'whole' && streamed ? 'stream-16' : name];
}

function toAnswers(dialect: Dialect) {
  return {
    whole: whole(dialect),
    'stream-1': streamed(dialect, words, 1),
    'stream-16': streamed(dialect, words, 16),
    'first-text': streamed(dialect, words.slice(0, 2), 2), // the first packet brings a word
    held: streamed(dialect, words.slice(0, 20), 2),
  };
}

function whole({ headers, whole: { contentType, toBody } }: Dialect): Answer {
  const body = toBody(words);
  const bytes = `${toHead(contentType, `content-length: ${Buffer.byteLength(body)}`, headers)}${body}`;
  return { packets: [Buffer.from(bytes)], text: words.join(''), events: 1 };
}

function streamed({ headers, stream: { contentType, toEvents } }: Dialect, words: string[], perPacket: number): Answer {
  const events = toEvents(words);
  const packets = groupsOf(perPacket, events).map((group) => toHttpChunk(group.join('')));
  const last = packets.length - 1;
  packets[0] = `${toHead(contentType, 'transfer-encoding: chunked', headers)}${packets[0]}`;
  packets[last] += '0\r\n\r\n';
  return { packets: packets.map((packet) => Buffer.from(packet)), text: words.join(''), events: events.length };
}

function toHead(contentType: string, framing: string, headers: string[]): string {
  return ['HTTP/1.1 200 OK', `content-type: ${contentType}`, framing, ...headers, '', ''].join('\r\n');
}

function toHttpChunk(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}

function groupsOf<T>(size: number, items: T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}
