import type { RecordedRequest, Reply } from '@anyllm/simulator';

export const text = Array.from({ length: 60 }, (_, at) => `word${at}`).join(' ');

const error = (status: number): Reply => ({ status, headers: { 'retry-after-ms': '1' } });

/** What the server does, by the prompt that asks for it. */
const replies = {
  answer: {},
  'in bursts': { wire: { eventsPerPacket: 8, chunkBytes: 'random', comments: true } },
  slowly: { latency: { tokenMs: 1 } },
  late: { latency: { headersMs: 40 } },
  never: { fault: { kind: 'silence' } },
  stall: { fault: { kind: 'stall', atToken: 5, comments: true } },
  'bad request': error(400),
  'wrong key': error(401),
  'rate limit': error(429),
  'server error': error(500),
  overloaded: error(503),
  refuse: { fault: { kind: 'refuse' } },
  'reset before headers': { fault: { kind: 'reset-before-headers' } },
  'reset after headers': { fault: { kind: 'reset-after-headers' } },
  cut: { fault: { kind: 'cut', atToken: 5, by: 'rst' } },
  'cut before the last chunk': { fault: { kind: 'cut', atToken: 5, by: 'no-last-chunk' } },
  'no finish': { fault: { kind: 'no-finish' } },
  'malformed event': { fault: { kind: 'malformed-event', atToken: 5 } },
  'error event': { fault: { kind: 'error-event', atToken: 5 } },
  html: { fault: { kind: 'html' } },
  'truncated json': { fault: { kind: 'truncated-json' } },
} satisfies Record<string, Reply>;

export type ReplyName = keyof typeof replies;

export const faults = (Object.keys(replies) as ReplyName[]).slice(5);

/** An idle connection is given up after two seconds (undici leaves one for the way), so that its end is seen too. */
const shortlyAlive = { connection: 'keep-alive', 'keep-alive': 'timeout=3' };

/** The prompt is the name of a reply, or of one for every other request: `sometimes late`. */
export function replyTo({ body, index }: RecordedRequest): Reply {
  const prompt = (body as unknown as { messages: { content: string }[] }).messages.at(-1)?.content ?? '';
  const [, sometimes, name] = /^(sometimes )?(.*)$/.exec(prompt) ?? [];
  const reply: Reply = sometimes && index % 2 === 1 ? {} : replies[name as ReplyName];
  return { text, ...reply, headers: { ...shortlyAlive, ...reply.headers } };
}
