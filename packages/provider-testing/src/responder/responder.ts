import type { RecordedRequest } from '@anyllm/simulator';
import type { Contents } from '../contents.ts';
import type { Scenario } from '../scenario.ts';

/** Something that speaks a vendor's protocol, and says what it is told. */
export interface Responder {
  /** What it can say. Default: all of `standardContents`. */
  readonly contents?: Contents;
  /** Starts a server that gives these answers in this order; the last one is given to all further requests. */
  start(scenarios: readonly Scenario[]): Promise<RunningResponder>;
}

/** A server that has been started. */
export interface RunningResponder {
  /** Where the provider is to be pointed. */
  readonly baseURL: string;
  /** In order of arrival. */
  readonly requests: readonly ReceivedRequest[];
  /** Frees the port, whatever is under way. */
  close(): Promise<void>;
}

/** A request as it came in and how its answer went. */
export type ReceivedRequest = Pick<
  RecordedRequest,
  'method' | 'path' | 'headers' | 'bytes' | 'text' | 'aborted' | 'bytesSent' | 'closed'
>;
