import { expect, test } from 'vitest';
import type { Quirks } from './quirks.ts';
import { openAICapabilities, toCapabilities } from './to-capabilities.ts';

test.each<[string, Quirks, object]>([
  ['nothing is taken away by default', {}, openAICapabilities],
  ['only JSON', { structuredOutputs: 'json_object' }, { responseFormats: ['json_object'] }],
  ['no JSON', { structuredOutputs: 'none' }, { responseFormats: [] }],
  ['without the parameter, none of its forms', { dropParams: ['response_format'] }, { responseFormats: [] }],
  ['without tools, none of their kinds', { dropParams: ['tools', 'tool_choice'] }, { toolChoices: [] }],
])('%s', (_, quirks, expected) => {
  expect(toCapabilities({}, quirks)).toMatchObject(expected);
});

test('what is dropped is no capability, also of those that were declared', () => {
  const { parameters } = toCapabilities({ parameters: ['seed', 'user'] }, { dropParams: ['seed'] });
  expect(parameters).toEqual(['user']);
});

test('what is declared wins over a quirk', () => {
  const { responseFormats } = toCapabilities({ responseFormats: ['json_schema'] }, { structuredOutputs: 'none' });
  expect(responseFormats).toEqual(['json_schema']);
});
