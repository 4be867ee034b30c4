import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../examples/', import.meta.url));

interface Outcome {
  exitCode: number | string | null | undefined;
  stdout: string;
  stderr: string;
}

/** As a user with no keys, whose output goes into a file. */
function run(example: string, ...args: string[]): Promise<Outcome> {
  const { PATH = '' } = process.env;
  return new Promise((resolve) => {
    const main = `${root}${example}/src/main.ts`;
    const child = execFile(process.execPath, [main, ...args], { env: { PATH } }, (_, stdout, stderr) => {
      resolve({ exitCode: child.exitCode, stdout, stderr });
    });
  });
}

/** What each program says. The simulated answers are fixed, the times are not. */
const expected: Record<string, RegExp[]> = {
  'first-call': [/Two entangled particles/, /mistral-small-latest: \d+ tokens in \d+ ms/],
  streaming: [/brings each dish/, /stop, \d+ tokens/, /first text after \d+ ms of \d+ ms/, /enough after: The event/],
  'concurrent-calls': [/#0 openai\/gpt-4o-mini/, /Paris\. Tokyo\. Nairobi\. Lima\./, /one after another \d+ ms/],
  timeouts: [/1\. ollama: .*400 ms/, /2\. total, after "The/, /3\. the user left/, /4\. .*200 ms/],
  'settled-errors': [/Two entangled/, /misspelt\? mistral/, /provider_not_found: /, /too slow \(total, 2000 ms\)/],
  media: [
    /^boarding\.mp3: \d+ kB of audio\/mpeg$/m,
    /^written down: Boarding begins at gate seven\./m,
    /^0\.0 s to .* Boarding begins/m,
    /^sketch 1\nsketch 2\nkite\.png: \d+ bytes$/m,
    /^blue-kite\.png: \d+ bytes$/m,
  ],
  'compare-providers': [
    /^Simulated answers: no model is asked\./,
    /^openai\/\S+ +Light the first rope/m,
    /^mistral\/\S+ +ok( +\d+\.\d s){2} +\d+$/m,
    /all three in \d+\.\d s; one after another \d+\.\d s\n$/,
  ],
  'custom-provider': [
    /Is anybody there\?/,
    /echo has no `seed`/,
    /One\| word\| after\| another\.\|/,
    /echo: no complete answer within 200 ms/,
  ],
  'other-shapes': [
    /1\. end_turn, \d+ tokens: \[\s*\{\s*type: 'text',\s*text: 'Two entangled/,
    /^2\. Two entangled/m,
    /3\. openai\/gpt-4o-mini completed: \{\s*type: 'output_text'/,
    /3\. ollama\/llama3\.2 completed: \{\s*type: 'output_text'/,
    /^4\. Two entangled/m,
    /5\. 404 \{"type":"error","error":\{"type":"not_found_error"/,
  ],
  'structured-output': [
    /Lentil soup, 45 minutes \(by json_schema\)\n- 250 g red lentils/,
    /- some cumin/,
    /4 ingredients so far\nthe whole: Lentil soup/,
    /does not fit its schema in one place; see `issues`\nminutes: /,
  ],
  tools: [
    /^\{"city":"Atlantis"\} failed: Error: no station in Atlantis$/m,
    /^Rome is sunny.*\n2 steps, \d+ tokens, 0\.\d{6} in money$/m,
    /^denied: The call was not allowed: there is no such place$/m,
    /^answered; spent so far: \d+ tokens$/m,
  ],
  search: [
    /^mistral: .*mistral-embed/m,
    /^3 vectors of 256 numbers, \d+ tokens\nin \d+ ms, with 1 request\n1\.00 {2}Ropes/m,
    /^flagged: false\n\d\.\d\d {2}Lentils/m,
    /^the prompt has \d+ tokens$/m,
  ],
  batch: [
    /^at OpenAI: openai\/batch_\w{3}…$/m,
    /^ {2}France: Paris\.$/m,
    /^ {2}failed, [23] of 4 rows$/m,
    /^and on:\n(.*\n)* {2}completed, 4 of 4 rows$/m,
    /completed, 4 of 4 rows\n( {2}\w+: \w+\.\n){4}$/,
  ],
  'blocking-work': [/216816 primes/, /A prime is/, /longest pause of the event loop meanwhile: \d+ ms/],
};

test('every example is run', () => {
  const programs = globSync('*/src/main.ts', { cwd: root });
  const names = programs.map((path) => dirname(dirname(path)));
  expect(Object.keys(expected).sort()).toEqual(names.sort());
});

// One after another: many at once would be slower than their own time limits.
describe('on the simulator', { timeout: 30_000 }, () => {
  test.each(Object.entries(expected))('%s', async (example, lines) => {
    const { exitCode, stdout, stderr } = await run(example);
    expect({ exitCode, stderr: withoutNodeWarning(stderr) }).toEqual({ exitCode: 0, stderr: '' });
    for (const line of lines) expect(stdout).toMatch(line);
  });

  test('into a pipe the demo prints plain lines, also of a provider that is too slow', async () => {
    const { exitCode, stdout } = await run('compare-providers', '--timeout', '2300');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what it must not print
    expect(stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
    expect(stdout).toMatch(/s {2}mistral\/\S+ first text\n/);
    expect(stdout).toMatch(/^mistral\/\S+ +ok /m);
    expect(stdout).toMatch(/^ollama\/\S+ +timeout /m);
    expect(exitCode).toBe(0);
  });

  test('without keys the demo asks nobody who needs one and says which are missing', async () => {
    const models = ['--model', 'openai/gpt-4o-mini', '--model', 'mistral/mistral-small-latest'];
    const { exitCode, stdout } = await run('compare-providers', '--live', ...models);
    expect(stdout).toMatch(/^Live answers \(keys found: none; missing: OPENAI_API_KEY, MISTRAL_API_KEY; /);
    expect(stdout).toMatch(/^openai.* missing_api_key /m);
    expect(stdout).toMatch(/^mistral.* missing_api_key /m);
    expect(exitCode).toBe(1);
  });
});

/** Node 22 says that it strips types. */
function withoutNodeWarning(stderr: string): string {
  return stderr.replaceAll(
    /^\(node:\d+\) ExperimentalWarning: Type Stripping.*\n|^\(Use `node --trace-warnings.*\n/gm,
    '',
  );
}
