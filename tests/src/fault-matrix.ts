import type { AnyLLMError, TimeoutPhase } from '@anyllm/core';
import type { Fault, Reply } from '@anyllm/simulator';

/** What comes of a fault that stays: what is thrown, and who is asked besides. */
export interface Outcome {
  /** The name of the error, or that there is none. */
  result: AnyLLMError['name'] | 'answer';
  phase?: TimeoutPhase;
  /** Whether a stream that has begun hands over its part. */
  partial?: boolean;
  /** Whether the same model is asked again. */
  again: boolean;
  /** Whether the next model is asked. */
  elsewhere: boolean;
}

export type ProviderId = 'openai' | 'mistral' | 'ollama';

export interface Row {
  name: string;
  reply: Reply;
  whole: Outcome;
  streamed: Outcome;
  /** Where the wire of one provider makes a difference. */
  except?: { provider: ProviderId; whole?: Outcome; streamed?: Outcome };
}

export interface Group {
  title: string;
  introduction: string;
  rows: readonly Row[];
}

/** Of the phase that a row is about, in milliseconds. Every other limit is far away. */
export const limitMs = 250;

/** Attempts in all, where there are retries. */
export const attempts = 3;

const answer: Outcome = { result: 'answer', again: false, elsewhere: false };
const final = (result: string): Outcome => ({ result, again: false, elsewhere: false });
const passing = (result: string): Outcome => ({ result, again: true, elsewhere: true });
const elsewhere = (result: string): Outcome => ({ result, again: false, elsewhere: true });
const late = (phase: TimeoutPhase): Outcome => ({ ...passing('TimeoutError'), phase });
const interrupted: Outcome = { ...final('StreamInterruptedError'), partial: true };
const both = (outcome: Outcome) => ({ whole: outcome, streamed: outcome });

const tokens = ['one ', 'two ', 'three ', 'four '];
const broken = (fault: Fault): Reply => ({ tokens, fault });
const cut = (by: (Fault & { kind: 'cut' })['by'], atToken: number) => broken({ kind: 'cut', atToken, by });

const status = (code: number, says: string, outcome: Outcome): Row => ({
  name: `${code} ${says}`,
  reply: { status: code },
  ...both(outcome),
});

const refusals: Row[] = [
  status(400, 'invalid request', final('InvalidRequestError')),
  {
    name: '400 the conversation is too long (by its code)',
    reply: { status: 400, error: { code: 'context_length_exceeded' } },
    ...both(elsewhere('ContextLengthExceededError')),
    except: { provider: 'ollama', ...both(final('InvalidRequestError')) },
  },
  {
    name: '400 blocked by a content filter (by its code)',
    reply: { status: 400, error: { code: 'content_filter' } },
    ...both(final('ContentFilterError')),
    except: { provider: 'ollama', ...both(final('InvalidRequestError')) },
  },
  status(401, 'wrong key', final('AuthenticationError')),
  status(402, 'payment required', elsewhere('QuotaExceededError')),
  status(403, 'forbidden', final('PermissionDeniedError')),
  {
    ...status(404, 'not found', final('ProviderError')),
    except: { provider: 'ollama', ...both(final('ModelNotFoundError')) },
  },
  status(408, 'request timeout', passing('ProviderError')),
  status(409, 'conflict', passing('ProviderError')),
  status(413, 'too large', final('InvalidRequestError')),
  status(422, 'invalid request', final('InvalidRequestError')),
  {
    name: '429 rate limited',
    reply: { status: 429, headers: { 'retry-after-ms': '20' } },
    ...both(passing('RateLimitError')),
  },
  {
    name: '429 quota used up (by its code)',
    reply: { status: 429, error: { code: 'insufficient_quota' }, headers: { 'retry-after-ms': '20' } },
    ...both(elsewhere('QuotaExceededError')),
    except: { provider: 'ollama', ...both(passing('RateLimitError')) },
  },
  status(500, 'server error', passing('ProviderError')),
  status(502, 'bad gateway', passing('ProviderError')),
  status(503, 'overloaded', passing('OverloadedError')),
  status(504, 'gateway timeout', passing('ProviderError')),
  status(529, 'overloaded', passing('OverloadedError')),
  {
    name: '500 with `x-should-retry: false`',
    reply: { status: 500, headers: { 'x-should-retry': 'false' } },
    ...both(elsewhere('ProviderError')),
  },
  {
    name: 'a redirect to another origin',
    reply: { fault: { kind: 'redirect', to: 'https://example.com/' } },
    ...both(final('ProviderError')),
  },
];

const connections: Row[] = [
  { name: 'the connection is refused', reply: { fault: { kind: 'refuse' } }, ...both(passing('ConnectionError')) },
  {
    name: 'it is reset before the headers',
    reply: { fault: { kind: 'reset-before-headers' } },
    ...both(passing('ConnectionError')),
  },
  {
    name: 'it is reset after the headers',
    reply: { fault: { kind: 'reset-after-headers' } },
    ...both(passing('ConnectionError')),
  },
];

const silences: Row[] = [
  {
    name: 'the server never answers',
    reply: { fault: { kind: 'silence' } },
    whole: late('headers'),
    streamed: late('firstToken'),
  },
  {
    name: 'headers come, and nothing after them',
    reply: { fault: { kind: 'silence-after-headers' } },
    whole: late('attempt'),
    streamed: late('firstToken'),
  },
  {
    name: 'keep-alives come, and no text',
    reply: broken({ kind: 'stall', atToken: 0, comments: true }),
    whole: late('attempt'),
    streamed: late('firstToken'),
  },
  {
    name: 'it stops in the middle of the answer',
    reply: broken({ kind: 'stall', atToken: 2 }),
    whole: late('attempt'),
    streamed: { ...final('TimeoutError'), phase: 'idle', partial: true },
  },
  {
    name: 'it stops in the middle, and keep-alives go on',
    reply: broken({ kind: 'stall', atToken: 2, comments: true }),
    whole: late('attempt'),
    streamed: { ...final('TimeoutError'), phase: 'idle', partial: true },
  },
];

const endings: Row[] = [
  { name: 'reset before the first text', reply: cut('rst', 0), ...both(passing('ConnectionError')) },
  {
    name: 'reset in the middle',
    reply: cut('rst', 2),
    whole: passing('ConnectionError'),
    streamed: interrupted,
  },
  {
    name: 'closed in the middle of an event',
    reply: cut('fin', 2),
    whole: passing('ConnectionError'),
    streamed: interrupted,
  },
  {
    name: 'closed between two events',
    reply: cut('no-last-chunk', 2),
    whole: passing('ConnectionError'),
    streamed: interrupted,
  },
  {
    name: 'ended properly before the first text',
    reply: cut('end', 0),
    whole: passing('ConnectionError'),
    streamed: passing('StreamInterruptedError'),
    except: { provider: 'ollama', streamed: passing('ResponseParseError') }, // its first line has text, so this is empty
  },
  {
    name: 'ended properly in the middle',
    reply: cut('end', 2),
    whole: passing('ConnectionError'),
    streamed: interrupted,
  },
  {
    name: 'no finish reason',
    reply: broken({ kind: 'no-finish' }),
    whole: answer,
    streamed: interrupted,
  },
  {
    name: 'no end mark (`[DONE]`, or the last line of Ollama)',
    reply: broken({ kind: 'no-terminator' }),
    ...both(answer),
    except: { provider: 'ollama', streamed: interrupted },
  },
];

const contents: Row[] = [
  {
    name: 'an error under status 200, before any text',
    reply: broken({ kind: 'error-event', atToken: 0 }),
    ...both(passing('ProviderError')),
  },
  {
    name: 'an error under status 200, in the middle',
    reply: broken({ kind: 'error-event', atToken: 2 }),
    whole: passing('ProviderError'),
    streamed: interrupted,
  },
  {
    name: 'no JSON, before any text',
    reply: broken({ kind: 'malformed-event', atToken: 0 }),
    ...both(passing('ResponseParseError')),
  },
  {
    name: 'no JSON, in the middle',
    reply: broken({ kind: 'malformed-event', atToken: 2 }),
    whole: passing('ResponseParseError'),
    streamed: interrupted,
  },
  {
    name: 'JSON that breaks off',
    reply: broken({ kind: 'truncated-json' }),
    whole: passing('ResponseParseError'),
    streamed: interrupted,
  },
  { name: 'an empty body', reply: { fault: { kind: 'empty-body' } }, ...both(passing('ResponseParseError')) },
  { name: 'a web page', reply: { fault: { kind: 'html' } }, ...both(passing('ResponseParseError')) },
  { name: 'a token of a megabyte', reply: { fault: { kind: 'huge-line', bytes: 1_000_000 } }, ...both(answer) },
  { name: 'a byte that is not UTF-8', reply: { fault: { kind: 'invalid-utf8' } }, ...both(answer) },
];

/** The tests run every row of this against every provider; the page on reliability is written from it. */
export const matrix: readonly Group[] = [
  { title: 'The server refuses', introduction: 'An answer with a status of 300 or more.', rows: refusals },
  { title: 'The connection fails', introduction: 'No answer at all.', rows: connections },
  {
    title: 'Nothing comes',
    introduction:
      'A time limit ends the attempt, and closes its socket. `total` is the one limit that is never retried.',
    rows: silences,
  },
  {
    title: 'The answer breaks off',
    introduction:
      'A whole answer that is cut is worth nothing and is asked for again. A stream whose text has reached you is not: ' +
      'the error holds in `partial` what had come. With `onInterrupt: "restart"` it begins anew.',
    rows: endings,
  },
  { title: 'The answer is damaged', introduction: 'Bytes come that are not what they should be.', rows: contents },
];

export function outcomeOf(row: Row, provider: ProviderId, stream: boolean): Outcome {
  const form = stream ? 'streamed' : 'whole';
  return (row.except?.provider === provider ? row.except[form] : undefined) ?? row[form];
}
