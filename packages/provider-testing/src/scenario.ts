import type { BatchStatus, ErrorCode, FinishReason } from '@anyllm/core/provider';

/** What a server says, in no vendor's words: a responder puts it into those of its protocol. */
export interface Scenario extends Manner {
  /** The name under which a responder has it. */
  readonly name: ContentName;
  readonly content: Content;
}

/** How a content is delivered. None of it is a matter of the protocol. */
export interface Manner {
  /** Milliseconds before each token. Default 0. */
  tokenMs?: number;
  layout?: Layout;
  fault?: Fault;
}

/** What is said. */
export interface Content {
  /** One for each choice of the answer. */
  choices: readonly ContentChoice[];
  /** Absent: the server reports none. */
  usage?: ContentUsage;
  /** The server refuses, with this error of its own in place of an answer. */
  error?: ContentError;
  /** Asked for a batch, for all of them, or for what came of one: those that the vendor has. */
  batches?: readonly ContentBatch[];
  /** Asked for embeddings: a vector for each text, in the order of the texts. */
  embeddings?: readonly (readonly number[])[];
  /** Asked for pictures: each with bytes or an address. Streamed: all but the last are sketches of it. */
  images?: readonly ContentImage[];
  /** Asked for its models. */
  models?: readonly ContentModel[];
  /** Asked to judge texts: a verdict for each, in the order of the texts. */
  moderations?: readonly ContentVerdict[];
  /** Asked to rank documents: in any order, as vendors do not promise one. */
  ranking?: readonly ContentRank[];
  /** Asked to say something: the sound in pieces, as it is streamed. */
  speech?: readonly Uint8Array[];
  /** Asked to count tokens. */
  tokenCount?: number;
  /** Asked what is said in a sound: the text in pieces, as it is streamed. */
  transcription?: readonly string[];
}

/** A batch as the vendor has it at the moment. */
export interface ContentBatch {
  id: string;
  status: BatchStatus;
  /** Seconds since 1970. */
  created: number;
  /** What is said to each row. Unless it is `completed`, neither counts nor results tell of it yet. */
  rows: readonly ContentRow[];
  /** Stand in the results before the rows, as they are. */
  strayLines?: readonly string[];
}

/** A row of a batch: its answer, or the error in place of one. */
export interface ContentRow extends Pick<Content, 'choices' | 'error' | 'usage'> {
  custom_id: string;
}

/** One of the two is there. */
export interface ContentImage {
  /** In base64. */
  b64_json?: string;
  url?: string;
}

/** Categories are the vendor's own. */
export interface ContentVerdict {
  categories: Readonly<Record<string, boolean>>;
  /** From 0 to 1, for each category. */
  scores: Readonly<Record<string, number>>;
}

/** Where a document comes in a ranking. */
export interface ContentRank {
  /** Position among the documents. */
  index: number;
  score: number;
}

/** A model in the list of those that the server has. */
export interface ContentModel {
  id: string;
  /** Seconds since 1970. */
  created: number;
}

/** One choice of the answer. */
export interface ContentChoice {
  /** The text as it is streamed, one event each. Readable more than once; not necessarily short. */
  tokens: Iterable<string>;
  reasoning?: string;
  toolCalls?: readonly { name: string; arguments: Readonly<Record<string, unknown>> }[];
  /** Default: `tool_calls` with tool calls, otherwise `stop`. */
  finishReason?: FinishReason;
}

/** Token counts that the server reports. */
export interface ContentUsage {
  prompt: number;
  completion: number;
  /** Part of the prompt tokens. */
  cached?: number;
  /** Part of the completion tokens. */
  reasoning?: number;
}

/** An error that the server reports. */
export interface ContentError {
  /** The class that a provider makes of it. */
  code: ServerErrorCode;
  /** The header `retry-after`, in seconds. */
  retryAfter?: number;
}

/** The failures that servers report; the rest are found out on this side. */
export type ServerErrorCode = Extract<
  ErrorCode,
  | 'invalid_request'
  | 'authentication'
  | 'permission_denied'
  | 'model_not_found'
  | 'context_length_exceeded'
  | 'content_filter'
  | 'rate_limit'
  | 'quota_exceeded'
  | 'overloaded'
  | 'provider'
>;

/** How the bytes of a stream lie on the wire. A correct client understands the same of all of them. */
export interface Layout {
  /** Bytes per packet, whatever the events. Default: a packet for each event. */
  chunkBytes?: number;
  /** How many events go out in one packet. */
  eventsPerPacket?: number;
  newline?: '\n' | '\r\n';
  /** A keep-alive before each event, in the protocol's own form. */
  comments?: boolean;
  /** A byte order mark at the start. */
  bom?: boolean;
}

/** `atToken`: how many tokens go out before it happens. */
export type Fault =
  /** Reads the request and never answers. */
  | { kind: 'silence' }
  | { kind: 'silence-after-headers' }
  | { kind: 'reset-before-headers' }
  | { kind: 'stall'; atToken: number; comments?: boolean }
  /** `fin` closes amid an event, `rst` resets, `end` ends the body in good order, so that only the missing rest tells. */
  | { kind: 'cut'; atToken: number; by: 'fin' | 'rst' | 'end' }
  | { kind: 'malformed-event'; atToken: number }
  /** The protocol's error in place of the next event; in a whole answer, in place of it and under status 200. */
  | { kind: 'error-event'; atToken: number }
  /** Half of a whole answer, properly delivered. */
  | { kind: 'truncated' }
  /** These bytes in place of an answer, whatever the protocol. */
  | { kind: 'raw'; status: number; headers?: Readonly<Record<string, string>>; body: string }
  /** Sends back what it was sent, headers and all. */
  | { kind: 'echo'; status: number };

/** The contents by name: what an answer says, or the failure that it reports. */
export type ContentName =
  | 'text'
  | 'long-text'
  | 'many-tokens'
  | 'length'
  | 'choices'
  | 'tool-call'
  | 'tool-call-without-arguments'
  | 'tool-call-of-hostile-name'
  | 'parallel-tool-calls'
  | 'json'
  | 'reasoning'
  | 'usage'
  | 'no-usage'
  | 'cached-tokens'
  | 'reasoning-tokens'
  | 'embeddings'
  | 'embeddings-without-usage'
  | 'models'
  | 'no-models'
  | 'moderations'
  | 'moderation-of-parts'
  | 'ranking'
  | 'images'
  | 'image-stream'
  | 'transcription'
  | 'speech'
  | 'response'
  | 'token-count'
  | 'batch-in-progress'
  | 'batch-completed'
  | 'batch-with-failure'
  | 'batch-with-stray-lines'
  | 'batch-cancelling'
  | 'batches'
  | 'no-batches'
  | ServerErrorCode;
