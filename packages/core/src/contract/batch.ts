import type { AnyLLMError } from '../errors/any-llm-error.ts';
import type { Warning } from './call-meta.ts';
import type { ProviderCompletion } from './chat-completion.ts';
import type { ChatRequest, ProviderContext } from './provider.ts';

/**
 * Where a batch stands. `validating`, `in_progress`, `finalizing` and `cancelling` pass; the others are its end.
 * Source: OpenAI API reference, "The batch object".
 */
export type BatchStatus =
  | 'validating'
  | 'in_progress'
  | 'finalizing'
  | 'completed'
  | 'failed'
  | 'expired'
  | 'cancelling'
  | 'cancelled';

/** Rows by how far they are. `completed` are those with an answer. */
export interface BatchCounts {
  total: number;
  completed: number;
  failed: number;
}

/** Why a batch failed as a whole. */
export interface BatchProblem {
  message: string;
  code?: string;
  /** Of the input, from 1, where it is about one line. */
  line?: number;
}

/** A batch as a provider tells of it. Times are Unix seconds. */
export interface ProviderBatch {
  /** The vendor's own id. */
  id: string;
  status: BatchStatus;
  created_at: number;
  /** When it came to its end, whatever that was. */
  ended_at?: number;
  /** When the vendor gives up on what is not done. */
  expires_at?: number;
  model?: string;
  request_counts: BatchCounts;
  /** Present where it failed as a whole. */
  errors?: BatchProblem[];
  metadata?: Record<string, string>;
  /** The vendor's ids of the files with answers and failures, as far as there are any. */
  result_file_ids: string[];
}

/** What a line of a result file says. */
export interface ProviderBatchRow {
  /** `""` where the line names none. */
  custom_id: string;
  /** A completion, or the error that the line tells of or is itself. */
  outcome: ProviderCompletion | AnyLLMError;
  requestId?: string;
  warnings: Warning[];
}

/** What a vendor takes in one batch. */
export interface BatchLimits {
  rows: number;
  /** Of the input file. */
  bytes: number;
}

/** What a provider is given to begin a batch with. */
export interface BatchToCreate {
  input_file_id: string;
  /** The one model of all rows. */
  model: string;
  metadata?: Record<string, string>;
  provider_options?: Record<string, Record<string, unknown>>;
}

/**
 * Batches at a vendor that takes a file of lines and gives files of lines. Each member but `toLine` makes one attempt,
 * as with every operation.
 */
export interface ProviderBatches {
  limits: BatchLimits;
  /** A row as an object of the input file. Before the network: `context` is for warnings. */
  toLine(row: { custom_id: string; request: ChatRequest }, context: ProviderContext): object;
  /** `file` stands for what is on disk: it is read as it is sent. */
  upload(request: { file: File }, context: ProviderContext): Promise<{ id: string }>;
  create(request: BatchToCreate, context: ProviderContext): Promise<ProviderBatch>;
  retrieve(request: { id: string }, context: ProviderContext): Promise<ProviderBatch>;
  /** A page; `next` leads to the one after it. */
  list(request: { after?: string }, context: ProviderContext): Promise<{ data: ProviderBatch[]; next?: string }>;
  cancel(request: { id: string }, context: ProviderContext): Promise<ProviderBatch>;
  /** The lines of a result file as they come. One that is not understood is a row with a `ResponseParseError`. */
  read(request: { file_id: string }, context: ProviderContext): AsyncIterable<readonly ProviderBatchRow[]>;
}
