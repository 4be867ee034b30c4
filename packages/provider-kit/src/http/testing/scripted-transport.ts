import type { Clock, ProviderContext, Transport, TransportHandler } from '@anyllm/core/provider';

/** Time that stands still until a test lets what is scheduled happen. */
export function stoppedClock(): Clock & { fire(): void; scheduled: Map<() => void, number> } {
  const scheduled = new Map<() => void, number>();
  return {
    now: () => 0,
    schedule(callback, delayMs) {
      scheduled.set(callback, delayMs);
      return () => scheduled.delete(callback);
    },
    scheduled,
    fire() {
      for (const callback of scheduled.keys()) callback();
    },
  };
}

export function contextFor(transport: Transport, more: Partial<ProviderContext> = {}): ProviderContext {
  return {
    signal: new AbortController().signal,
    apiKey: 'sk-secret-0123456789',
    baseURL: 'http://host/v1',
    headers: {},
    transport,
    clock: stoppedClock(),
    observer: { connected() {}, responded() {}, warn() {} },
    ...more,
  };
}

/** A transport that does what the test says; the log tells what it was asked for. */
export function scripted(act: (handler: TransportHandler) => void) {
  const log: string[] = [];
  const exchange = { abort: () => log.push('abort'), pause() {}, resume() {} };
  const transport: Transport = (_, handler) => {
    act(handler);
    return exchange;
  };
  return { transport, log };
}
