import type { BatchStore } from './batch-store.ts';
import type { Random } from './random.ts';
import type { JsonObject, RecordedRequest } from './recorded-request.ts';
import type { Reply, ReplyError } from './reply.ts';
import type { Route } from './route.ts';

/** What a dialect has to know in order to answer. */
export interface Exchange {
  route: Route;
  request: RecordedRequest;
  /** The scripted reply; empty when there is none. */
  reply: Reply;
  random: Random;
  /** The files and batches of this simulator. */
  store: BatchStore;
}

/** A vendor's protocol: pure, from a request and a reply to what goes on the wire. */
export interface Dialect {
  /** The vendor's refusal of this request for want of a right key. */
  checkKey(exchange: Exchange, expected: string | true): WholeAnswer | undefined;
  answer(exchange: Exchange): Answer;
  errorAnswer(exchange: Exchange, error: ReplyError): WholeAnswer;
  /** Headers of every answer, errors and raw bodies included. */
  headers(exchange: Exchange): Record<string, string>;
}

export type Answer = WholeAnswer | StreamAnswer;

export interface WholeAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
  /** Tokens that were generated for it, for the time it takes. */
  tokens?: number;
}

export interface StreamAnswer {
  status: number;
  headers: Record<string, string>;
  stream: EventStream;
}

/** A body of events, generated as they are sent. */
export interface EventStream {
  events: Iterable<StreamEvent>;
  frame(data: string): string;
  /** Of what `frame` gives; `latin1` where its characters are bytes. Default UTF-8. */
  encoding?: 'latin1';
  /** Framed; says nothing. */
  keepAlive: string;
  errorEvent(error: ReplyError): string;
  /** Default: as any other event. */
  frameError?(data: string): string;
}

/** `start` precedes the tokens; `finish` gives the reason; `usage` and `terminator` follow. */
export interface StreamEvent {
  kind: 'start' | 'token' | 'finish' | 'usage' | 'terminator';
  data: string;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function jsonAnswer(status: number, headers: Record<string, string>, body: unknown): WholeAnswer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

/** Payloads from a script, in order. */
export function* scriptedEvents(payloads: readonly (string | object)[]): Generator<StreamEvent> {
  for (const payload of payloads) {
    if (payload === '[DONE]') yield { kind: 'terminator', data: payload };
    else yield { kind: 'token', data: typeof payload === 'string' ? payload : JSON.stringify(payload) };
  }
}

/** One frame of server-sent events; several lines of data become several `data` fields. */
export function frameServerSentEvent(data: string): string {
  return `data: ${data.includes('\n') ? data.replaceAll('\n', '\ndata: ') : data}\n\n`;
}

/** The same with a name before it: the `type` with which the data begins. */
export function frameNamedEvent(data: string): string {
  const [, type] = /^\{"type":"([^"]+)"/.exec(data) ?? [];
  return `${type === undefined ? '' : `event: ${type}\n`}${frameServerSentEvent(data)}`;
}
