import {
  AuthenticationError,
  type ProviderBatch,
  type ProviderBatches,
  type ProviderBatchRow,
} from '@anyllm/core/provider';
import { type BrokenProvider, broken, type Create, contextWith, never } from './break-provider.ts';
import { eventsOf } from './broken-operations.ts';

/** Its batches are changed. */
const batching = (replace: (batches: ProviderBatches) => Partial<ProviderBatches>): Create =>
  broken((good) => ({
    async batches() {
      const batches = await good.batches();
      return { ...batches, ...replace(batches) };
    },
  }));

/** The rows of a result file are read in another way. */
const readingRows = (read: (rows: AsyncIterable<ProviderBatchRow>) => AsyncIterable<ProviderBatchRow>): Create =>
  batching((batches) => ({
    async *read(request, context) {
      for await (const row of read(eventsOf(batches.read(request, context)))) yield [row];
    },
  }));

const noCounts = { total: 0, completed: 0, failed: 0 };
const withoutCounts = (batch: ProviderBatch): ProviderBatch => ({ ...batch, request_counts: noCounts });

/** What is wrong with batches. */
export const brokenBatches: Record<string, BrokenProvider> = {
  'gives a row of a batch the question of another': {
    caughtBy: 'batches/request',
    saying: /the row "first" was not sent with its question/,
    create: batching(({ toLine }) => ({
      toLine: ({ request, custom_id }, context) =>
        toLine({ request, custom_id: custom_id === 'first' ? 'second' : 'first' }, context),
    })),
  },
  'takes every batch for a completed one': {
    caughtBy: 'batches/progress',
    saying: /strictly deep-equal/,
    create: batching(({ retrieve }) => ({
      retrieve: async (request, context) => ({ ...(await retrieve(request, context)), status: 'completed' }),
    })),
  },
  'takes an unknown batch for one that failed': {
    caughtBy: 'batches/unknown',
    saying: /had to fail/,
    create: batching(({ retrieve }) => ({
      retrieve: (request, context) =>
        retrieve(request, context).catch(() => ({
          ...{ ...request, status: 'failed', created_at: 1, result_file_ids: [] },
          request_counts: noCounts,
        })),
    })),
  },
  'lists the first page of its batches': {
    caughtBy: 'batches/list',
    saying: /strictly deep-equal/,
    create: batching(({ list }) => ({
      list: async (request, context) => ({ data: (await list(request, context)).data }),
    })),
  },
  'takes a batch that is being cancelled for one that was': {
    caughtBy: 'batches/statuses',
    saying: /strictly deep-equal/,
    create: batching(({ list }) => ({
      async list(request, context) {
        const { data, ...page } = await list(request, context);
        for (const batch of data) if (batch.status === 'cancelling') batch.status = 'cancelled';
        return { ...page, data };
      },
    })),
  },
  'looks at a batch in place of cancelling it': {
    caughtBy: 'batches/cancel',
    saying: /was looked at, not cancelled/,
    create: batching(({ retrieve }) => ({ cancel: retrieve })),
  },
  'loses the rows that were refused': {
    caughtBy: 'batches/results',
    saying: /hold 2 of its 3 outcomes/,
    create: readingRows(async function* (rows) {
      for await (const row of rows) if ('choices' in row.outcome) yield row;
    }),
  },
  'names results by the order of their lines': {
    caughtBy: 'batches/results',
    saying: /strictly deep-equal/,
    create: readingRows(async function* (rows) {
      const names = ['first', 'second', 'third'];
      for await (const row of rows) yield { ...row, custom_id: names.shift() ?? row.custom_id };
    }),
  },
  'passes over lines that it does not understand': {
    caughtBy: 'batches/results-stray-lines',
    saying: /strictly equal/,
    create: readingRows(async function* (rows) {
      for await (const row of rows) if (row.custom_id !== '') yield row;
    }),
  },
  'waits for the whole file of results': {
    caughtBy: 'batches/results-early',
    saying: /does not happen .*a row comes before the file has ended/,
    create: readingRows(async function* (rows) {
      const all: ProviderBatchRow[] = [];
      for await (const row of rows) all.push(row);
      yield* all;
    }),
  },
  'goes on downloading after an abort': {
    caughtBy: 'batches/results-abort-amid-stall',
    saying: /does not happen .*the provider closes its socket/,
    create: batching(({ read }) => ({
      read: (request, context) => read(request, contextWith(context, { signal: never })),
    })),
  },
  'takes a cut file of results for a whole one': {
    caughtBy: 'batches/results-cut',
    saying: /had to fail/,
    create: batching(({ read, retrieve }) => ({
      retrieve: async (request, context) => withoutCounts(await retrieve(request, context)),
      async *read(request, context) {
        try {
          yield* read(request, context);
        } catch {}
      },
    })),
  },
  'counts no rows, so that a short file is not noticed': {
    caughtBy: 'batches/results-truncated',
    saying: /had to fail/,
    create: batching(({ retrieve }) => ({
      retrieve: async (request, context) => withoutCounts(await retrieve(request, context)),
    })),
  },
  'repeats the key in a row': {
    caughtBy: 'batches/results-row-secrets',
    saying: /the key stands in the error/,
    create: batching(({ read }) => ({
      async *read(request, context) {
        for await (const { outcome, ...row } of eventsOf(read(request, context)))
          yield [{ ...row, outcome: new AuthenticationError(`refused with the key ${context.apiKey} (${outcome})`) }];
      },
    })),
  },
};
