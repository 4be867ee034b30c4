import { ProviderError } from '@anyllm/core/provider';

export type Undici = typeof import('undici');

let loaded: Undici | undefined;
let loading: Promise<Undici> | undefined;

/** undici once it is there: loading it takes some 70 ms, which the first call pays and not every import. */
export function loadedUndici(): Undici | undefined {
  return loaded;
}

export function loadUndici(): Promise<Undici> {
  loading ??= import('undici').then(
    (module) => {
      loaded = module;
      return module;
    },
    (cause) => {
      // Not a failed connection: nothing that could be tried again.
      const message = `undici could not be loaded by ${runtime()}; Node 22.19 or later is needed`;
      throw new ProviderError(message, { cause, retryable: false });
    },
  );
  return loading;
}

function runtime(): string {
  return globalThis.process ? `Node ${process.versions.node}` : 'this runtime';
}
