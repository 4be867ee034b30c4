import { readFileSync, writeFileSync } from 'node:fs';
import { AnyLLMError } from '@anyllm/core/provider';
import { expect, test } from 'vitest';
import { createVendor } from './create-vendor.ts';
import { vendorTable } from './testing/vendor-table.ts';
import { type VendorId, vendorIds } from './vendors.ts';

test.each(vendorIds)('%s is a provider with an address, or with a variable for it', (id) => {
  const { baseURL } = createVendor(id, { timeout: 1 }).connection;
  const address = baseURL.default && baseURL.normalize?.(baseURL.default);
  if (address === undefined) expect(baseURL.env).not.toEqual([]);
  else expect(new URL(address).href.replace(/\/+$/, '')).toBe(address.replace(/\/+$/, ''));
});

test('a name that no vendor has is refused', () => {
  for (const id of ['grok', 'constructor']) {
    expect(() => createVendor(id as VendorId)).toThrow(AnyLLMError);
  }
});

/** `UPDATE_DOCS=1 vitest run vendors` writes it anew, for the formatter to align. */
test('the table in the docs is that of the vendors', () => {
  const page = new URL('../../../docs/providers/openai-compatible.md', import.meta.url);
  const text = readFileSync(page, 'utf8');
  const [before = '', table = '', after = ''] = text.split(/<!-- \/?vendors -->/);
  if (process.env.UPDATE_DOCS) {
    writeFileSync(page, `${before}<!-- vendors -->\n\n${vendorTable()}\n\n<!-- /vendors -->${after}`);
  } else {
    expect(unaligned(table)).toBe(unaligned(vendorTable()));
  }
});

function unaligned(table: string): string {
  return table.trim().replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---');
}
