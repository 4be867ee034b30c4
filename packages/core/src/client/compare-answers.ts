import type { CompletionStream } from '../completion/completion-stream.ts';
import type { Gather } from '../concurrency/gathering.ts';
import type { CallOptions } from '../contract/call-options.ts';
import type { ChatCompletion } from '../contract/chat-completion.ts';
import type { CompletionRequest } from '../contract/chat-request.ts';
import { AnyLLMError } from '../errors/any-llm-error.ts';
import { abortSignal, anything, type Checks, callback, checkFields, count } from '../errors/check-fields.ts';
import { invalidField } from '../errors/invalid-field.ts';
import { parseTimeouts } from '../policy/time-limits.ts';
import { callChecks } from '../request/check-options.ts';
import { parseModelId } from '../request/model-id.ts';
import type { ComparedRequest, ComparedRow, CompareOptions, CompareProgress, Comparison, RowBase } from './compare.ts';
import { isStream } from './create-completion.ts';

type RunRequest = (request: CompletionRequest, options: CallOptions) => Promise<ChatCompletion | CompletionStream>;

const checks: Checks<CompareOptions> = {
  models: anything,
  timeout: anything,
  concurrency: count,
  signal: abortSignal,
  unsupported: callChecks.unsupported,
  onProgress: callback,
};

/** What `compare` does. */
export async function compareAnswers<const Asked extends string>(
  { completion, gather }: { completion: RunRequest; gather: Gather },
  request: ComparedRequest,
  options: CompareOptions<Asked>,
): Promise<Comparison<Asked>> {
  const { models, concurrency = models?.length, signal } = options ?? {};
  if (!Array.isArray(models) || models.length === 0) {
    throw invalidField('options.models', 'must name at least one model');
  }
  checkFields(options, checks);
  checkCompared(request);
  parseTimeouts(options.timeout); // wrong for all of them: better said once than in every row
  const startedAt = performance.now();
  const tasks = models.map((model: Asked, index) => {
    const answer = new ComparedAnswer(model, index, options);
    return (context: { signal: AbortSignal }) => answer.run(completion, request, context.signal);
  });
  const rows = await gather(tasks, { concurrency, signal });
  const sequentialMs = rows.reduce((sum, row) => sum + row.totalMs, 0);
  return { rows, totalMs: performance.now() - startedAt, sequentialMs };
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
    this.#firstTokenMs = answer.meta.firstTokenMs;
    for await (const text of answer.text()) {
      this.#text += text;
      this.#report('answering'); // if it throws, the stream is left, and its socket closed
    }
    return answer.completion();
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
