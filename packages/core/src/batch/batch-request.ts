import type { CallOptions } from '../contract/call-options.ts';
import type { CompletionParameters, Conversation } from '../contract/chat-request.ts';

/** A completion request whose `model` may be left to the batch. It is not streamed. */
export type BatchedRequest<Model extends string = string> = Conversation &
  CompletionParameters & {
    /** Several: the first is asked, the others are its fallbacks; in a local batch only. */
    model?: Model | readonly Model[];
    stream?: false;
  };

/**
 * One question of a batch, and the name by which its answer is known.
 * @template Model the ids that are accepted
 */
export interface BatchEntry<Model extends string = string> {
  /** Unique in its batch, not empty. */
  custom_id: string;
  request: BatchedRequest<Model>;
}

interface BatchFields<Model extends string> {
  /** For the rows that name none. */
  model?: Model;
  /** Kept with the batch. OpenAI: up to 16 pairs. */
  metadata?: Record<string, string>;
  /** Fields of the batch itself that only one vendor knows, by provider: `{ mistral: { timeout_hours: 48 } }`. */
  provider_options?: Record<string, Record<string, unknown>>;
}

/** What is to be asked: rows from memory or from anywhere else, or a file with one in each line. */
export type BatchRequest<Model extends string = string> = BatchFields<Model> &
  (
    | { requests: Iterable<BatchEntry<Model>> | AsyncIterable<BatchEntry<Model>>; file?: never }
    | {
        /**
         * Path of a file with a `BatchEntry` as JSON in each line. The lines that OpenAI takes, with `body` in place of
         * `request`, are read too.
         */
        file: string;
        requests?: never;
      }
  );

/** How a batch is made. A local one asks each row with these options. */
export interface BatchCreateOptions<ProviderId extends string = string> extends CallOptions<ProviderId> {
  /** Runs the batch in this process also where the provider has batches. Default `false`. */
  local?: boolean;
  /**
   * A directory for what the batch has done so far; it is made if it is not there. `create` with the same requests and
   * the same directory goes on with that batch in place of making another one. Needed for a local batch.
   */
  journal?: string;
  /** Local: how many rows are asked at once, within the client's own limits. Default 100. */
  concurrency?: number;
}
