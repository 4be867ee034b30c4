import type { ClientRuntime } from '../client/client-runtime.ts';
import { mapConcurrent } from '../concurrency/map-concurrent.ts';
import type {
  EmbeddingOptions,
  EmbeddingRequest,
  EmbeddingResult,
  EmbeddingStreamOptions,
} from '../contract/embedding.ts';
import { beyondCompletion } from '../late-parts.ts';
import { snapshot, snapshotOptions } from '../request/snapshot.ts';
import { EmbeddingStream } from './embedding-stream.ts';
import { lateOperation } from './late-operation.ts';

/** @template Model the ids that are accepted; @template Id the providers that may be named */
export interface EmbeddingFunction<Model extends string = string, Id extends string = string> {
  /**
   * Turns texts into vectors, in as many requests as the vendor's limits ask for, several at once. One deadline covers
   * them all. The first that fails aborts the others: the error's `inputs` names its texts, its `embeddings` are the
   * vectors that were there by then. With `settle` the others go on, and it is one of the result's `failures`.
   * @throws AnyLLMError of the class that fits, or the reason of `options.signal`
   */
  (request: EmbeddingRequest<Model>, options?: EmbeddingOptions<Id>): Promise<EmbeddingResult>;
  (request: EmbeddingRequest, options: EmbeddingOptions<Id> & { provider: Id }): Promise<EmbeddingResult>;
  /**
   * The same for a source of any length, in constant memory: iterate over the vectors as they come, in order. A time
   * limit of the options is one for the whole; those of the client hold for each request.
   * @throws AnyLLMError of the class that fits, or the reason of `options.signal`, where it is iterated
   */
  stream(request: EmbeddingRequest<Model>, options?: EmbeddingStreamOptions<Id>): EmbeddingStream;
  stream(request: EmbeddingRequest, options: EmbeddingStreamOptions<Id> & { provider: Id }): EmbeddingStream;
}

export function createEmbedding(runtime: ClientRuntime): EmbeddingFunction {
  const embedding = lateOperation(
    runtime,
    ({ askEmbeddings }) =>
      (runtime, request: EmbeddingRequest, options: EmbeddingOptions = {}) =>
        askEmbeddings(runtime, request, options, mapConcurrent),
  );
  const stream = (request: EmbeddingRequest, options: EmbeddingStreamOptions = {}): EmbeddingStream => {
    const [asked, given] = [snapshot(request), snapshotOptions(options)];
    return new EmbeddingStream(async () => {
      const { openEmbeddings } = await beyondCompletion();
      return openEmbeddings(runtime, asked, given, mapConcurrent);
    });
  };
  return Object.assign(embedding, { stream });
}
