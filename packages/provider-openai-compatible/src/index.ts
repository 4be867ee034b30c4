import { registerProvider } from '@anyllm/core/provider';
import { createVendor } from './create-vendor.ts';
import { vendorIds } from './vendors.ts';

export { createVendor } from './create-vendor.ts';
export type { VendorId } from './vendors.ts';

for (const id of vendorIds) registerProvider(createVendor(id));
