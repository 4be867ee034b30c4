import type { JsonObject } from './recorded-request.ts';
import type { Reply } from './reply.ts';

/** How the simulated vendors run batches. */
export interface BatchBehaviour {
  /** How often a batch is looked at before it has ended. Default 0: the first look finds its end. */
  polls?: number;
  /** What that end is. Of a batch that expires, the second half of the rows was not asked. Default `completed`. */
  end?: 'completed' | 'expired' | 'failed';
  /** How a row is answered, as `script` says it for a request; an error puts it among the failures. */
  reply?: (row: { custom_id: string; body: JsonObject }) => Reply | undefined;
  /** Lines between the answers as they are: blank ones, or what nobody expects. */
  extraLines?: readonly string[];
}
