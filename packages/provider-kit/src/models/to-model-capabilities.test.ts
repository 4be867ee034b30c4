import { expect, test } from 'vitest';
import { toModelCapabilities } from './to-model-capabilities.ts';

test.each([
  [{ id: 'm' }, undefined],
  [{ type: 'base' }, undefined],
  [{ capabilities: 7 }, undefined],
  [{ type: 'chat' }, ['completion']],
  [{ type: 'embedding' }, ['embedding']],
  [{ capabilities: { completion_chat: true, function_calling: true, vision: false } }, ['completion', 'tools']],
  [{ capabilities: { vision: false } }, []],
  [{ capabilities: ['completion', 'thinking', 'insert', null] }, ['completion', 'reasoning', 'fim']],
  [{ capabilities: ['constructor', '__proto__'] }, ['constructor', '__proto__']],
  [{ supported_parameters: ['tools', 'seed'] }, ['completion', 'tools']],
  [{ supported_parameters: [], architecture: { input_modalities: ['text', 'image'] } }, ['completion', 'vision']],
])('%j states %j', (row, capabilities) => {
  expect(toModelCapabilities(row)).toEqual(capabilities);
});
