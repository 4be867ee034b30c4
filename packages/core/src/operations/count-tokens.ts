import type { ClientRuntime } from '../client/client-runtime.ts';
import type { CallOptions } from '../contract/call-options.ts';
import type { CountTokensRequest, TokenCount } from '../contract/token-count.ts';
import { lateOperation } from './late-operation.ts';

/** @template Model the ids that are accepted; @template Id the providers that may be named */
export interface CountTokensFunction<Model extends string = string, Id extends string = string> {
  /**
   * Has the server count what a prompt is in tokens. Refused for providers whose server does not: nothing is estimated.
   * @throws AnyLLMError of the class that fits, or the reason of `options.signal`
   */
  (request: CountTokensRequest<Model>, options?: CallOptions<Id>): Promise<TokenCount>;
  (request: CountTokensRequest, options: CallOptions<Id> & { provider: Id }): Promise<TokenCount>;
}

export function createCountTokens(runtime: ClientRuntime): CountTokensFunction {
  return lateOperation(runtime, ({ askTokenCount }) => askTokenCount);
}
