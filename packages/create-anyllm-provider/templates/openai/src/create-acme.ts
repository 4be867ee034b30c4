import type { Provider, ProviderConfig } from '@anyllm/core/provider';
import { openAICompatible } from '@anyllm/provider-kit/openai';

/** Acme's chat completions. From the environment: `ACME_API_KEY` and `ACME_BASE_URL`. */
export function createAcme(config: ProviderConfig = {}): Provider<'acme'> {
  return openAICompatible({
    id: 'acme',
    name: 'Acme',
    baseURL: 'https://api.acme.example/v1',
    baseURLEnv: 'ACME_BASE_URL',
    apiKeyEnv: 'ACME_API_KEY',
    // What the server can do short of, or beyond, OpenAI's chat shape: `{ content: [] }` for one that sees no images.
    capabilities: {},
    // In what it differs: names of fields, roles, how messages are written.
    quirks: {},
    config,
  });
}
