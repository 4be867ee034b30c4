import type { Contents } from '../contents.ts';
import type { Content, ContentName } from '../scenario.ts';
import { createResponder, type Protocol, type ProtocolAnswer, type ProtocolEvent } from './create-responder.ts';
import type { Responder } from './responder.ts';

/** One content as a vendor once said it, as the bytes of the body, without credentials. */
export interface RecordedExchange {
  /** What the recording says, for the cases to compare with. */
  content: Content;
  whole: ProtocolAnswer;
  /** Absent for errors. */
  stream?: {
    body: string;
    /** How many events come before the first token. Default 0. */
    eventsBeforeTokens?: number;
  };
}

/** Recordings of a vendor, and how their bytes fall into events. */
export interface RecordedProtocol extends Pick<Protocol, 'errorEvent' | 'keepAlive' | 'isStream' | 'streamHeaders'> {
  exchanges: Partial<Record<ContentName, RecordedExchange>>;
  /** What ends an event. Default: an empty line, as in server-sent events; `"\n"` for lines of JSON. */
  eventEnd?: string;
}

/** A responder that plays back recordings. It can say no more than has been recorded; the cases for the rest are skipped. */
export function recordedResponder({ exchanges, eventEnd = '\n\n', ...protocol }: RecordedProtocol): Responder {
  const contents: Contents = {};
  for (const [name, exchange] of Object.entries(exchanges)) contents[name as ContentName] = exchange.content;
  const find = (name: ContentName): RecordedExchange => {
    const exchange = exchanges[name];
    if (!exchange) throw new Error(`There is no recording of \`${name}\`.`);
    return exchange;
  };
  return createResponder({
    ...protocol,
    contents,
    whole: ({ name }) => find(name).whole,
    stream({ name }) {
      const { body = '', eventsBeforeTokens = 0 } = find(name).stream ?? {};
      return splitEvents(body, eventEnd, eventsBeforeTokens);
    },
  });
}

function splitEvents(body: string, end: string, before: number): ProtocolEvent[] {
  const events = body.split(end).filter((event) => event.trim() !== '');
  return events.map((event, at) => ({ text: event + end, isToken: at >= before && at < events.length - 1 }));
}
