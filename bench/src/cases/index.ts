import type { Case } from './case.ts';
import { firstText } from './first-text.ts';
import { streamOfBatches, streamOfSingles } from './stream.ts';
import { whole } from './whole.ts';

export type CaseName = 'whole' | 'stream-1' | 'stream-16' | 'first-text';

export const cases: Record<CaseName, Case> = {
  whole,
  'stream-1': streamOfSingles,
  'stream-16': streamOfBatches,
  'first-text': firstText,
};
