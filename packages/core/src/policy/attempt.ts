import type { AttemptRecord, Warning } from '../contract/call-meta.ts';
import type { TimeoutPhase, Timeouts } from '../contract/call-options.ts';
import type { Usage } from '../contract/chat-completion.ts';
import type { AttemptObserver, Clock, Provider, ProviderContext } from '../contract/provider.ts';
import type { Transport } from '../contract/transport.ts';
import { AnyLLMError } from '../errors/any-llm-error.ts';
import { ProviderError, TimeoutError, UnsupportedParameterError } from '../errors/errors.ts';
import type { ResolvedConnection } from '../registry/resolve-connection.ts';
import { AttemptTimer } from './attempt-timer.ts';
import type { BalancedTarget } from './balance/balanced-target.ts';
import type { Call } from './call.ts';
import type { LimitSettings } from './limits/limit-settings.ts';

/** Whom an attempt asks. */
export interface Target extends ResolvedConnection {
  provider: Provider;
  modelId: string;
  transport: Transport | undefined;
  streamed: boolean;
  /** What was left out of the request. */
  warnings: readonly Warning[];
  /** Whether a parameter that the provider leaves out is an error instead of a warning. */
  strict: boolean;
  /** Its place among equal deployments, if the model was chosen by a balance. */
  balanced: BalancedTarget | undefined;
  /** The provider's own time limits, the client's settings for it after them. */
  timeouts: readonly (number | Timeouts | undefined)[];
  /** The provider's own limits, where the client sets none. */
  limits: LimitSettings | undefined;
  /** After a failure: whether to ask once more at once, in a way that it has prepared. Absent: never. */
  adapt?: (error: unknown) => boolean;
}

/** Who has to know how an attempt ended: the slot that it held, the circuit that let it through. */
export interface AttemptOutcome {
  /** Absent when it succeeded. Of a caller's abort it is `leftByCaller`, whatever reason was given. */
  error?: unknown;
  answer: Answer | undefined;
  /** Of a stream: from the start of this attempt to its first content. */
  firstTokenMs: number | undefined;
  /** What was used, where the answer tells. */
  usage: TokensUsed | undefined;
}

/** What an answer says it used. */
export type TokensUsed = Pick<Usage, 'total_tokens'> & Partial<Usage>;

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
  readonly warnings: Warning[];
  answer: Answer | undefined;
  readonly #strict: boolean;
  readonly #call: Call;
  readonly #timer: AttemptTimer;
  readonly #onEnd: (outcome: AttemptOutcome) => void;
  readonly #startMs: number;
  #aborted: { reason: unknown } | undefined;
  readonly #abortListeners = new Set<(reason: unknown) => void>();
  /** Made when somebody asks for the signal. */
  #controller: AbortController | undefined;
  #firstTokenMs: number | undefined;
  #leave: ((reason: unknown) => void) | undefined;
  #ended = false;

  constructor(call: Call, target: Target, onEnd: (outcome: AttemptOutcome) => void) {
    this.#call = call;
    this.#onEnd = onEnd;
    this.#startMs = call.elapsedMs;
    this.provider = target.provider;
    this.modelId = target.modelId;
    this.apiKey = target.apiKey;
    this.baseURL = target.baseURL;
    this.headers = target.headers;
    this.transport = target.transport;
    this.warnings = [...target.warnings];
    this.#strict = target.strict;
    const { clock, limits, startedAt: callStartedAt } = call;
    const { streamed } = target;
    this.#timer = new AttemptTimer({
      clock,
      limits,
      callStartedAt,
      streamed,
      onTimeout: (phase) => this.#timeOut(phase),
    });
    call.attemptBegins(this);
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#aborted) this.#controller.abort(this.#aborted.reason);
    return this.#controller.signal;
  }

  onAbort(listener: (reason: unknown) => void): () => void {
    if (this.#aborted) listener(this.#aborted.reason);
    else this.#abortListeners.add(listener);
    return () => this.#abortListeners.delete(listener);
  }

  get clock(): Clock {
    return this.#call.clock;
  }

  get observer(): AttemptObserver {
    return this;
  }

  connected(): void {
    if (!this.#ended) this.#timer.enter('headers');
  }

  responded(answer: Answer): void {
    if (this.#ended) return;
    this.answer = answer;
    this.#timer.leavePhase();
  }

  /** @throws UnsupportedParameterError for a parameter that is left out, where the caller wants that */
  warn(warning: Warning): void {
    if (this.#strict && warning.code === 'parameter_dropped') throw this.#refusal(warning);
    this.warnings.push(warning);
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
    if (this.#aborted) {
      failed(this.#aborted.reason);
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

  /**
   * Ends the attempt from outside: the socket is closed, and whoever waits gets the reason. It is over here and now,
   * since of a stream that nobody reads no one would ever be told.
   * @param outcome what the slot and the circuit are told
   */
  abort(reason: unknown, outcome = reason): void {
    if (this.#ended || this.#aborted) return;
    this.#aborted = { reason };
    this.#leave?.(reason);
    try {
      for (const listener of this.#abortListeners) listener(reason);
      this.#controller?.abort(reason);
    } finally {
      this.#end(outcome, undefined);
    }
  }

  /** The first content of a stream has come. */
  firstToken(): void {
    this.#timer.firstTokenArrived();
    this.#firstTokenMs = this.#call.elapsedMs - this.#startMs;
    this.#call.firstToken();
  }

  /** The stream is in its consumer's hands: its time limits hold the process no longer. */
  letGo(): void {
    this.#timer.letGo();
  }

  /** A consumer waits for the next content, of which `waitedMs` have been waited for before. */
  idles(waitedMs: number): void {
    if (!this.#ended) this.#timer.enter('idle', waitedMs);
  }

  /** Nobody waits at the moment. */
  rests(): void {
    this.#timer.leavePhase();
  }

  succeed(usage: TokensUsed | undefined): void {
    this.#end(undefined, usage);
  }

  fail(error: unknown, usage?: TokensUsed): void {
    this.#end(error, usage);
  }

  #end(error: unknown, usage: TokensUsed | undefined): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#leave = undefined;
    this.#timer.stop();
    this.#call.attemptEnds(this, this.#record(error));
    const { answer } = this;
    this.#onEnd({ error, answer, firstTokenMs: this.#firstTokenMs, usage });
  }

  #record(error: unknown): AttemptRecord {
    const startMs = this.#startMs;
    const durationMs = this.#call.elapsedMs - startMs;
    const record: AttemptRecord = { provider: this.provider.id, model: this.modelId, startMs, durationMs };
    if (this.answer) record.status = this.answer.status;
    if (error !== undefined) record.error = describeError(error);
    return record;
  }

  #refusal({ message, parameter }: Warning): UnsupportedParameterError {
    const { provider, modelId: model } = this;
    return new UnsupportedParameterError(`${provider.id}: ${message}`, { provider: provider.id, model, parameter });
  }

  #timeOut(phase: TimeoutPhase): void {
    const { provider, modelId: model } = this;
    const timeoutMs = this.#call.limits[phase];
    const message = `${provider.id}: no ${awaited[phase]} within ${timeoutMs} ms (timeout.${phase})`;
    const retryable = phase !== 'total';
    if (!retryable) this.#call.end();
    this.abort(new TimeoutError(message, { provider: provider.id, model, phase, timeoutMs, retryable }));
  }

  /**
   * A provider that throws anything else, or gives what does not fit its type, has a bug: the caller still gets one of
   * our errors. The original is its cause; its text may hold anything, so the message does not repeat it.
   */
  toTypedError(error: unknown): unknown {
    if (this.#aborted) return this.#aborted.reason;
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

const awaited: Record<TimeoutPhase, string> = {
  total: 'complete answer',
  attempt: 'complete answer to one attempt',
  connect: 'connection',
  headers: 'response headers',
  firstToken: 'first token',
  idle: 'further token',
};

/** Why a copy of a hedged call is closed. */
export const fasterCopy = new DOMException('another copy of the call was faster', 'AbortError');

/**
 * How an attempt ends that its caller has given up. Their reason may be one of our errors, as where a call is aborted
 * since another one failed: that says nothing of this server.
 */
export const leftByCaller = new DOMException('ended by the caller', 'AbortError');

/** A reason for an abort is the caller's own: what it says is not for our records. */
function describeError(error: unknown): NonNullable<AttemptRecord['error']> {
  if (AnyLLMError.isInstance(error)) return { code: error.code, message: error.message };
  if (error === fasterCopy) return { code: 'aborted', message: fasterCopy.message };
  return { code: 'aborted', message: leftByCaller.message };
}
