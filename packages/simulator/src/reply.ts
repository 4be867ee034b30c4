import type { OpenaiQuirks } from './openai-quirks.ts';

/** What the simulator is told to answer. Everything is optional: what is left out comes from the request. */
export interface Reply extends ChoiceReply {
  /** Several answers to one question, for requests with `n` above 1. Takes the place of the fields for one choice. */
  choices?: readonly ChoiceReply[];
  /** Token counts to report; those left out are counted. `null` sends no usage at all. */
  usage?: ReplyUsage | null;
  latency?: Latency;
  /** HTTP status of `body`. From 400 on it needs none: the vendor's own error body for that status is sent. */
  status?: number;
  /** Extra response headers; they win over the vendor's. */
  headers?: Readonly<Record<string, string>>;
  /** A raw body, sent as it is (an object as JSON). */
  body?: string | object;
  /** An error in the vendor's shape; what is left out is what the vendor says for that status. */
  error?: ReplyError;
  fault?: Fault;
  wire?: Wire;
  /** How a compatible server deviates; for the OpenAI dialect. Takes the place of the simulator's own. */
  quirks?: OpenaiQuirks;
  /** Raw stream payloads, framed by the dialect, in place of all generated ones: `[DONE]` included only if listed. Of sound that is sent as it is: a character for each byte. */
  events?: readonly (string | object)[];
}

/** The part of a reply that each choice has for itself. */
export interface ChoiceReply {
  text?: string;
  /** The text as explicit tokens, one per stream event. An iterable has to be readable again for each request. */
  tokens?: Iterable<string>;
  /** Sent as `thinking` by Ollama and Mistral, and as `reasoning_content` (a habit of compatible servers) by OpenAI. */
  reasoning?: string;
  toolCalls?: readonly ReplyToolCall[];
  /** Into how many fragments OpenAI cuts the arguments of a streamed tool call. Default: one per token. */
  toolCallFragments?: number;
  /** OpenAI only: the model declines, in a field of its own. */
  refusal?: string;
  /** In the vendor's own words. Default: `stop`, `length` or `tool_calls`, as the answer was. */
  finishReason?: string;
  /** Log probabilities of the tokens, sent when the request asks for them. Default: made up. */
  logprobs?: readonly number[];
}

/** A tool call of the answer. */
export interface ReplyToolCall {
  /** Default: an id in the vendor's form. */
  id?: string;
  name: string;
  /** An object, or a text to be sent as it is, valid or not. Ollama sends texts that are no JSON object as `{}`. */
  arguments: object | string;
}

/** Token counts to report. */
export interface ReplyUsage {
  prompt?: number;
  /** Includes the reasoning tokens. */
  completion?: number;
  /** Part of the prompt tokens. */
  cached?: number;
  reasoning?: number;
}

/** Delays in milliseconds. A whole answer takes the sum of them before its headers. Default: none. */
export interface Latency {
  headersMs?: number;
  firstTokenMs?: number;
  tokenMs?: number;
}

/** An error to report. */
export interface ReplyError {
  /** Default 400. Inside a stream, where it comes too late, it only chooses the vendor's words (default 500). */
  status?: number;
  code?: string | null;
  type?: string;
  message?: string;
  param?: string | null;
}

/** How the bytes of the body are laid out. None of these changes what a correct client understands. */
export interface Wire {
  /** Bytes per HTTP chunk, whatever the events; `random` varies from 1 to 64. Default: by event. */
  chunkBytes?: number | 'random';
  /** How many events go out in one write, which then takes the time of all its tokens. Default 1. */
  eventsPerPacket?: number;
  /** Line ends of the stream; a lone `\r` is for server-sent events only. Default `\n`. */
  newline?: '\n' | '\r\n' | '\r';
  /** A keep-alive before each event: a comment, or for Ollama an empty delta. */
  comments?: boolean;
  /** A byte order mark at the start. */
  bom?: boolean;
}

/**
 * What goes wrong. `atToken` is the number of tokens (stream events with content) sent before it happens; if there are
 * fewer, it happens before the finish event. In a whole answer the body breaks in its middle instead.
 */
export type Fault =
  /** Resets the connection as it opens, unread. On an open connection, or by a rule, when the request has come in. */
  | { kind: 'refuse' }
  | { kind: 'reset-before-headers' }
  | { kind: 'reset-after-headers' }
  /** Reads the request and never answers. */
  | { kind: 'silence' }
  | { kind: 'silence-after-headers' }
  /** Stops sending; with `comments` the keep-alives go on, one every 20 ms. */
  | { kind: 'stall'; atToken: number; comments?: boolean }
  /**
   * Ends early. `rst` resets; `fin` closes in the middle of an event; `no-last-chunk` closes after a whole event, but
   * without HTTP's last chunk; `end` closes the body properly, so that only the missing finish event tells.
   */
  | { kind: 'cut'; atToken: number; by: 'fin' | 'rst' | 'no-last-chunk' | 'end' }
  /** Leaves out `[DONE]`, or Ollama's last line. */
  | { kind: 'no-terminator' }
  /** Leaves out everything after the last token. */
  | { kind: 'no-finish' }
  /** Inserts an event that is not JSON and goes on. */
  | { kind: 'malformed-event'; atToken: number }
  /** An error in the body under status 200, which ends there. */
  | { kind: 'error-event'; atToken: number; error?: ReplyError }
  | { kind: 'empty-body' }
  /** A web page in place of the answer. */
  | { kind: 'html' }
  /** Half of the JSON, properly delivered; in a stream, half of the finish event. */
  | { kind: 'truncated-json' }
  /** The answer is a single token of this many bytes. */
  | { kind: 'huge-line'; bytes: number }
  /** The text has a byte in it that UTF-8 does not know. */
  | { kind: 'invalid-utf8' }
  | { kind: 'redirect'; to: string };
