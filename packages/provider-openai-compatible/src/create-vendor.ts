import { InvalidRequestError, type Provider, type ProviderConfig } from '@anyllm/core/provider';
import { openAICompatible } from '@anyllm/provider-kit/openai';
import { toOperations } from './vendor-operations.ts';
import { type Vendor, type VendorId, vendors } from './vendors.ts';

/**
 * The provider for one of the vendors, with settings of its own.
 * @throws InvalidRequestError for a name that none of them has
 *
 * @example
 * const client = createClient({ providers: [createVendor('groq', { timeout: 20_000 })] });
 */
export function createVendor<const Id extends VendorId>(id: Id, config: ProviderConfig = {}): Provider<Id> {
  const vendor: Vendor | undefined = Object.hasOwn(vendors, id) ? vendors[id] : undefined;
  if (!vendor)
    throw new InvalidRequestError(`no OpenAI-compatible vendor is called ${JSON.stringify(id)}`, { path: 'id' });
  const { operations = {}, ...settings } = vendor;
  return openAICompatible({
    ...settings,
    operations: (endpoint) => toOperations(id, operations, endpoint),
    id,
    config,
  });
}
