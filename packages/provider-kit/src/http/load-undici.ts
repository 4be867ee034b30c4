import { onDemand, ProviderError } from '@anyllm/core/provider';

export type Undici = typeof import('undici');

/** undici: loading it takes some 70 ms, which the first call pays and not every import. */
export const undici: () => Undici | Promise<Undici> = /* @__PURE__ */ onDemand(load);

async function load(): Promise<Undici> {
  try {
    return await import('undici');
  } catch (cause) {
    // Not a failed connection: nothing that could be tried again.
    const message = `undici could not be loaded by ${runtime()}; Node 22.19 or later is needed`;
    throw new ProviderError(message, { cause, retryable: false });
  }
}

function runtime(): string {
  return globalThis.process ? `Node ${process.versions.node}` : 'this runtime';
}
