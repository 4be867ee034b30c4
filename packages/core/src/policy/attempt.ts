import type { AttemptRecord, Warning } from '../contract/call-meta.ts';
import type { AttemptObserver, Clock, Provider, ProviderContext } from '../contract/provider.ts';
import type { Transport } from '../contract/transport.ts';
import { AnyLLMError } from '../errors/any-llm-error.ts';
import { ProviderError } from '../errors/errors.ts';
import type { ResolvedConnection } from '../registry/resolve-connection.ts';
import type { Call } from './call.ts';

/** Whom an attempt asks. */
export interface Target extends ResolvedConnection {
  provider: Provider;
  modelId: string;
  transport: Transport | undefined;
  streamed: boolean;
}

type Answer = Parameters<AttemptObserver['responded']>[0];

/**
 * One attempt: the context that the provider is given, and the guard that lets go of it. Everything that may end an
 * attempt early (the caller, a time limit, a consumer that leaves) comes in by `abort`.
 */
export class Attempt implements ProviderContext, AttemptObserver {
  readonly provider: Provider;
  readonly modelId: string;
  readonly apiKey: string | undefined;
  readonly baseURL: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly transport: Transport | undefined;
  answer: Answer | undefined;
  readonly #call: Call;
  readonly #controller = new AbortController();
  readonly #startMs: number;
  #leave: ((reason: unknown) => void) | undefined;
  #ended = false;

  constructor(call: Call, target: Target) {
    this.#call = call;
    this.#startMs = call.elapsedMs;
    this.provider = target.provider;
    this.modelId = target.modelId;
    this.apiKey = target.apiKey;
    this.baseURL = target.baseURL;
    this.headers = target.headers;
    this.transport = target.transport;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get clock(): Clock {
    return this.#call.clock;
  }

  get observer(): AttemptObserver {
    return this;
  }

  connected(): void {
    if (!this.#ended) this.#call.timer.enter('headers');
  }

  responded(answer: Answer): void {
    if (this.#ended) return;
    this.answer = answer;
    this.#call.timer.leavePhase();
  }

  warn(warning: Warning): void {
    this.#call.warn(warning);
  }

  /**
   * Waits for the provider, but no longer than the attempt lives: one that ignores its signal is left behind.
   * One wait at a time.
   */
  guard<T>(start: () => PromiseLike<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => this.guardCallbacks(start, resolve, reject));
  }

  /** As `guard`, for callers who need no promise. After an abort both may be called; the first counts. */
  guardCallbacks<T>(start: () => PromiseLike<T>, done: (value: T) => void, failed: (reason: unknown) => void): void {
    if (this.signal.aborted) {
      failed(this.signal.reason);
      return;
    }
    this.#leave = failed;
    const fail = (error: unknown) => failed(this.toTypedError(error));
    try {
      start().then(done, fail);
    } catch (error) {
      fail(error);
    }
  }

  /** Ends the attempt from outside: the socket is closed, and whoever waits gets the reason. */
  abort(reason: unknown): void {
    if (this.#ended) return;
    this.#leave?.(reason);
    this.#controller.abort(reason);
  }

  succeed(): void {
    this.#end();
  }

  fail(error: unknown): void {
    this.#end({ code: codeOf(error), message: AnyLLMError.isInstance(error) ? error.message : 'ended by the caller' });
  }

  #end(error?: AttemptRecord['error']): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#leave = undefined;
    this.#call.recordAttempt({
      provider: this.provider.id,
      model: this.modelId,
      startMs: this.#startMs,
      durationMs: this.#call.elapsedMs - this.#startMs,
      ...(this.answer && { status: this.answer.status }),
      ...(error && { error }),
    });
  }

  /**
   * A provider that throws anything else, or gives what does not fit its type, has a bug: the caller still gets one of
   * our errors. The original is its cause; its text may hold anything, so the message does not repeat it.
   */
  toTypedError(error: unknown): unknown {
    if (this.signal.aborted) return this.signal.reason;
    if (AnyLLMError.isInstance(error)) return error;
    const kind = error instanceof Error ? error.name : typeof error;
    return new ProviderError(`${this.provider.id}: the provider failed with a bug (${kind}); see \`cause\``, {
      provider: this.provider.id,
      model: this.modelId,
      requestId: this.answer?.requestId,
      cause: error,
    });
  }
}

function codeOf(error: unknown): NonNullable<AttemptRecord['error']>['code'] {
  return AnyLLMError.isInstance(error) ? error.code : 'aborted';
}
