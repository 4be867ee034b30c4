import type { CallMeta } from '@anyllm/core';
import type { JsonObject, ProviderMetadata } from '../specification.ts';

/** The account of the call, under `providerMetadata.anyllm.meta`. */
export function toMetadata(meta: CallMeta): ProviderMetadata {
  return { anyllm: { meta: JSON.parse(JSON.stringify(meta)) as JsonObject } };
}
