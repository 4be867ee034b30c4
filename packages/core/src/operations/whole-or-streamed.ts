import type { CallOptions } from '../contract/call-options.ts';

/** Where the provider is named, the model is any text. */
export type Named<Id extends string> = CallOptions<Id> & { provider: Id };

/**
 * An operation that answers whole, or in events with `stream: true`.
 * @template Bound what is asked of the models of a client; @template Asked of any model
 */
export interface WholeOrStreamed<Bound, Asked, Whole, Events, Id extends string> {
  (request: Bound & { stream?: false }, options?: CallOptions<Id>): Promise<Whole>;
  (request: Bound & { stream: true }, options?: CallOptions<Id>): Promise<Events>;
  (request: Asked & { stream?: false }, options: Named<Id>): Promise<Whole>;
  (request: Asked & { stream: true }, options: Named<Id>): Promise<Events>;
  (request: Asked, options: Named<Id>): Promise<Whole | Events>;
  (request: Bound, options?: CallOptions<Id>): Promise<Whole | Events>;
}
