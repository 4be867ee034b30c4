import type { ClientRuntime } from '../client/client-runtime.ts';
import type { CallOptions } from '../contract/call-options.ts';
import type { ModerationRequest, ModerationResult } from '../contract/moderation.ts';
import { lateOperation } from './late-operation.ts';

/** @template Model the ids that are accepted; @template Id the providers that may be named */
export interface ModerationFunction<Model extends string = string, Id extends string = string> {
  /**
   * Judges texts, a content of several parts, or the last turn of a conversation by the vendor's categories.
   * @throws AnyLLMError of the class that fits, or the reason of `options.signal`
   */
  (request: ModerationRequest<Model>, options?: CallOptions<Id>): Promise<ModerationResult>;
  (request: ModerationRequest, options: CallOptions<Id> & { provider: Id }): Promise<ModerationResult>;
}

export function createModeration(runtime: ClientRuntime): ModerationFunction {
  return lateOperation(runtime, ({ askModeration }) => askModeration);
}
