import { registerProvider } from '@anyllm/core/provider';
import { createOllama } from './create-ollama.ts';

export { createOllama } from './create-ollama.ts';
export type { OllamaOptions } from './ollama-options.ts';

registerProvider(createOllama());
