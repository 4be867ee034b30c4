import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Simulator } from '@anyllm/simulator';

export interface OpenAtServer {
  /** Requests that are neither answered nor broken off. */
  exchanges: number;
  sockets: number;
}

export interface SoakServer extends AsyncDisposable {
  baseURL: Simulator['baseURL'];
  /** What is open when nothing of it is left, or after some seconds. */
  whenClosed(what: keyof OpenAtServer): Promise<number>;
}

const patienceMs = 10_000;

export async function startServer(): Promise<SoakServer> {
  const child = fork(new URL('./server.ts', import.meta.url));
  const [baseURL] = await once(child, 'message');
  const ask = async (): Promise<OpenAtServer> => {
    const told = once(child, 'message');
    child.send('open?');
    const [open] = await told;
    return open;
  };
  return {
    baseURL,
    async whenClosed(what) {
      const deadline = performance.now() + patienceMs;
      for (;;) {
        const open = (await ask())[what];
        if (open === 0 || performance.now() > deadline) return open;
        await delay(10);
      }
    },
    async [Symbol.asyncDispose]() {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}
