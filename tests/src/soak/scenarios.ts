import { setTimeout as delay } from 'node:timers/promises';
import { type Client, type CompletionStream, mapConcurrent, race, withTimeout } from '@anyllm/core';
import { faults, type ReplyName, text } from './replies.ts';

export interface SoakCall {
  client: Client;
  /** One that all calls share and that never aborts: whoever forgets to stop listening shows on it. */
  signal: AbortSignal;
  /** Which call it is, from 0. */
  index: number;
}

/** The reason with which the soak aborts its own calls. */
export class Left extends Error {}

type Scenario = (call: SoakCall) => Promise<unknown>;

export const models = ['openai/gpt-4o', 'mistral/mistral-small-latest', 'ollama/llama3'] as const;

/** Mixed use of everything that holds a socket, a timer, a listener or a slot. */
export const scenarios: Record<string, Scenario> = {
  whole: async (call) => checkText((await ask(call, 'answer')).text),
  'streamed to the end': async (call) => checkText((await (await stream(call, 'in bursts')).completion()).text),
  'streamed as text': async (call) => checkText(await joined((await stream(call, 'answer')).text())),

  'broken off early': async (call) => {
    for await (const _ of await stream(call, 'slowly')) break;
  },
  'closed by its scope': async (call) => {
    await using chunks = await stream(call, 'slowly');
    await chunks[Symbol.asyncIterator]().next();
  },
  'left by a web stream': async (call) => {
    const reader = (await stream(call, 'slowly')).toReadableStream().getReader();
    await reader.read();
    await reader.cancel();
  },
  'read by nobody': (call) => stream(call, 'slowly', { timeout: 100 }),

  'aborted while waiting': (call) => aborting(call, (signal) => ask({ ...call, signal }, 'never')),
  'aborted while streaming': (call) =>
    aborting(call, async (signal) => (await stream({ ...call, signal }, 'stall')).completion()),
  'aborted at once': (call) => ask({ ...call, signal: AbortSignal.abort(new Left()) }, 'answer'),
  'out of time': (call) => ask(call, 'never', { timeout: 30 }),
  'idle for too long': async (call) =>
    (await stream(call, 'stall', { timeout: { total: 300, idle: 30 } })).completion(),

  'failing whole': (call) => ask(call, faultOf(call), { timeout: { total: 300, attempt: 100 } }),
  'failing stream': async (call) => (await stream(call, faultOf(call), { timeout: 200 })).completion(),
  'retried at last': (call) => ask(call, `sometimes ${faultOf(call)}`, { timeout: { total: 300, attempt: 100 } }),
  restarted: async (call) => (await stream(call, 'sometimes cut', { onInterrupt: 'restart' })).completion(),
  'with an open circuit': (call) => ask(call, 'server error', { apiKey: 'a key that fails' }),
  'answered by another': async (call) =>
    checkText((await ask(call, 'sometimes server error', { fallbacks: [modelOf(call)], retries: 0 })).text),

  balanced: (call) => ask(call, 'answer', {}, 'any'),

  gathered: ({ client, signal }) =>
    client.gather(requests('answer', 'bad request', 'slowly'), { settle: true, signal, concurrency: 2 }),
  'gathered until one fails': ({ client, signal }) => client.gather(requests('slowly', 'bad request'), { signal }),
  'gathered until left': async ({ client, signal }) => {
    for await (const _ of client.gather(requests('answer', 'slowly', 'never'), { signal, settle: true })) break;
  },
  compared: ({ client, signal }) => client.compare({ prompt: 'sometimes late' }, { models, signal }),
  mapped: async (call) => {
    const answers = mapConcurrent(
      ['answer', 'slowly', 'never'] as const,
      (prompt) => ask(call, prompt, { timeout: 50 }),
      {
        concurrency: 2,
        signal: call.signal,
      },
    );
    for await (const _ of answers) break;
  },
  raced: (call) =>
    race(
      models.map(
        (model) =>
          ({ signal }) =>
            ask({ ...call, signal }, 'sometimes late', {}, model),
      ),
      { signal: call.signal },
    ),
  'out of its own time': (call) => withTimeout(({ signal }) => ask({ ...call, signal }, 'never'), 20, call),
};

type Options = Parameters<Client['completion']>[1];
type Prompt = ReplyName | `sometimes ${ReplyName}`;

function ask(call: SoakCall, prompt: Prompt, options?: Options, model = modelOf(call)) {
  return call.client.completion({ model, prompt }, { signal: call.signal, ...keyFor(prompt), ...options });
}

function stream(call: SoakCall, prompt: Prompt, options?: Options): Promise<CompletionStream> {
  const { client, signal } = call;
  const request = { model: modelOf(call), prompt, stream: true } as const;
  return client.completion(request, { signal, ...keyFor(prompt), ...options });
}

function modelOf({ index }: SoakCall): string {
  return models[index % models.length] as string;
}

/** Failures have keys of their own and little time, so that open circuits and pauses do not hold up everything else. */
function keyFor(prompt: Prompt): Options {
  const fault = faults.find((fault) => prompt.endsWith(fault));
  return fault && { apiKey: `key of ${fault}`, timeout: 300 };
}

function faultOf({ index }: SoakCall): ReplyName {
  return faults[index % faults.length] as ReplyName;
}

function requests(...prompts: ReplyName[]) {
  return prompts.map((prompt, at) => ({ model: models[at % models.length] as string, prompt }));
}

/** Aborts after a while that reaches into each phase of the call. */
async function aborting(call: SoakCall, run: (signal: AbortSignal) => Promise<unknown>): Promise<unknown> {
  const controller = new AbortController();
  const answer = run(controller.signal);
  answer.catch(() => {});
  await delay(call.index % 20);
  controller.abort(new Left());
  return answer;
}

async function joined(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

function checkText(received: string): void {
  if (received !== text) throw new Error(`the text is not the one that was sent: ${received.slice(0, 80)}`);
}
