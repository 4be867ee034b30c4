import type { ClientRuntime } from '../client/client-runtime.ts';
import type { CallOptions } from '../contract/call-options.ts';
import type { RerankRequest, RerankResult } from '../contract/rerank.ts';
import { lateOperation } from './late-operation.ts';

/** @template Model the ids that are accepted; @template Id the providers that may be named */
export interface RerankFunction<Model extends string = string, Id extends string = string> {
  /**
   * Puts documents in the order in which they fit a query.
   * @throws AnyLLMError of the class that fits, or the reason of `options.signal`
   */
  (request: RerankRequest<Model>, options?: CallOptions<Id>): Promise<RerankResult>;
  (request: RerankRequest, options: CallOptions<Id> & { provider: Id }): Promise<RerankResult>;
}

export function createRerank(runtime: ClientRuntime): RerankFunction {
  return lateOperation(runtime, ({ askRerank }) => askRerank);
}
