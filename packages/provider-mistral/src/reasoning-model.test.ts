import { expect, test } from 'vitest';
import { isReasoningModel } from './reasoning-model.ts';

test.each([
  ['mistral-small-latest', true],
  ['mistral-small-2603', true],
  ['mistral-small-2506', false],
  ['mistral-medium-3-5', true],
  ['mistral-medium-3.5', true],
  ['mistral-medium-2604', true],
  ['mistral-medium-2508', false],
  ['mistral-medium-latest', false],
  ['magistral-medium-latest', true],
  ['mistral-large-latest', false],
  ['mistral-large-2512', false],
  ['codestral-latest', false],
  ['ft:mistral-small-latest:x', false],
])('%s reasons: %s', (model, reasons) => {
  expect(isReasoningModel(model)).toBe(reasons);
});
