export type { BatchJob, BatchResult } from './batch/batch-job.ts';
export type { BatchCreateOptions, BatchEntry, BatchedRequest, BatchRequest } from './batch/batch-request.ts';
export { type Batches, batch, createBatch } from './batch/create-batch.ts';
export type { BatchWaitOptions } from './batch/wait-for-batch.ts';
export type { BatchCounts, BatchProblem, BatchStatus } from './contract/batch.ts';
