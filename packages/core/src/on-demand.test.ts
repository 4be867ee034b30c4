import { describe, expect, it } from 'vitest';
import { ProviderError } from './errors/errors.ts';
import { onDemand } from './on-demand.ts';

describe('onDemand', () => {
  it('loads nothing before it is asked', async () => {
    const loads: string[] = [];
    const load = onDemand(async () => loads.push('now'));
    expect(loads).toEqual([]);
    await load();
    expect(loads).toEqual(['now']);
  });

  it('loads once for all who ask at the same time', async () => {
    let loads = 0;
    const load = onDemand(async () => ({ number: ++loads }));
    const [first, second] = await Promise.all([load(), load()]);
    expect(first).toEqual({ number: 1 });
    expect(second).toBe(first);
  });

  it('gives without a promise what is there', async () => {
    const load = onDemand(async () => 'module');
    await load();
    expect(load()).toBe('module');
  });

  it('loads anew after a failure', async () => {
    const outcomes = [Promise.reject(new Error('not there')), Promise.resolve('module')];
    const load = onDemand(() => outcomes.shift() as Promise<string>);
    await expect(load()).rejects.toMatchObject({ code: 'provider', cause: { message: 'not there' } });
    await expect(load()).resolves.toBe('module');
  });

  it('lets an error of ours through', async () => {
    const error = new ProviderError('no undici');
    await expect(onDemand(() => Promise.reject(error))()).rejects.toBe(error);
  });
});
