import type { BatchStatus } from '@anyllm/core/provider';
import type { Content, ContentBatch, ContentRow } from './scenario.ts';

const usage = { prompt: 21, completion: 13 };
const answered = (custom_id: string, text: string): ContentRow => ({
  custom_id,
  choices: [{ tokens: [text] }],
  usage,
});
const refused: ContentRow = { custom_id: 'second', choices: [], error: { code: 'rate_limit' } };

const rows = [
  answered('first', 'Under the stairs.'),
  answered('second', 'In the “garden”,\u2028by the wall.'),
  answered('third', '島の上。'),
];

const holding = (...batches: readonly ContentBatch[]): Content => ({ choices: [], batches });
const batch = (status: BatchStatus, fields: Partial<ContentBatch> = {}): ContentBatch => ({
  ...{ id: 'suite-batch', status, created: 1_700_000_000, rows },
  ...fields,
});

/** Words that every vendor has. */
const statuses: readonly BatchStatus[] = [
  'validating',
  'in_progress',
  'completed',
  'failed',
  'expired',
  'cancelling',
  'cancelled',
];

/** More than vendors put on a page. */
const many = Array.from({ length: 120 }, (_, at) =>
  batch(statuses[at % statuses.length] as BatchStatus, { id: `suite-batch-${at}`, created: 1_700_000_000 - at }),
);

export const batchContents = {
  'batch-in-progress': holding(batch('in_progress')),
  'batch-completed': holding(batch('completed')),
  'batch-with-failure': holding(batch('completed', { rows: rows.with(1, refused) })),
  'batch-with-stray-lines': holding(
    batch('completed', { strayLines: ['', '  ', 'no JSON', '[1]', '{"custom_id":"stranger"}'] }),
  ),
  'batch-cancelling': holding(batch('cancelling')),
  batches: holding(...many),
  'no-batches': holding(),
} satisfies Record<string, Content>;

export const batchContentNames = Object.keys(batchContents) as (keyof typeof batchContents)[];
