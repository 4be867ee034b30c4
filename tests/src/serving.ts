import type { Transport } from '@anyllm/core';

/** Instead of a server, one that answers every request with these bytes in these pieces, at once. */
export function serving(
  pieces: readonly Uint8Array[],
  contentType = 'application/json',
  seen: string[] = [],
): Transport {
  return ({ body }, handler) => {
    seen.push(String(body));
    let aborted = false;
    const unlessAborted = (step: () => void) => aborted || step();
    queueMicrotask(() => {
      unlessAborted(() => handler.onConnected());
      unlessAborted(() => handler.onResponse(200, { 'content-type': contentType }));
      for (const piece of pieces) unlessAborted(() => handler.onData(piece));
      unlessAborted(() => handler.onEnd());
    });
    const abort = () => {
      aborted = true;
    };
    return { abort, pause() {}, resume() {} };
  };
}

/** Cuts at positions that are fractions of the length. */
export function cut(bytes: Buffer, at: readonly number[]): Uint8Array[] {
  const places = [0, ...at.map((part) => Math.floor(part * bytes.length)).sort((a, b) => a - b), bytes.length];
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
}
