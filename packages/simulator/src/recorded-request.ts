import type { IncomingHttpHeaders } from 'node:http';
import type { FormField } from './form-fields.ts';

/** An object as JSON has it. */
export type JsonObject = Record<string, unknown>;

/** The protocols that the simulator speaks. */
export type DialectName = 'openai' | 'mistral' | 'ollama';

/** A request as it came in and how its reply went. Times are milliseconds of `performance.now()`. */
export interface RecordedRequest {
  /** Position in order of arrival, from 0. */
  readonly index: number;
  readonly dialect: DialectName;
  readonly method: string;
  /** As sent, with the dialect's prefix and the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The parsed body, or undefined when it is not a JSON object. */
  readonly body: JsonObject | undefined;
  /** The fields of a form, in order, or undefined when the body is none. */
  readonly form: readonly FormField[] | undefined;
  /** The body as it came. */
  readonly bytes: Buffer;
  /** The body as text, decoded each time. */
  readonly text: string;
  readonly receivedAt: number;
  /** When the headers of the reply went out. */
  firstByteAt?: number;
  /** When the server had written everything. */
  finishedAt?: number;
  /** When the client went away before the reply was complete. */
  closedAt?: number;
  /** Whether the client went away before the reply was complete. */
  aborted: boolean;
  /** Bytes of the body written so far; stands still while the client does not read. */
  bytesSent: number;
  /** Stream events written so far. */
  eventsSent: number;
  /** Settles when the reply is complete or broken off by either side. */
  readonly closed: Promise<void>;
}
