import { registerProvider } from '@anyllm/core/provider';
import { createMistral } from './create-mistral.ts';

export { createMistral } from './create-mistral.ts';

registerProvider(createMistral());
