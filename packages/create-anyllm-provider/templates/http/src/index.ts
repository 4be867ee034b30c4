import { registerProvider } from '@anyllm/core/provider';
import { createAcme } from './create-acme.ts';

export { createAcme } from './create-acme.ts';

registerProvider(createAcme());
