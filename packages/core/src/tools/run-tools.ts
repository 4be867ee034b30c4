import type { CompletionFunction } from '../client/create-completion.ts';
import { textOf } from '../completion/text-of.ts';
import { mapConcurrent } from '../concurrency/map-concurrent.ts';
import { startDeadline } from '../concurrency/start-deadline.ts';
import { withTimeout } from '../concurrency/with-timeout.ts';
import type { Usage } from '../contract/chat-completion.ts';
import type { Message } from '../contract/chat-request.ts';
import { InvalidRequestError, TimeoutError } from '../errors/errors.ts';
import { beyondCompletion } from '../late-parts.ts';
import { snapshot, snapshotOptions } from '../request/snapshot.ts';
import { checkToolRequest, type RunSettings, toSettings } from './loop-settings.ts';
import type { LoopProgress } from './tool-loop.ts';
import type {
  RunToolsOptions,
  ToolEvent,
  ToolRequest,
  ToolRun,
  ToolRunResult,
  ToolRunStream,
  ToolStep,
} from './tool-run.ts';

/** @template Model the ids that are accepted; @template Id the providers that may be named */
export interface RunTools<Model extends string = string, Id extends string = string> {
  /**
   * Asks a model that may call tools, runs what it calls, and asks again, until it answers without a call or a bound is
   * reached. It starts at once; with `stream: true` it goes on as its events are read.
   * @throws AnyLLMError of the failed call; InvalidOutputError when the model calls in vain too often; the reason of
   * `options.signal`. What had been done stays readable in `steps` and `messages`. With `stream: true`,
   * InvalidRequestError for a wrong request or option is thrown at once; else all of it rejects.
   */
  (request: ToolRequest<Model> & { stream?: false }, options: RunToolsOptions<Id>): ToolRun;
  (request: ToolRequest<Model> & { stream: true }, options: RunToolsOptions<Id>): ToolRunStream;
  (request: ToolRequest & { stream?: false }, options: Named<Id>): ToolRun;
  (request: ToolRequest & { stream: true }, options: Named<Id>): ToolRunStream;
  (request: ToolRequest, options: Named<Id>): ToolRun | ToolRunStream;
  (request: ToolRequest<Model>, options: RunToolsOptions<Id>): ToolRun | ToolRunStream;
}

/** Where the provider is named, the model is any text. */
type Named<Id extends string> = RunToolsOptions<Id> & { provider: Id };

export function createRunTools(completion: CompletionFunction): RunTools {
  const runTools = (request: ToolRequest, options: RunToolsOptions) => {
    if (request?.stream) return new StreamedRun(new GuardedLoop(completion, request, options));
    try {
      return startRun(new GuardedLoop(completion, request, options));
    } catch (error) {
      return refusedRun(error);
    }
  };
  return runTools as unknown as RunTools;
}

/** A loop that ends with the caller's signal, the deadline, or the reader's leaving. */
class GuardedLoop {
  readonly progress: LoopProgress;
  readonly #completion: CompletionFunction;
  readonly #request: ToolRequest;
  readonly #options: RunSettings;

  /** @throws InvalidRequestError with the path of what is wrong */
  constructor(completion: CompletionFunction, request: ToolRequest, options: RunToolsOptions) {
    checkToolRequest(request);
    this.#options = toSettings(snapshotOptions(options));
    this.#completion = completion;
    this.#request = snapshot(request);
    this.progress = { steps: [], messages: conversationOf(request), usage: undefined };
  }

  async *events(streamed: boolean): AsyncGenerator<ToolEvent, ToolRunResult> {
    const { settings, callOptions } = this.#options;
    const { deadline } = settings;
    const { signal } = callOptions;
    const controller = new AbortController();
    signal?.throwIfAborted();
    const onAbort = () => controller.abort(signal?.reason);
    signal?.addEventListener('abort', onAbort);
    const cancelDeadline = startDeadline(deadline, () => controller.abort(tooLate(deadline)));
    try {
      const { ToolLoop } = await beyondCompletion();
      const loop = new ToolLoop(
        { completion: this.#completion, mapConcurrent, withTimeout },
        this.#request,
        this.#options,
        this.progress,
      );
      return yield* loop.events(streamed, controller.signal);
    } finally {
      cancelDeadline();
      signal?.removeEventListener('abort', onAbort);
      controller.abort(left); // whatever is still under way when a reader leaves
    }
  }
}

function conversationOf({ prompt, messages }: ToolRequest): Message[] {
  return messages ? [...messages] : [{ role: 'user', content: prompt as string }];
}

const left = /* @__PURE__ */ new DOMException('the run is over', 'AbortError');

function tooLate(timeoutMs: number): TimeoutError {
  return new TimeoutError(`the run did not finish within ${timeoutMs} ms (deadline)`, { phase: 'total', timeoutMs });
}

/** A true promise, so that a failure nobody looks at is reported as those of other promises are. */
function startRun(guarded: GuardedLoop): ToolRun {
  const { progress } = guarded;
  const { steps, messages } = progress;
  const run = Object.assign(drain(guarded.events(false)), { steps, messages, usage: undefined });
  return Object.defineProperty(run, 'usage', { get: () => progress.usage });
}

/** What gives a promise rejects, also when nothing has been begun. */
function refusedRun(reason: unknown): ToolRun {
  return Object.assign(Promise.reject(reason), { steps: [], messages: [], usage: undefined });
}

async function drain(events: AsyncGenerator<ToolEvent, ToolRunResult>): Promise<ToolRunResult> {
  for (;;) {
    const { done, value } = await events.next();
    if (done) return value;
  }
}

class StreamedRun implements ToolRunStream {
  readonly #guarded: GuardedLoop;
  readonly #outcome = Promise.withResolvers<ToolRunResult>();
  #events: AsyncGenerator<ToolEvent, void> | undefined;

  constructor(guarded: GuardedLoop) {
    this.#guarded = guarded;
    this.#outcome.promise.catch(() => {}); // the iteration throws it too
  }

  get steps(): readonly ToolStep[] {
    return this.#guarded.progress.steps;
  }

  get messages(): readonly Message[] {
    return this.#guarded.progress.messages;
  }

  get usage(): Usage | undefined {
    return this.#guarded.progress.usage;
  }

  /** @throws InvalidRequestError when it has been read already */
  [Symbol.asyncIterator](): AsyncGenerator<ToolEvent, void> {
    if (this.#events) throw new InvalidRequestError('a run can be read only once; await it for its result');
    this.#events = this.#read();
    return this.#events;
  }

  async *text(): AsyncGenerator<string, void> {
    for await (const event of this) {
      const text = event.type === 'chunk' ? textOf(event.chunk) : undefined;
      if (text !== undefined) yield text;
    }
  }

  // biome-ignore lint/suspicious/noThenProperty: a run is awaited for its result
  then<Fulfilled = ToolRunResult, Rejected = never>(
    onFulfilled?: ((result: ToolRunResult) => Fulfilled | PromiseLike<Fulfilled>) | null,
    onRejected?: ((reason: unknown) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<Fulfilled | Rejected> {
    if (!this.#events) void this.#readToEnd();
    return this.#outcome.promise.then(onFulfilled, onRejected);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#events ??= this.#read();
    await this.#events.return();
  }

  async #readToEnd(): Promise<void> {
    try {
      for await (const _ of this);
    } catch {
      // It is the outcome, and thrown from there.
    }
  }

  async *#read(): AsyncGenerator<ToolEvent, void> {
    try {
      this.#outcome.resolve(yield* this.#guarded.events(true));
    } catch (error) {
      this.#outcome.reject(error);
      throw error;
    } finally {
      this.#outcome.reject(left); // of no effect but where the reader has left
    }
  }
}
