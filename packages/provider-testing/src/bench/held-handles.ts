import { AsyncLocalStorage, createHook } from 'node:async_hooks';

interface Handle {
  hasRef?(): boolean;
}

interface HeldHandles {
  /** Of what kind they are, at the moment. */
  types(): string[];
  /** Looks no longer. */
  stop(): void;
}

/**
 * Runs code and tells which timers and sockets that came of it still keep the process alive. Only its own are counted,
 * by the asynchronous context in which they were made: the test runner and the server have theirs.
 */
export async function heldHandles<T>(run: () => Promise<T>): Promise<HeldHandles> {
  const scope = new AsyncLocalStorage<true>();
  const handles = new Map<number, { type: string; handle: Handle }>();
  const hook = createHook({
    init(id, type, _, resource) {
      if (/^(?:Timeout|TCPWRAP|TLSWRAP)$/.test(type) && scope.getStore()) handles.set(id, { type, handle: resource });
    },
    destroy: (id) => void handles.delete(id),
  }).enable();
  await scope.run(true, run);
  return {
    types: () => [...handles.values()].filter(({ handle }) => handle.hasRef?.() !== false).map(({ type }) => type),
    stop: () => void hook.disable(),
  };
}
