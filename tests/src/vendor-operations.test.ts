import { createClient, UnsupportedParameterError } from '@anyllm/core';
import { createVendor, type VendorId } from '@anyllm/provider-openai-compatible';
import { startSimulator } from '@anyllm/simulator';
import { expect, onTestFinished, test } from 'vitest';
import { failure } from './simulated.ts';

/** A client of one vendor, whose server is the simulator. */
async function simulateVendor(id: VendorId) {
  const simulator = await startSimulator();
  onTestFinished(() => simulator.close());
  const provider = createVendor(id, { baseURL: simulator.baseURL.openai, apiKey: 'key' });
  return { simulator, client: createClient({ providers: [provider], retries: 0 }) };
}

test('a vendor without embeddings refuses before the network', async () => {
  const { client, simulator } = await simulateVendor('groq');
  const error = await failure(client.embedding({ model: 'groq/m', input: 'red' }));
  expect(error).toBeInstanceOf(UnsupportedParameterError);
  expect((error as Error).message).toBe('groq: embeddings are not supported (the provider has no `embed`)');
  expect(simulator.requests).toEqual([]);
});

test.each<[VendorId, number[]]>([
  ['together', [25]],
  ['dashscope', [10, 10, 5]],
])('%s gets as many texts at once as it takes', async (id, sizes) => {
  const { client, simulator } = await simulateVendor(id);
  const input = Array.from({ length: 25 }, (_, at) => `text ${at}`);
  expect((await client.embedding({ model: `${id}/m`, input, dimensions: 2 })).data).toHaveLength(25);
  expect(simulator.requests.map(({ body }) => [body?.input].flat().length)).toEqual(sizes);
});

test('what a vendor refuses is left out with a warning', async () => {
  const { client, simulator } = await simulateVendor('sambanova');
  const { meta } = await client.embedding({ model: 'sambanova/m', input: 'red', encoding_format: 'base64' });
  expect(meta.warnings).toMatchObject([{ code: 'parameter_dropped', parameter: 'encoding_format' }]);
  expect(simulator.requests[0]?.body).not.toHaveProperty('encoding_format');
});
