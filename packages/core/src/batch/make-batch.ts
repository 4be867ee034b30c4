import type { ClientRuntime } from '../client/client-runtime.ts';
import { createCompletion, wholeAnswers } from '../client/create-completion.ts';
import type { CallOptions } from '../contract/call-options.ts';
import { type Check, type Checks, checkFields, count, flag } from '../errors/check-fields.ts';
import { invalidField } from '../errors/invalid-field.ts';
import { providerOptionsField, unknownParameter } from '../operations/request-fields.ts';
import { callChecks } from '../request/check-options.ts';
import { checkRequest } from '../request/check-request.ts';
import { parseModelId } from '../request/model-id.ts';
import { closed, fits, optional, record, text } from '../request/shape.ts';
import type { BatchJob } from './batch-job.ts';
import type { BatchCreateOptions, BatchRequest } from './batch-request.ts';
import { batchRows, type Row } from './batch-rows.ts';
import { Journal } from './local/journal.ts';
import { journalError } from './local/journal-error.ts';
import { startLocal } from './local/local-batches.ts';
import { submitBatch } from './native/submit-batch.ts';

const shape = closed(
  {
    model: optional(text),
    metadata: optional(record(text)),
    provider_options: providerOptionsField,
    requests: () => fits, // by reading it
    file: optional(text),
  },
  unknownParameter,
);

/** Makes a batch, at the vendor where it has batches and the caller does not want it otherwise, else in this process. */
export async function makeBatch(
  runtime: ClientRuntime,
  request: BatchRequest,
  options: BatchCreateOptions,
): Promise<BatchJob> {
  check(request, options);
  const { local = false, journal: path, concurrency = 100, ...call } = options;
  const journal = path === undefined ? undefined : await openJournal(path);
  let running = false;
  try {
    const { first, rows } = await peek(batchRows(request));
    const provider = local ? undefined : await nativeProvider(runtime, first, call.provider);
    if (provider !== undefined) {
      const named = call.provider !== undefined;
      return await submitBatch(runtime, { rows, request, journal, options: { ...call, provider }, named });
    }
    if (!journal)
      throw invalidField('options.journal', 'must name a directory: the batch runs in this process, which may end');
    const { metadata } = request;
    const complete = wholeAnswers(createCompletion(runtime));
    const job = await startLocal({ journal, rows, metadata, options: call, concurrency }, complete);
    running = true; // the journal is the run's from here on
    return job;
  } catch (error) {
    throw journal ? journalError(journal.folder, error) : error;
  } finally {
    if (!running) await journal?.close();
  }
}

const path: Check = { test: (value) => typeof value === 'string' && value !== '', expected: 'the path of a directory' };
const checks: Checks<BatchCreateOptions> = { local: flag, journal: path, concurrency: count, ...callChecks };

function check(request: BatchRequest, options: BatchCreateOptions): void {
  checkRequest(shape, request);
  if ((request.requests === undefined) === (request.file === undefined)) {
    throw invalidField('requests', 'or `file` is needed, and not both');
  }
  checkFields(options, checks);
}

async function openJournal(path: string): Promise<Journal> {
  try {
    return await Journal.open(path);
  } catch (error) {
    throw journalError(path, error);
  }
}

/** The first row tells where the batch will run, before any is written. */
async function peek(source: AsyncGenerator<Row>): Promise<{ first: Row; rows: AsyncIterable<Row> }> {
  const { value: first, done } = await source.next();
  if (done) throw invalidField('requests', 'hold no row');
  return { first, rows: startingWith(first, source) };
}

async function* startingWith(first: Row, rest: AsyncGenerator<Row>): AsyncGenerator<Row> {
  yield first;
  yield* rest;
}

/** The provider that has batches of its own for a row; undefined where its rows are asked one by one. */
async function nativeProvider(
  runtime: ClientRuntime,
  { request: { model } }: Row,
  named: CallOptions['provider'],
): Promise<string | undefined> {
  const [candidate, ...others] = runtime.policy.candidates([model].flat()[0] as string, named);
  if (!candidate?.id || candidate.balanced || others.length > 0) return undefined;
  const { provider } = parseModelId(candidate.id, named);
  const { batches } = await runtime.find(provider);
  return batches && provider;
}
