import { type AnyLLMError, type ErrorDetails, onDemand, ProviderError } from '@anyllm/core/provider';
import type { WireRequest } from '../http/exchange.ts';
import type { ConnectionTarget } from './connection-error.ts';
import type { ErrorEvent, ErrorResponse } from './map-error.ts';

type Explainers = typeof import('./explain-failure.ts');

const explainers = /* @__PURE__ */ onDemand(() => import('./explain-failure.ts'));

/** What is told of a failure even if nothing can explain it. */
type Known = Pick<ErrorDetails, 'provider' | 'model' | 'status'>;

/**
 * Something that failed and is not an error yet: what tells one failure from another is loaded with a program's first.
 * It is thrown where an error would be, and the exchange in which that happens fails with its error.
 */
export class Failure {
  /** Makes the error. */
  readonly explain: (explainers: Explainers) => AnyLLMError;
  readonly #known: Known;

  constructor(explain: (explainers: Explainers) => AnyLLMError, known: Known) {
    this.explain = explain;
    this.#known = known;
  }

  /** Its error; a promise of it, which is kept, while that is being loaded. */
  toError(): AnyLLMError | Promise<AnyLLMError> {
    const loaded = explainers();
    if (!(loaded instanceof Promise)) return this.explain(loaded);
    return loaded.then(this.explain).catch((cause) => unexplained(this.#known, cause));
  }
}

/** The same, but for a promise that rejects with a failure: it rejects with its error. */
export function explained<T>(result: T | Promise<T>): T | Promise<T> {
  return result instanceof Promise ? result.catch(rejectExplained) : result;
}

async function rejectExplained(reason: unknown): Promise<never> {
  throw reason instanceof Failure ? await reason.toError() : reason;
}

/** An answer with a failure status. */
export function refusal(response: ErrorResponse, mapError: WireRequest['mapError']): Failure {
  return new Failure(
    ({ errorFromResponse, mapErrorBody }) =>
      errorFromResponse({ ...response, body: mapErrorBody(response.body, mapError) }),
    response,
  );
}

/**
 * A failure that stands inside an answer whose status said all was well; to be thrown where such an answer is read: in
 * a `StreamDecoder`, or in what `requestJson` calls. Unlike `errorFromEvent` it needs nothing that is not loaded yet.
 */
export function reportedFailure(event: ErrorEvent): Failure {
  return new Failure(({ errorFromEvent }) => errorFromEvent(event), event);
}

/** A failure below HTTP. */
export function transportFailure(error: unknown, target: ConnectionTarget): Failure {
  return new Failure(({ errorFromTransport }) => errorFromTransport(error, target), target);
}

/** The files of a program that runs were taken away or replaced. */
function unexplained({ provider, model, status }: Known, cause: unknown): ProviderError {
  const what = status === undefined ? 'the exchange failed' : `the exchange failed with status ${status}`;
  const message = `${provider}: ${what}, and could not be explained; see \`cause\``;
  return new ProviderError(message, { provider, model, status, cause });
}
