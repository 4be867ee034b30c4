import { type ChatCompletion, type CompletionRequest, createClient } from '@anyllm/core';
import { type OpenAICompatibleSettings, openAICompatible, type Quirks } from '@anyllm/provider-kit/openai';
import { type RecordedRequest, type Script, type SimulatorOptions, startSimulator } from '@anyllm/simulator';
import { onTestFinished } from 'vitest';

export const hi: NonNullable<CompletionRequest['messages']> = [{ role: 'user', content: 'Hi' }];

type Conversation = Omit<CompletionRequest, 'model' | 'stream' | 'prompt' | 'messages'> & { messages: typeof hi };

/** What a server with a script says to a provider with these quirks, asked for whole and in a stream. */
export interface Asking {
  quirks?: Quirks;
  settings?: Partial<OpenAICompatibleSettings<'x'>>;
  request?: Partial<Conversation>;
  server?: Omit<SimulatorOptions, 'script'>;
}

export async function askBothWays(script: Script, { quirks = {}, settings, request, server }: Asking = {}) {
  const simulator = await startSimulator({ ...server, script });
  onTestFinished(() => simulator.close());
  const provider = openAICompatible({ id: 'x', baseURL: simulator.baseURL.openai, quirks, ...settings });
  const client = createClient({ providers: [provider], retries: 0 });
  const conversation: Conversation = { messages: hi, ...request };
  const whole = await client.completion({ ...conversation, model: 'x/m' }).catch(asError);
  const streamed = await client
    .completion({ ...conversation, model: 'x/m', stream: true })
    .then((stream) => stream.completion())
    .catch(asError);
  return { whole: comparable(whole), streamed: comparable(streamed), requests: simulator.requests, simulator };
}

export function bodiesOf(requests: readonly RecordedRequest[]) {
  return requests.map(({ body }) => body ?? {});
}

function asError(error: unknown): Error {
  return error as Error;
}

/** What was said, without what differs between any two calls. */
function comparable(answer: ChatCompletion | Error) {
  if (answer instanceof Error) return answer;
  return {
    choices: answer.choices.map(({ message, finish_reason }) => ({ ...message, finish_reason })),
    usage: answer.usage && [answer.usage.prompt_tokens, answer.usage.completion_tokens, answer.usage.total_tokens],
    warnings: answer.meta.warnings.map(({ code, parameter }) => [code, parameter]),
  };
}
