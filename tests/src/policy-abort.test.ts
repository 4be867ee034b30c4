import { expect, test } from 'vitest';
import { ask, forms, openai, silence, world } from './policy-world.ts';
import { eventually, failure } from './simulated.ts';

test.each(forms)('an abort in any turn after the start ends a $form call', async ({ stream }) => {
  const { simulator, client } = await world(silence);
  const reason = new Error('left');
  for (let turns = 0; turns < 40; turns++) {
    const controller = new AbortController();
    const failed = failure(ask(client, stream, openai, { signal: controller.signal, timeout: 2_000 }));
    for (let turn = 0; turn < turns; turn++) await undefined;
    controller.abort(reason);
    expect(await failed, `after ${turns} turns`).toBe(reason);
  }
  await eventually(() => simulator.sockets.open === 0);
});
