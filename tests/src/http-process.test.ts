import { join } from 'node:path';
import { startSimulator } from '@anyllm/simulator';
import { describe, expect, onTestFinished, test } from 'vitest';
import { folderWith, install, runNode } from './child-process.ts';

const packages = ['@anyllm/core', '@anyllm/provider-openai'];

/** Runs code in a process that has the provider and a simulator to ask. */
async function run(code: string, script?: Parameters<typeof startSimulator>[0]) {
  const simulator = await startSimulator(script);
  onTestFinished(() => simulator.close());
  const folder = folderWith({
    'main.mjs': `
      import { completion } from '@anyllm/core';
      import '@anyllm/provider-openai';
      const model = 'openai/gpt-4o';
      const prompt = 'Hi';
      ${code}
    `,
  });
  for (const name of packages) install(folder, name, 'link');
  const env = { OPENAI_API_KEY: 'sk-x', OPENAI_BASE_URL: simulator.baseURL.openai };
  return { simulator, ...(await runNode(join(folder, 'main.mjs'), env, 15_000)) };
}

/** Far below any time limit or keep-alive that could hold a process, far above what starting one takes. */
const promptlyMs = 5_000;

describe('a process', () => {
  test('ends by itself after a call, though the connection is kept alive', async () => {
    const { stdout, code, elapsedMs } = await run(`console.log((await completion({ model, prompt })).text.length > 0)`);
    expect([stdout, code]).toEqual(['true\n', 0]);
    expect(elapsedMs).toBeLessThan(promptlyMs);
  });

  test('ends by itself after a stream', async () => {
    const { stdout, elapsedMs } = await run(`
      const stream = await completion({ model, prompt, stream: true });
      console.log((await stream.completion()).text.length > 0);
    `);
    expect(stdout).toBe('true\n');
    expect(elapsedMs).toBeLessThan(promptlyMs);
  });

  test('ends by itself after failures, time-outs and aborts', async () => {
    const code = `
      const codes = [];
      const note = (error) => codes.push(error.code ?? error.name);
      await completion({ model: 'none', prompt }).catch(note);
      await completion({ model, prompt }, { timeout: 100 }).catch(note);
      await completion({ model, prompt }, { signal: AbortSignal.timeout(100) }).catch(note);
      console.log(codes.join());
    `;
    const { stdout, elapsedMs } = await run(code, { script: { fault: { kind: 'silence' } } });
    expect(stdout.trim()).toMatch(/^invalid_request,timeout,(23|TimeoutError)$/);
    expect(elapsedMs).toBeLessThan(promptlyMs);
  });

  test('ends by itself after a stream that was left', async () => {
    const code = `for await (const _ of await completion({ model, prompt, stream: true })) break; console.log('left');`;
    const { stdout, elapsedMs } = await run(code, {
      script: { tokens: ['a', 'b'], fault: { kind: 'stall', atToken: 1 } },
    });
    expect(stdout).toBe('left\n');
    expect(elapsedMs).toBeLessThan(promptlyMs);
  });

  test('is not held by a stream that nobody reads', async () => {
    const { stdout, code, elapsedMs } = await run(`
      await completion({ model, prompt, stream: true });
      console.log('opened');
    `);
    expect([stdout, code]).toEqual(['opened\n', 0]);
    expect(elapsedMs).toBeLessThan(promptlyMs);
  });

  test('does not end before an awaited call does', async () => {
    const { stdout, code } = await run(`console.log((await completion({ model, prompt })).text)`, {
      script: { text: 'at last', latency: { headersMs: 700 } },
    });
    expect([stdout, code]).toEqual(['at last\n', 0]);
  });

  test('does not end before an awaited stream does', async () => {
    const { stdout, code } = await run(
      `for await (const text of (await completion({ model, prompt, stream: true })).text()) process.stdout.write(text);`,
      { script: { tokens: ['at ', 'last'], latency: { tokenMs: 500 } } },
    );
    expect([stdout, code]).toEqual(['at last', 0]);
  });

  test('does not end while a provider that has no socket is awaited', async () => {
    const code = `
      import { defineProvider, registerProvider } from '@anyllm/core/provider';
      registerProvider(defineProvider({ id: 'deaf', complete: () => new Promise(() => {}), async *stream() {} }));
      console.log((await completion({ model: 'deaf/x', prompt }, { timeout: 500 }).catch((error) => error)).code);
    `;
    expect((await run(code)).stdout).toBe('timeout\n');
  });

  test('prints nothing of our own', async () => {
    const { stdout, stderr } = await run(`
      await completion({ model, prompt });
      await (await completion({ model, prompt, stream: true })).completion();
      await completion({ model, prompt }, { timeout: 1 }).catch(() => {});
    `);
    expect([stdout, stderr]).toEqual(['', '']);
  });
});

test('undici is loaded with the first call, not with the import', async () => {
  const { stdout } = await run(`
    import { createRequire } from 'node:module';
    const loaded = () => Object.keys(createRequire(import.meta.url).cache).some((path) => path.includes('undici'));
    const before = loaded();
    await completion({ model, prompt: '' + prompt }).catch(() => {});
    console.log(before, loaded());
  `);
  expect(stdout).toBe('false true\n');
});

test('a call that is refused before the network does not load it', async () => {
  const { stdout } = await run(`
    import { createRequire } from 'node:module';
    await completion({ model, prompt, n: 0 }).catch(() => {});
    console.log(Object.keys(createRequire(import.meta.url).cache).some((path) => path.includes('undici')));
  `);
  expect(stdout).toBe('false\n');
});
