import type { Case } from './case.ts';
import { firstText } from './first-text.ts';
import { streamOfBatches, streamOfSingles } from './stream.ts';
import { whole } from './whole.ts';

export const cases: Record<string, Case> = {
  whole,
  'stream-1': streamOfSingles,
  'stream-16': streamOfBatches,
  'first-text': firstText,
};
