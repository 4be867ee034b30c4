import { expect, test } from 'vitest';
import { isReasoningModel, samplesWithoutReasoning, takesStop } from './reasoning-model.ts';

test.each([
  ['gpt-4o', false, true, false],
  ['gpt-4.1-mini', false, true, false],
  ['o1', true, true, false],
  ['o3-mini', true, false, false],
  ['gpt-5', true, false, false],
  ['gpt-5-mini-2025-08-07', true, false, false],
  ['gpt-5-chat-latest', false, true, false],
  ['gpt-5.1', true, false, true],
  ['gpt-5.1-chat-latest', false, true, true],
  ['gpt-6', true, false, true],
  ['ft:o4-mini:acme::abc', true, false, false],
  ['ft:gpt-4o:acme::abc', false, true, false],
  ['openai/gpt-5', true, false, false],
  ['omni', false, true, false],
  ['gpt-35-turbo', false, true, false],
])('%s: reasons %s, takes stop %s, samples when it does not reason %s', (model, reasons, stop, samples) => {
  expect([isReasoningModel(model), takesStop(model), samplesWithoutReasoning(model)]).toEqual([reasons, stop, samples]);
});
