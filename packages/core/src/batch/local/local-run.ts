import { mapConcurrent } from '../../concurrency/map-concurrent.ts';
import type { BatchProblem } from '../../contract/batch.ts';
import type { CallOptions } from '../../contract/call-options.ts';
import type { ChatCompletion } from '../../contract/chat-completion.ts';
import type { CompletionRequest } from '../../contract/chat-request.ts';
import { AnyLLMError } from '../../errors/any-llm-error.ts';
import type { ErrorCode } from '../../errors/error-code.ts';
import type { BatchResult } from '../batch-job.ts';
import type { BatchEntry } from '../batch-request.ts';
import { DurableLog } from './durable-log.ts';
import type { Journal, JournalHeader } from './journal.ts';
import { journalError } from './journal-error.ts';
import { count, type Progress, readProgress, requestsOf, rowStates, toLine } from './journal-results.ts';

export type Complete = (request: CompletionRequest, options: CallOptions) => Promise<ChatCompletion>;

export interface LocalRunSettings {
  journal: Journal;
  header: JournalHeader;
  complete: Complete;
  /** For each row. */
  options: CallOptions;
  concurrency: number;
}

/** What is true of every row: asking the others would only fail them all. */
const endsBatch: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'authentication',
  'missing_api_key',
  'provider_not_found',
  'quota_exceeded',
]);

/** A row may wait for its turn as long as it has to; an attempt may not take forever. */
const rowTimeout = { total: Number.POSITIVE_INFINITY, attempt: 600_000 };

const cancelled = new DOMException('the batch was cancelled', 'AbortError');

/** One run of a local batch in this process, from what its journal has to the end. The journal is its own until then. */
export class LocalRun {
  readonly progress: Progress;
  header: JournalHeader;
  /** Settles when the run is over, however it ended; the header tells. */
  readonly ended: Promise<void>;
  readonly #settings: LocalRunSettings;
  readonly #controller = new AbortController();

  private constructor(settings: LocalRunSettings, progress: Progress) {
    this.#settings = settings;
    this.header = settings.header;
    this.progress = progress;
    this.ended = this.#run();
  }

  static async start(settings: LocalRunSettings): Promise<LocalRun> {
    const { journal, header } = settings;
    const { ended: _, ...running } = header;
    await journal.writeHeader(running);
    return new LocalRun({ ...settings, header: running }, await readProgress(journal.folder, header.total));
  }

  get cancelling(): boolean {
    return this.#controller.signal.aborted;
  }

  /** What is under way is aborted; its rows are not done. */
  async cancel(): Promise<void> {
    this.#controller.abort(cancelled);
    await this.ended;
  }

  async #run(): Promise<void> {
    const { journal } = this.#settings;
    const signal = this.#endedBy();
    const ended = await this.#askAll(signal).then(
      () => ({ status: 'completed' as const }),
      (reason) => toEnd(signal.aborted ? reason : journalError(journal.folder, reason)),
    );
    const header = { ...this.header, ended: { ...ended, ended_at: Math.floor(Date.now() / 1000) } };
    // The journal tells the same without its header, which is only more precise; and it may be another's by now.
    await journal.lock
      .assertHeld()
      .then(() => journal.writeHeader(header))
      .catch(() => {});
    await journal.close().catch(() => {});
    this.header = header; // the last thing, so that whoever sees the end can have the journal
  }

  /** By `cancel`, or by the signal that the run was given. */
  #endedBy(): AbortSignal {
    const { signal } = this.#settings.options;
    return signal ? AbortSignal.any([this.#controller.signal, signal]) : this.#controller.signal;
  }

  async #askAll(signal: AbortSignal): Promise<void> {
    const { journal, concurrency } = this.#settings;
    const log = await DurableLog.open(journal.resultsPath, this.progress.bytes, () => journal.lock.assertHeld());
    try {
      const ask = ({ row, entry }: { row: number; entry: BatchEntry }, { signal }: { signal: AbortSignal }) =>
        this.#ask(log, row, entry, signal);
      const answers = mapConcurrent(this.#open(journal.folder), ask, { concurrency, ordered: false, signal });
      for await (const _ of answers);
    } finally {
      await log.close();
    }
  }

  /** The rows that have no outcome yet, or a failure that may have passed. */
  async *#open(folder: string) {
    const { states } = this.progress;
    for await (const request of requestsOf(folder)) if (states[request.row] !== rowStates.done) yield request;
  }

  /** A row is done when its outcome is on the disk. */
  async #ask(log: DurableLog, row: number, { custom_id, request }: BatchEntry, signal: AbortSignal): Promise<void> {
    const result = await this.#outcome(custom_id, request as CompletionRequest, signal);
    await log.append(toLine(row, result));
    count(this.progress, row, result.status, result.status === 'rejected' && result.reason.retryable);
  }

  async #outcome(custom_id: string, request: CompletionRequest, signal: AbortSignal): Promise<BatchResult> {
    try {
      const { complete, options } = this.#settings;
      const value = await complete(request, { timeout: rowTimeout, ...options, signal });
      return { custom_id, status: 'fulfilled', value };
    } catch (reason) {
      if (signal.aborted || !AnyLLMError.isInstance(reason) || endsBatch.has(reason.code)) throw reason;
      return { custom_id, status: 'rejected', reason };
    }
  }
}

function toEnd(reason: unknown): { status: 'failed' | 'cancelled'; errors?: BatchProblem[] } {
  if (reason === cancelled) return { status: 'cancelled' };
  const problem = AnyLLMError.isInstance(reason)
    ? { code: reason.code, message: reason.message }
    : { code: 'interrupted', message: 'the run was ended by the signal that it was given' };
  return { status: 'failed', errors: [problem] };
}
