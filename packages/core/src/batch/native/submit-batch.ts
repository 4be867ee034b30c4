import { openAsBlob } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClientRuntime } from '../../client/client-runtime.ts';
import { OverloadedError, RateLimitError } from '../../errors/errors.ts';
import type { BatchJob } from '../batch-job.ts';
import type { BatchRequest } from '../batch-request.ts';
import type { Row } from '../batch-rows.ts';
import { assertSame, type Journal, readHeader } from '../local/journal.ts';
import { writeLines } from '../write-lines.ts';
import { askBatches, type NamedOptions } from './ask-batches.ts';
import { BatchInput } from './batch-input.ts';
import { retrieveNative, toJob } from './native-batches.ts';

export interface BatchToSubmit {
  rows: AsyncIterable<Row>;
  request: BatchRequest;
  /** Where the batch's id is written down, or found. */
  journal: Journal | undefined;
  /** The provider that takes it; `named`: by the caller, so that models are its own ids. */
  options: NamedOptions;
  named: boolean;
}

/** A file of hundreds of megabytes takes its time on a slow line. */
const uploadTimeout = { total: 3_600_000, headers: 3_600_000 };

/** Writes the rows as the vendor wants them into a file, uploads it, and has a batch made of it. */
export async function submitBatch(runtime: ClientRuntime, batch: BatchToSubmit): Promise<BatchJob> {
  const { rows, journal, options, named } = batch;
  const input = await BatchInput.open(runtime, options, named);
  const folder = journal?.folder ?? (await mkdtemp(join(tmpdir(), 'anyllm-batch-')));
  const path = join(folder, 'upload.jsonl');
  try {
    const lines = await writeLines(path, input.lines(rows), (total, bytes) => input.checkSize(total, bytes));
    const written = { ...lines, fingerprint: `${input.model} ${lines.fingerprint}` };
    const known = journal && (await readHeader(folder));
    if (known) assertSame(folder, known, written);
    if (known?.id !== undefined) return await retrieveNative(runtime, known.id, options);
    const made = await send(runtime, path, input.model, batch);
    const { id, created_at } = made;
    const { metadata } = batch.request;
    await journal?.writeHeader({ format: 1, id, ...written, created_at, ...(metadata && { metadata }) });
    return toJob(options.provider, made, input.warnings);
  } finally {
    await rm(journal ? path : folder, { recursive: true, force: true });
  }
}

async function send(runtime: ClientRuntime, path: string, model: string, { request, options }: BatchToSubmit) {
  const { metadata, provider_options } = request;
  const file = new File([await openAsBlob(path)], 'batch.jsonl', { type: 'application/jsonl' });
  const uploadOptions = { ...options, timeout: options.timeout ?? uploadTimeout };
  const { id } = await askBatches(runtime, (batches, ...asked) => batches.upload(...asked), { file }, uploadOptions);
  const toCreate = {
    model,
    input_file_id: id,
    ...(metadata && { metadata }),
    ...(provider_options && { provider_options }),
  };
  return askBatches(
    runtime,
    ({ create }, request, context) => create({ ...request, model }, context),
    toCreate,
    options,
    wasRefused,
  );
}

/** Where the server says that it did nothing: with any other failure there might be two batches afterwards. */
function wasRefused(error: unknown): boolean {
  return RateLimitError.isInstance(error) || OverloadedError.isInstance(error);
}
