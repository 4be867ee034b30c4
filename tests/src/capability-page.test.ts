import { createMistral } from '@anyllm/provider-mistral';
import { createOllama } from '@anyllm/provider-ollama';
import { createOpenAI } from '@anyllm/provider-openai';
import { expect, test } from 'vitest';
import { toCapabilityPage } from './capability-page.ts';

// `vitest run capability-page -u` writes it anew.
test('docs/capabilities.md shows what the providers declare', async () => {
  const page = toCapabilityPage([createOpenAI(), createMistral(), createOllama()]);
  await expect(page).toMatchFileSnapshot('../../docs/capabilities.md');
});
