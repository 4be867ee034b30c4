import { type ClientRuntime, runtimeOf } from '../client/client-runtime.ts';
import type { Client } from '../client/create-client.ts';
import { defaultRuntime } from '../client/default-completion.ts';
import type { CallOptions } from '../contract/call-options.ts';
import { type Checks, callback, checkFields, milliseconds } from '../errors/check-fields.ts';
import { callChecks } from '../request/check-options.ts';
import { snapshot, snapshotOptions } from '../request/snapshot.ts';
import { parseBatchId } from './batch-id.ts';
import type { BatchJob, BatchResult } from './batch-job.ts';
import type { BatchCreateOptions, BatchRequest } from './batch-request.ts';
import { cancelLocal, localProvider, localResults, retrieveLocal, runsHere } from './local/local-batches.ts';
import { makeBatch } from './make-batch.ts';
import { cancelNative, listNative, nativeResults, retrieveNative } from './native/native-batches.ts';
import { type BatchWaitOptions, waitForBatch } from './wait-for-batch.ts';

/**
 * Many requests as one job: at the vendor, where it has batches, else in this process. Every `id` is one that a job has
 * (`openai/batch_1`, `local:/path`), or the vendor's own with `options.provider`. What is thrown is an `AnyLLMError`, or
 * the reason of `options.signal`.
 * @template Model the ids that are accepted; @template Id the providers that may be named
 */
export interface Batches<Model extends string = string, Id extends string = string> {
  /**
   * Makes a batch; all rows are checked before anything is sent. At a vendor they are uploaded as a file. A local batch
   * is written to `options.journal` and runs on its own; `options.signal` ends that run.
   * @throws InvalidRequestError that names the row which is wrong
   */
  create(request: BatchRequest<Model>, options?: BatchCreateOptions<Id>): Promise<BatchJob>;
  create(request: BatchRequest, options: BatchCreateOptions<Id> & { provider: Id }): Promise<BatchJob>;
  retrieve(id: string, options?: CallOptions): Promise<BatchJob>;
  /** Those of a provider, page after page, in its order (the newest first). */
  list(options: CallOptions<Id> & { provider: Id }): AsyncIterable<BatchJob>;
  /** At a vendor it may take minutes until the status is `cancelled`. */
  cancel(id: string, options?: CallOptions): Promise<BatchJob>;
  /**
   * The outcomes of a batch that has ended, in no particular order and in constant memory. A row that failed is a result
   * with `reason`; so is a row that was not asked before the batch expired or was cancelled.
   */
  results(id: string, options?: CallOptions): AsyncIterable<BatchResult>;
  /**
   * Waits until a batch has ended, well or not: look at `status`.
   * @throws TimeoutError when it has not in time; the batch goes on
   */
  wait(id: string, options?: BatchWaitOptions): Promise<BatchJob>;
}

/**
 * Batches under the settings of a client. Default: those of `completion` and the registered providers.
 * @throws InvalidRequestError for something else than a client
 */
export function createBatch<Model extends string = string, Id extends string = string>(
  client?: Client<Model, Id>,
): Batches<Model, Id> {
  return batchesOf(client ? runtimeOf(client) : defaultRuntime);
}

const waitChecks: Checks<BatchWaitOptions> = {
  interval: milliseconds,
  onProgress: callback,
  ...callChecks,
  timeout: milliseconds,
};

function batchesOf(runtime: ClientRuntime): Batches {
  const retrieve: Batches['retrieve'] = async (id, options = {}) => {
    const { provider, own } = parseBatchId(id, options);
    if (provider === localProvider) return retrieveLocal(own);
    return retrieveNative(runtime, own, { ...options, provider });
  };
  return {
    create: async (request, options = {}) => makeBatch(runtime, snapshot(request), snapshotOptions(options)),
    retrieve,
    list: (options) => listNative(runtime, snapshotOptions(options)),

    async cancel(id, options = {}) {
      const { provider, own } = parseBatchId(id, options);
      if (provider === localProvider) return cancelLocal(own);
      return cancelNative(runtime, own, { ...options, provider });
    },

    results: (id, options) => readResults(runtime, id, snapshotOptions(options)),

    async wait(id, waitOptions = {}) {
      checkFields(waitOptions, waitChecks);
      const { timeout, interval = 1_000, onProgress, signal, ...options } = waitOptions;
      const { provider, own } = parseBatchId(id, options);
      const here = provider === localProvider && runsHere(own);
      const pace = here ? { firstMs: Math.min(interval, 20), maxMs: 250 } : { firstMs: interval, maxMs: 60_000 };
      const look = (signal: AbortSignal) => retrieve(id, { ...options, signal });
      return waitForBatch(look, { timeout, onProgress, signal, pace });
    },
  };
}

async function* readResults(
  runtime: ClientRuntime,
  id: string,
  options: CallOptions = {},
): AsyncGenerator<BatchResult> {
  const { provider, own } = parseBatchId(id, options);
  if (provider === localProvider) yield* localResults(own);
  else yield* nativeResults(runtime, own, { ...options, provider });
}

/** Batches under default settings, of the registered providers. */
export const batch: Batches = /* @__PURE__ */ createBatch();
