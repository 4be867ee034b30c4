import type { FallbackOptions } from '../policy/fallback.ts';
import type { LimitSettings } from '../policy/limits/limit-settings.ts';
import type { RetryOptions } from '../policy/retry/retry-policy.ts';
import type { Transport } from './transport.ts';

/**
 * Time limits in milliseconds, greater than 0. Each fires as a `TimeoutError` that names its phase; `Infinity`
 * switches one off. They hold also where a provider ignores its signal: it is left behind, not waited for.
 */
export interface Timeouts {
  /** The whole call: queueing, every attempt, every wait, and reading a stream to its end. Default 600,000. */
  total?: number;
  /** One attempt from its start to its end. Default: none of its own. */
  attempt?: number;
  /** From the start of an attempt until its connection is ready. Default 10,000. */
  connect?: number;
  /** From then until the response headers. Default 300,000, since a reasoning model can stay silent for minutes. */
  headers?: number;
  /** Streams: from the start of an attempt until the first content. Default 300,000. */
  firstToken?: number;
  /**
   * Streams: the longest wait for the next content. Bytes, comments and empty chunks do not count, and neither does
   * the time in which the consumer is not reading. Default 120,000.
   */
  idle?: number;
}

/** The limit that passed, as `TimeoutError.phase` names it. */
export type TimeoutPhase = 'total' | 'attempt' | 'connect' | 'headers' | 'firstToken' | 'idle';

/** How a call runs. Nothing here is sent to a vendor but the key and the headers. */
export interface CallOptions<ProviderId extends string = string> {
  /** Aborts the call: it rejects with `signal.reason` and the socket is closed. */
  signal?: AbortSignal;
  /** Milliseconds for the whole call, or limits by phase. */
  timeout?: number | Timeouts;
  /** How many retries after the first attempt, or the particulars. Default 2. */
  retries?: RetryOptions;
  /** Models that are asked in turn when the first one fails for reasons of its own. Default: none. */
  fallbacks?: FallbackOptions;
  /** `false`: no second copy of this call, whatever the client's `hedge` says. */
  hedge?: false;
  /** Higher goes first where calls wait for a slot. Default 0. */
  priority?: number;
  /** Takes `model` verbatim as this provider's model id. */
  provider?: ProviderId;
  /** Wins over the client's settings and the environment. */
  apiKey?: string;
  /** Wins over the client's settings and the environment. */
  baseURL?: string;
  /** Added to the vendor's headers; a name given here wins. */
  headers?: Record<string, string>;
  /** What happens to a parameter that only tunes the answer and that the provider lacks. Default `"warn"`. */
  unsupported?: 'warn' | 'error';
  transport?: Transport;
}

/** How a completion runs. */
export interface CompletionOptions<ProviderId extends string = string> extends CallOptions<ProviderId> {
  /**
   * `"restart"`: a stream that breaks off begins anew, at most as often as `retries` allows. It is never spliced in
   * silence: a chunk with `restarted` says that what came before is void. `text()` and `toReadableStream()`, which
   * could not say so, fail as without it. Default: the failure is thrown.
   */
  onInterrupt?: 'restart';
  /**
   * How often a model whose answer does not fit the schema in `response_format` is asked to correct it, told what is
   * wrong. Each is an attempt within the same time limits, and is paid for. Not for streams. Default 0.
   */
  repair?: number;
}

/** What `createMistral(config)` and its like take. */
export interface ProviderConfig {
  apiKey?: string;
  baseURL?: string;
  headers?: Record<string, string>;
  /** Defaults for this provider's calls. */
  timeout?: number | Timeouts;
  /** How many calls may run at once and at what rate, for each key. The client's `limits` win. */
  limits?: LimitSettings;
  transport?: Transport;
}
