import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const CLI = fileURLToPath(new URL('cli.ts', import.meta.url));

/** Runs the command from its source, which Node reads as it is. */
function run(...args: string[]): ChildProcess & { output: { text: string } } {
  const child = spawn(process.execPath, [CLI, ...args]);
  const output = { text: '' };
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output.text += data));
  return Object.assign(child, { output });
}

it('prints where each client is to be pointed, serves, and leaves cleanly on SIGINT', async () => {
  const child = run('--port', '0', '--fault', 'cut:2:end', '--seed', '3');
  await once(child.stdout as NodeJS.ReadableStream, 'data');
  const [, openai] = /baseURL: '([^']+)'/.exec(child.output.text) ?? [];
  expect(child.output.text).toMatch(/^ {2}export MISTRAL_API_BASE=http:\S+\/mistral MISTRAL_API_KEY=any$/m);
  const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Hi' }], stream: true });
  const response = await fetch(`${openai}/chat/completions`, { method: 'POST', body });
  expect((await response.text()).split('\n\n')).toHaveLength(4);
  child.kill('SIGINT');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

it.each([
  [['--port', 'x'], "--port takes a whole number up to 65535, not 'x'"],
  [['--colour'], "Unknown option '--colour'"],
  [['--fault', 'flood'], "--fault does not know 'flood'; it knows refuse,"],
  [['--fault', 'cut:3:axe'], "--fault cut ends by fin, rst, no-last-chunk, end, not 'axe'"],
])('refuses %j in one line with exit code 2', async (args, text) => {
  const child = run(...args);
  expect(await once(child, 'close')).toEqual([2, null]);
  expect(child.output.text).toContain(text);
  expect(child.output.text.trimEnd()).not.toContain('\n');
});

it('explains itself', async () => {
  const child = run('--help');
  expect(await once(child, 'close')).toEqual([0, null]);
  expect(child.output.text).toContain('--require-key');
});
