export type Undici = typeof import('undici');

let loaded: Undici | undefined;
let loading: Promise<Undici> | undefined;

/** undici once it is there: loading it takes some 70 ms, which the first call pays and not every import. */
export function loadedUndici(): Undici | undefined {
  return loaded;
}

export function loadUndici(): Promise<Undici> {
  loading ??= import('undici').then((module) => {
    loaded = module;
    return module;
  });
  return loading;
}
