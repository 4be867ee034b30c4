import type { AttemptRecord } from '../contract/call-meta.ts';
import type { Embedding, InputRange } from '../contract/embedding.ts';
import type { ErrorCode } from './error-code.ts';

/** Marks our errors across duplicate copies of this package, where `instanceof` fails. */
const brand = Symbol.for('anyllm.error');

/** `rate_limit` → `RateLimitError`: taken from the code, since a bundler may shorten class names. */
function errorName(code: ErrorCode): string {
  return `${code.replaceAll(/(?:^|_)(.)/g, (_, letter: string) => letter.toUpperCase())}Error`;
}

/**
 * Why a failure that may pass was not followed by another attempt: `attempts`: all that `retries` allows were made;
 * `budget`: retries are used up for now, by all calls together; `deadline`: the wait did not fit into what was left of
 * the total time.
 */
export type GaveUp = 'attempts' | 'budget' | 'deadline';

/** A task of a `gather`. */
export interface FailedTask {
  /** Position in the source, from 0. */
  index: number;
  name: string;
}

/** What an error is made with, beside its message. */
export interface ErrorDetails {
  provider?: string | undefined;
  model?: string | undefined;
  /** HTTP status, or the one that an in-band error stands for. */
  status?: number | undefined;
  requestId?: string | undefined;
  retryable?: boolean | undefined;
  retryAfterMs?: number | undefined;
  cause?: unknown;
}

/**
 * The base of every error that this library creates. Messages, fields and JSON hold no keys, headers or prompts.
 * A caller's abort is not one of these: it rejects with the caller's own `signal.reason`.
 */
export abstract class AnyLLMError extends Error {
  readonly code: ErrorCode;
  declare readonly provider?: string;
  declare readonly model?: string;
  declare readonly status?: number;
  declare readonly requestId?: string;
  /** Whether another attempt may succeed. */
  readonly retryable: boolean;
  /** The server's hint, milliseconds from when the error was made. */
  declare readonly retryAfterMs?: number;
  /** Every attempt of the call that ended in this error; empty when it failed before the network. */
  attempts: readonly AttemptRecord[] = [];
  /** Why there was no further attempt, although one might have succeeded. Absent where the failure is final by itself. */
  declare gaveUp?: GaveUp;
  /** Of a `gather` that it ended: which task failed. */
  declare task?: FailedTask;
  /** Of a call in several requests: what the one was about that failed. */
  declare inputs?: InputRange;
  /** The vectors of the other requests that were there by then, in the order of `input`. Not printed with the error. */
  declare readonly embeddings?: Embedding[];

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = (new.target as typeof AnyLLMError & { code: ErrorCode }).code;
    this.name = errorName(this.code);
    if (details.provider !== undefined) this.provider = details.provider;
    if (details.model) this.model = details.model;
    if (details.status !== undefined) this.status = details.status;
    if (details.requestId !== undefined) this.requestId = details.requestId;
    if (details.retryAfterMs !== undefined) this.retryAfterMs = details.retryAfterMs;
    this.retryable = details.retryable ?? false;
    Object.defineProperty(this, brand, { value: this.code });
  }

  /** The class's `code`; on the base class itself any code fits. */
  static readonly code?: ErrorCode;

  /** Like `instanceof`, also for errors of another copy of this package. */
  // biome-ignore lint/suspicious/noExplicitAny: abstract classes cannot be named by a constructor type without it
  static isInstance<T extends abstract new (...args: any[]) => AnyLLMError>(
    this: T & { readonly code?: ErrorCode },
    value: unknown,
  ): value is InstanceType<T> {
    if (typeof value !== 'object' || value === null || !(brand in value)) return false;
    return this.code === undefined || value[brand as keyof typeof value] === this.code;
  }

  /** What is safe to log: no cause, no stack, no partial answer. */
  toJSON(): Record<string, unknown> {
    const { name, message, code, provider, model, status, requestId, retryable, retryAfterMs, gaveUp } = this;
    const { task, inputs, attempts } = this;
    return {
      name,
      message,
      code,
      provider,
      model,
      status,
      requestId,
      retryable,
      retryAfterMs,
      gaveUp,
      task,
      inputs,
      attempts,
    };
  }
}
