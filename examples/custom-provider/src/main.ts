import { setTimeout as delay } from 'node:timers/promises';
import { completion } from '@anyllm/core';
import { foldCompletion } from '@anyllm/core/fold';
import { type ChatCompletionChunk, type ChatRequest, defineProvider, registerProvider } from '@anyllm/core/provider';

/** Answers with the question. It needs no network, so it names no key and no address. */
const echo = defineProvider({
  id: 'echo',

  async complete(request) {
    return foldCompletion(toChunks(request));
  },

  // One chunk per word. `signal` aborts when the caller leaves or a time limit passes.
  async *stream(request, { signal }) {
    for (const chunk of toChunks(request)) {
      await delay(40, undefined, { signal });
      yield chunk;
    }
  },
});

function toChunks({ model, messages }: ChatRequest): ChatCompletionChunk[] {
  const words = String(messages.at(-1)?.content).match(/\s*\S+/g) ?? [];
  const head = {
    id: 'echo-1',
    object: 'chat.completion.chunk',
    created: Math.floor(Date.now() / 1000),
    model,
  } as const;
  const usage = { prompt_tokens: words.length, completion_tokens: words.length, total_tokens: 2 * words.length };
  return [
    ...words.map((content) => ({ ...head, choices: [{ index: 0, delta: { content }, finish_reason: null }] })),
    { ...head, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage },
  ];
}

// From here on it is a provider like any other: warnings, streams, time limits.
registerProvider(echo);

const answer = await completion({ model: 'echo/plain', prompt: 'Is anybody there?', seed: 7 });
console.log(answer.text, answer.usage?.total_tokens, answer.meta.warnings[0]?.message);

const stream = await completion({ model: 'echo/plain', prompt: 'One word after another.', stream: true });
for await (const text of stream.text()) process.stdout.write(`${text}|`);

const prompt = 'Eight words take longer than a fifth of a second.';
const slow = completion({ model: 'echo/plain', prompt, stream: true }, { timeout: 200 });
await slow.then((stream) => stream.completion()).catch((error) => console.log(`\n${error.message}`));
