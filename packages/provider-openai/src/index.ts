import { registerProvider } from '@anyllm/core/provider';
import { createOpenAI } from './create-openai.ts';

export { createOpenAI } from './create-openai.ts';

registerProvider(createOpenAI());
