import { fork } from 'node:child_process';
import { once } from 'node:events';

export interface Upstream extends AsyncDisposable {
  origin: string;
  /** How many connections were opened since this was last asked. */
  openedConnections(): Promise<number>;
}

export async function startUpstream(): Promise<Upstream> {
  const server = fork(new URL('./upstream.ts', import.meta.url));
  const [{ port }] = await once(server, 'message');
  return {
    origin: `http://127.0.0.1:${port}`,
    async openedConnections() {
      const answered = once(server, 'message');
      server.send('opened?');
      const [{ opened }] = await answered;
      return opened;
    },
    async [Symbol.asyncDispose]() {
      server.disconnect();
    },
  };
}
