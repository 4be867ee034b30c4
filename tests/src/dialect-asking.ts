import { AnyLLMError, type ChatCompletion, type CompletionRequest, completion } from '@anyllm/core';
import { type Script, type Simulator, startSimulator } from '@anyllm/simulator';
import { afterAll, beforeAll } from 'vitest';

type Request = Partial<CompletionRequest>;
type Conversation = Omit<CompletionRequest, 'stream' | 'prompt' | 'messages'> & { messages: typeof hi };

export interface Asked {
  answer: ChatCompletion;
  message: NonNullable<ChatCompletion['choices'][number]>['message'];
  path: string;
  headers: Record<string, unknown>;
  /** What the server was sent. */
  body: Record<string, unknown>;
}

export const hi: NonNullable<CompletionRequest['messages']> = [{ role: 'user', content: 'Hi' }];

/** Ways to ask one vendor's simulator through the public entry, each with a script for its answer. */
export function asking(vendor: 'openai' | 'mistral', model: string) {
  let simulator: Simulator;
  beforeAll(async () => {
    simulator = await startSimulator();
  });
  afterAll(() => simulator.close());

  const toRequest = (request: Request) => ({ model: `${vendor}/${model}`, messages: hi, ...request }) as Conversation;
  const toOptions = (baseURL = simulator.baseURL[vendor]) => ({ apiKey: 'key', baseURL, retries: 0 });

  async function ask(request: Request = {}, script?: Script, baseURL?: string): Promise<Asked> {
    simulator.script(script);
    const before = simulator.requests.length;
    const answer = await completion(toRequest(request), toOptions(baseURL));
    const sent = simulator.requests[before];
    const message = answer.choices[0]?.message;
    if (!sent || !message) throw new Error('nothing was sent, or no choice came back');
    return { answer, message, path: sent.path, headers: sent.headers, body: sent.body as Record<string, unknown> };
  }

  return {
    ask,

    /** The typed error that a request ends with, and how many requests the server saw of it. */
    async fail(request: Request, script?: Script): Promise<{ error: AnyLLMError; sent: number }> {
      simulator.script(script);
      const before = simulator.requests.length;
      const error = await completion(toRequest(request), toOptions()).then(
        () => undefined,
        (reason) => reason,
      );
      if (!AnyLLMError.isInstance(error)) throw new Error(`no typed error but ${error}`);
      return { error, sent: simulator.requests.length - before };
    },

    /** The answer to one question, asked for whole and in a stream, without what differs between any two calls. */
    async bothWays(request: Request, script: Script) {
      const { answer } = await ask(request, script);
      const before = simulator.requests.length;
      const stream = await completion({ ...toRequest(request), stream: true }, toOptions());
      const streamed = await stream.completion();
      const body = simulator.requests[before]?.body as Record<string, unknown>;
      return { whole: comparable(answer), streamed: comparable(streamed), body };
    },

    baseURL: () => simulator.baseURL[vendor],
  };
}

function comparable({ meta: _, id: __, created: ___, ...answer }: ChatCompletion) {
  return answer;
}
