import type { CompletionStream } from '../completion/completion-stream.ts';
import { createGather } from '../concurrency/gather.ts';
import type { CallOptions, Timeouts } from '../contract/call-options.ts';
import type { ChatCompletion } from '../contract/chat-completion.ts';
import type { CompletionParameters, CompletionRequest, Conversation } from '../contract/chat-request.ts';
import { AnyLLMError } from '../errors/any-llm-error.ts';
import { abortSignal, anything, type Checks, callback, checkFields, count } from '../errors/check-fields.ts';
import { invalidField } from '../errors/invalid-field.ts';
import { parseTimeouts } from '../policy/time-limits.ts';
import { callChecks } from '../request/check-options.ts';
import { parseModelId } from '../request/model-id.ts';
import { isStream } from './create-completion.ts';

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

interface RowBase<Model extends string> {
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

type RunRequest = (request: CompletionRequest, options: CallOptions) => Promise<ChatCompletion | CompletionStream>;

const checks: Checks<CompareOptions> = {
  models: anything,
  timeout: anything,
  concurrency: count,
  signal: abortSignal,
  unsupported: callChecks.unsupported,
  onProgress: callback,
};

export function createCompare(run: RunRequest): Compare {
  const gather = createGather(() => Promise.reject(new Error('a comparison gathers functions only')));
  return async (request, options) => {
    const { models, concurrency = models?.length, signal } = options ?? {};
    if (!Array.isArray(models) || models.length === 0) {
      throw invalidField('options.models', 'must name at least one model');
    }
    checkFields(options, checks);
    checkCompared(request);
    parseTimeouts(options.timeout); // wrong for all of them: better said once than in every row
    const startedAt = performance.now();
    const tasks = models.map((model, index) => {
      const answer = new ComparedAnswer(model, index, options);
      return (context: { signal: AbortSignal }) => answer.run(run, request, context.signal);
    });
    const rows = await gather(tasks, { concurrency, signal });
    const sequentialMs = rows.reduce((sum, row) => sum + row.totalMs, 0);
    return { rows, totalMs: performance.now() - startedAt, sequentialMs };
  };
}

/** Only what would be overruled here: the rest is checked as it is asked. */
function checkCompared(request: object): void {
  const { model, stream } = Object(request) as Partial<CompletionRequest>;
  if (model !== undefined) throw invalidField('model', 'must be left out: `options.models` says whom to ask');
  if (stream) throw invalidField('stream', 'must be left out: `options.onProgress` shows the answers as they grow');
}

/** One model's part of a comparison. It is streamed, so that progress shows and the first token is timed. */
class ComparedAnswer<Model extends string> {
  readonly #model: Model;
  readonly #index: number;
  readonly #options: CompareOptions<Model>;
  #startedAt = 0;
  #firstTokenMs: number | undefined;
  #text = '';

  constructor(model: Model, index: number, options: CompareOptions<Model>) {
    this.#model = model;
    this.#index = index;
    this.#options = options;
  }

  async run(run: RunRequest, request: ComparedRequest, signal: AbortSignal): Promise<ComparedRow<Model>> {
    this.#startedAt = performance.now();
    this.#report('waiting');
    try {
      const value = await this.#ask(run, request, signal);
      this.#report('fulfilled');
      return { ...this.#row(), status: 'fulfilled', value };
    } catch (reason) {
      // An abort, or a failure in `onProgress`, is no answer of the model: it ends the comparison.
      if (signal.aborted || !AnyLLMError.isInstance(reason)) throw reason;
      this.#report('rejected');
      return { ...this.#row(), status: 'rejected', reason };
    }
  }

  async #ask(run: RunRequest, request: ComparedRequest, signal: AbortSignal): Promise<ChatCompletion> {
    const { timeout, unsupported } = this.#options;
    const options = { signal, ...(timeout !== undefined && { timeout }), ...(unsupported && { unsupported }) };
    const answer = await run({ ...request, model: this.#model, stream: true } as CompletionRequest, options);
    if (!isStream(answer)) return answer;
    await using stream = answer; // a failing `onProgress` closes the socket
    this.#firstTokenMs = stream.meta.firstTokenMs;
    for await (const text of stream.text()) {
      this.#text += text;
      this.#report('answering');
    }
    return stream.completion();
  }

  #row(): RowBase<Model> {
    return {
      index: this.#index,
      model: this.#model,
      provider: providerOf(this.#model),
      text: this.#text,
      ...(this.#firstTokenMs !== undefined && { firstTokenMs: this.#firstTokenMs }),
      totalMs: this.#elapsedMs,
    };
  }

  get #elapsedMs(): number {
    return performance.now() - this.#startedAt;
  }

  #report(status: CompareProgress['status']): void {
    const progress = { index: this.#index, model: this.#model, status, text: this.#text, elapsedMs: this.#elapsedMs };
    this.#options.onProgress?.(progress);
  }
}

/** For a row; a model id that names no provider has its own error. */
function providerOf(model: string): string {
  try {
    return parseModelId(model).provider;
  } catch {
    return '';
  }
}
