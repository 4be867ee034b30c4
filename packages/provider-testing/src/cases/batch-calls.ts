import type { CallOptions } from '@anyllm/core';
import { type Batches, type BatchResult, createBatch } from '@anyllm/core/batch';
import type { Bench } from '../bench/bench.ts';
import type { CaseOf } from '../case.ts';
import type { ContentBatch, ContentName } from '../scenario.ts';
import { eventsOf } from './operation-cases.ts';

export const needsBatches: NonNullable<CaseOf['needs']> = (_, __, { batches }) => batches !== undefined;

export const batchesOf = (bench: Bench): Batches => createBatch(bench.client);

/** What the server says of the one batch that it has. */
export const saidOf = (bench: Bench, name: ContentName) => bench.content(name).batches?.[0] as ContentBatch;

/** The id of that batch, as programs keep it. */
export const idIn = (bench: Bench) => `${bench.provider.id}/${saidOf(bench, 'batch-completed').id}`;

/** A question for each row that the server has an answer to. */
export const rowsFor = (bench: Bench) =>
  saidOf(bench, 'batch-in-progress').rows.map(({ custom_id }, at) => ({
    custom_id,
    request: { prompt: `Where is treasure ${at + 1}?` },
  }));

export const create = (bench: Bench, options?: CallOptions) =>
  batchesOf(bench).create({ requests: rowsFor(bench), model: bench.model }, bench.limited(options));

export const readResults = (bench: Bench, options?: CallOptions): Promise<BatchResult[]> =>
  eventsOf(batchesOf(bench).results(idIn(bench), bench.limited(options)));
