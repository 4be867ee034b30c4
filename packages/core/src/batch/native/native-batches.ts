import type { ClientRuntime } from '../../client/client-runtime.ts';
import { checkCompletion } from '../../completion/check-answer.ts';
import { toChatCompletion } from '../../completion/to-chat-completion.ts';
import type { ProviderBatch, ProviderBatches, ProviderBatchRow } from '../../contract/batch.ts';
import type { Warning } from '../../contract/call-meta.ts';
import type { ProviderContext } from '../../contract/provider.ts';
import { AnyLLMError } from '../../errors/any-llm-error.ts';
import { InvalidRequestError, ProviderError, ResponseParseError } from '../../errors/errors.ts';
import { type BatchJob, type BatchResult, hasEnded } from '../batch-job.ts';
import { notEnded } from '../not-ended.ts';
import { askBatches, endOfFile, type NamedOptions, readResultFile } from './ask-batches.ts';

export function retrieveNative(runtime: ClientRuntime, id: string, options: NamedOptions): Promise<BatchJob> {
  return askOne(runtime, (batches, ...asked) => batches.retrieve(...asked), id, options);
}

export function cancelNative(runtime: ClientRuntime, id: string, options: NamedOptions): Promise<BatchJob> {
  return askOne(runtime, (batches, ...asked) => batches.cancel(...asked), id, options);
}

/** @throws InvalidRequestError with path `id`, where the vendor knows no such batch */
async function askOne(
  runtime: ClientRuntime,
  ask: (batches: ProviderBatches, request: { id: string }, context: ProviderContext) => Promise<ProviderBatch>,
  id: string,
  options: NamedOptions,
): Promise<BatchJob> {
  const { provider } = options;
  try {
    return toJob(provider, await askBatches(runtime, ask, { id }, options));
  } catch (error) {
    throw ProviderError.isInstance(error) && error.status === 404 ? notThere(id, error) : error;
  }
}

/** What is said of any 404 is to check the address. Here it is rather the id, or a key of somebody else. */
function notThere(id: string, cause: ProviderError): InvalidRequestError {
  const { provider, status, requestId, attempts } = cause;
  const advice = 'check the id, and that key and base URL are those that made it';
  const known = requestId === undefined ? '' : `, request id ${requestId}`;
  const message = `${provider}: there is no batch ${JSON.stringify(clip(id))} (404); ${advice}${known}`;
  return Object.assign(new InvalidRequestError(message, { provider, status, requestId, cause, path: 'id' }), {
    attempts,
  });
}

function clip(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** Page after page, each asked for when it is reached. */
export async function* listNative(runtime: ClientRuntime, options: NamedOptions): AsyncGenerator<BatchJob> {
  let after: string | undefined;
  do {
    const page = await askBatches(
      runtime,
      (batches, ...asked) => batches.list(...asked),
      after === undefined ? {} : { after },
      options,
    );
    for (const batch of page.data) yield toJob(options.provider, batch);
    if (page.next === after) return; // a server that leads in a circle
    after = page.next;
  } while (after !== undefined);
}

/** What the files of a batch that has ended say, answers before failures, each row as its line comes. */
export async function* nativeResults(
  runtime: ClientRuntime,
  id: string,
  options: NamedOptions,
): AsyncGenerator<BatchResult> {
  const { provider } = options;
  const job = await retrieveNative(runtime, id, options);
  if (!hasEnded(job)) throw notEnded(job);
  let rows = 0;
  for (const file_id of job.result_file_ids) {
    for await (const event of await readResultFile(runtime, file_id, options)) {
      if (event === endOfFile) continue;
      rows++;
      yield toResult(provider, event);
    }
  }
  const { completed, failed } = job.request_counts;
  if (job.status === 'completed' && rows < completed + failed) {
    const message = `${provider}: the files of the batch ${id} hold ${rows} of its ${completed + failed} outcomes`;
    throw new ResponseParseError(message, { provider, retryable: true });
  }
}

function toResult(provider: string, { custom_id, outcome, requestId, warnings }: ProviderBatchRow): BatchResult {
  if (AnyLLMError.isInstance(outcome)) return { custom_id, status: 'rejected', reason: outcome };
  const { model } = outcome;
  const warn = (warning: Warning) => void warnings.push(warning);
  try {
    const answered = { provider: { id: provider }, modelId: model, answer: { requestId }, warnings, warn };
    const answer = checkCompletion(outcome, answered);
    const meta = { provider, model, attempts: [], queueMs: 0, totalMs: 0, warnings };
    const value = toChatCompletion(answer, { ...meta, ...(requestId !== undefined && { requestId }) });
    return { custom_id, status: 'fulfilled', value };
  } catch (error) {
    if (AnyLLMError.isInstance(error)) return { custom_id, status: 'rejected', reason: error };
    throw error;
  }
}

export function toJob(
  provider: string,
  { meta, ...batch }: ProviderBatch & { meta?: { warnings: Warning[] } },
  warnings: readonly Warning[] = [],
): BatchJob {
  return {
    ...batch,
    id: `${provider}/${batch.id}`,
    object: 'batch',
    provider,
    warnings: [...warnings, ...(meta?.warnings ?? [])],
  };
}
