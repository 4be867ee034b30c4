import type { ChatCompletionChunk } from '../contract/chat-completion.ts';
import { AnyLLMError } from '../errors/any-llm-error.ts';
import type { Attempt } from '../policy/attempt.ts';
import { countsAsFailure } from '../policy/breaker/counts-as-failure.ts';
import type { Call } from '../policy/call.ts';
import type { RetryPolicy } from '../policy/retry/retry-policy.ts';
import type { ChunkReceiver, OpenedStream, StreamSource } from './chunk-source.ts';

/** A stream that begins anew, by `again`, when it breaks off. */
export function withRestarts(
  opened: OpenedStream,
  again: () => Promise<OpenedStream>,
  { retries }: { retries: RetryPolicy },
): OpenedStream {
  let restarts = retries.attempts - 1;
  const { budget } = retries;
  const mayRestart = () => restarts-- > 0 && (!budget || budget.tryRetry());
  return { ...opened, source: new RestartingSource(opened.source, mayRestart, again) };
}

/**
 * A stream that begins anew when the server breaks off, as often as `mayRestart` grants it. The consumer is told by a
 * chunk with `restarted`: what came before it is void.
 */
class RestartingSource implements StreamSource {
  #source: StreamSource;
  readonly #mayRestart: () => boolean;
  readonly #open: () => Promise<OpenedStream>;
  #cancelled = false;

  constructor(source: StreamSource, mayRestart: () => boolean, open: () => Promise<OpenedStream>) {
    this.#source = source;
    this.#mayRestart = mayRestart;
    this.#open = open;
  }

  get call(): Call {
    return this.#source.call;
  }

  get attempt(): Attempt {
    return this.#source.attempt;
  }

  pull(receiver: ChunkReceiver): void {
    this.#source.pull(receiver);
  }

  cancel(reason: unknown): void {
    this.#cancelled = true;
    this.#source.cancel(reason);
  }

  restart(error: unknown, receiver: ChunkReceiver): boolean {
    const isOver = this.#cancelled || this.call.aborted;
    if (isOver || !AnyLLMError.isInstance(error) || !countsAsFailure(error) || !this.#mayRestart()) return false;
    this.attempt.fail(error);
    this.#source.cancel(error);
    this.#open().then(
      ({ source, ahead }) => {
        this.#source = source;
        receiver.received([markerOf(error, source), ...ahead]);
      },
      (failure) => receiver.failed(failure),
    );
    return true;
  }
}

function markerOf({ code, message }: AnyLLMError, { attempt }: StreamSource): ChatCompletionChunk {
  return {
    id: '',
    object: 'chat.completion.chunk',
    created: Math.floor(Date.now() / 1000),
    model: attempt.modelId,
    choices: [],
    restarted: { code, message },
  };
}
