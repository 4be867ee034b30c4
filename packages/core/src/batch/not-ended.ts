import { InvalidRequestError } from '../errors/errors.ts';
import type { BatchJob } from './batch-job.ts';

export function notEnded({ id, status }: BatchJob): InvalidRequestError {
  return new InvalidRequestError(`the batch ${id} is ${status}; its results can be read when it has ended`, {
    path: 'id',
  });
}
