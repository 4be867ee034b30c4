import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

/** Listens, says on which port, and then never gives its event loop a turn: nothing is accepted. */
const program = `
  const server = require('node:net').createServer().listen(0, '127.0.0.1', 1, () => {
    require('node:fs').writeSync(1, String(server.address().port));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
`;

/** The address of a server that takes no further connection: one that is begun hangs. Until the test ends. */
export async function startBusyListener(): Promise<string> {
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const fillers: Socket[] = [];
  onTestFinished(() => {
    for (const filler of fillers) filler.destroy();
    child.kill('SIGKILL');
  });
  const [port] = await once(child.stdout, 'data');
  // What the system takes in on the server's behalf is used up first.
  for (let taken = true; taken; ) {
    const filler = connect(Number(String(port)), '127.0.0.1').on('error', () => {});
    fillers.push(filler);
    taken = await Promise.race([once(filler, 'connect').then(() => true), sleep(300).then(() => false)]);
  }
  return `http://127.0.0.1:${port}`;
}
