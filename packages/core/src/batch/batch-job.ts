import type { BatchStatus, ProviderBatch } from '../contract/batch.ts';
import type { Warning } from '../contract/call-meta.ts';
import type { ChatCompletion } from '../contract/chat-completion.ts';
import type { AnyLLMError } from '../errors/any-llm-error.ts';

/** A batch, wherever it runs. Plain JSON; all that has to be kept of it is the `id`. Times are Unix seconds. */
export interface BatchJob extends ProviderBatch {
  /** `openai/batch_1`; of a local batch `local:` and the path of its journal. */
  id: string;
  object: 'batch';
  /** Its id; `local` for a batch that runs in a process of yours. */
  provider: string;
  /** What was not done quite as asked; each once, however many rows it is true of. */
  warnings: Warning[];
}

/**
 * The outcome of one row. `custom_id` is `""` only for a line of the vendor's files that names none and could not be
 * understood.
 */
export type BatchResult =
  | { custom_id: string; status: 'fulfilled'; value: ChatCompletion }
  | { custom_id: string; status: 'rejected'; reason: AnyLLMError };

const ends: ReadonlySet<BatchStatus> = new Set<BatchStatus>(['completed', 'failed', 'expired', 'cancelled']);

export function hasEnded({ status }: { status: BatchStatus }): boolean {
  return ends.has(status);
}
