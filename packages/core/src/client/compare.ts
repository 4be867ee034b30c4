import { createGather } from '../concurrency/gather.ts';
import type { CallOptions, Timeouts } from '../contract/call-options.ts';
import type { ChatCompletion } from '../contract/chat-completion.ts';
import type { CompletionParameters, Conversation } from '../contract/chat-request.ts';
import { beyondCompletion } from '../late-parts.ts';
import { snapshot, snapshotOptions } from '../request/snapshot.ts';
import type { CompletionFunction } from './create-completion.ts';

/** Whom to ask, and how. */
export interface CompareOptions<Model extends string = string> {
  /** Whom to ask, each once. */
  models: readonly Model[];
  /** For each model: milliseconds for its whole answer, or limits by phase. */
  timeout?: number | Timeouts;
  /** How many are asked at once. Default: all. */
  concurrency?: number;
  /** Aborts all: the comparison rejects with `signal.reason`. */
  signal?: AbortSignal;
  unsupported?: CallOptions['unsupported'];
  /** Called as an answer begins, grows and ends. If it throws, the comparison is cancelled and rejects with that error. */
  onProgress?: (progress: CompareProgress<Model>) => void;
}

/** How one model is doing. */
export interface CompareProgress<Model extends string = string> {
  /** Position in `models`. */
  index: number;
  model: Model;
  status: 'waiting' | 'answering' | 'fulfilled' | 'rejected';
  /** The text so far. */
  text: string;
  /** Since this model was asked. */
  elapsedMs: number;
}

/** What is told of each model, however it did. */
export interface RowBase<Model extends string> {
  /** Position in `models`. */
  index: number;
  model: Model;
  provider: string;
  /** The answer's text; of a failure, what had come until then. */
  text: string;
  /** From asking to the first content; absent when none came. */
  firstTokenMs?: number;
  totalMs: number;
}

/** How one model did. */
export type ComparedRow<Model extends string = string> = RowBase<Model> &
  ({ status: 'fulfilled'; value: ChatCompletion } | { status: 'rejected'; reason: unknown });

/** How all of them did. */
export interface Comparison<Model extends string = string> {
  /** One for each model, in their order. */
  rows: ComparedRow<Model>[];
  /** How long it took to have them all. */
  totalMs: number;
  /** How long it would have taken to ask one after another: the sum of the rows. */
  sequentialMs: number;
}

/** What is asked, without whom: that is said by the options. */
export type ComparedRequest = Conversation & CompletionParameters & { model?: never; stream?: false };

/**
 * Asks several models the same, all at once, each with its own time limit; a failure is a row like any other.
 * @throws InvalidRequestError when no model is given, or a wrong option or field; the reason of `signal`
 */
export type Compare<Model extends string = string> = <const Asked extends Model>(
  request: ComparedRequest,
  options: CompareOptions<Asked>,
) => Promise<Comparison<Asked>>;

export function createCompare(completion: CompletionFunction): Compare {
  const gather = createGather(() => Promise.reject(new Error('a comparison gathers functions only')));
  return async (request, options) => {
    const [asked, given] = [snapshot(request), snapshotOptions(options)];
    const { compareAnswers } = await beyondCompletion();
    return compareAnswers({ completion, gather }, asked, given);
  };
}
