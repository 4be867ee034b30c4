import { expect, test } from 'vitest';
import { models, simulate } from '../simulated.ts';

const each = 12;
const words = (request: { text: string }) => /word-\d+/.exec(request.text)?.[0] ?? 'none';

test('calls of every kind at once, of one client to three vendors, get each their own answer', async () => {
  const { client, simulator } = await simulate({
    script: (request) => ({
      ...(words(request).endsWith('3')
        ? { toolCalls: [{ name: 'say', arguments: { word: words(request) } }] }
        : { text: `You said ${words(request)}.` }),
      latency: { headersMs: (request.index * 7) % 23, tokenMs: request.index % 3 },
      wire: { chunkBytes: 'random' },
    }),
  });
  const asked = models.flatMap((model, at) =>
    Array.from({ length: each }, (_, index) => ({ model, word: `word-${at}${index}`, stream: index % 2 === 0 })),
  );
  const answers = await Promise.all(
    asked.map(async ({ model, word, stream }) => {
      const answer = await client.completion({ model, prompt: `Say ${word}`, stream });
      const { choices, meta } = 'completion' in answer ? await answer.completion() : answer;
      const [call] = choices[0]?.message.tool_calls ?? [];
      const said = call?.type === 'function' ? JSON.parse(call.function.arguments).word : choices[0]?.text;
      return { said, provider: meta.provider };
    }),
  );
  expect(answers).toEqual(
    asked.map(({ model, word }) => ({
      said: word.endsWith('3') ? word : `You said ${word}.`,
      provider: model.split('/')[0],
    })),
  );
  expect(simulator.requests).toHaveLength(models.length * each);
});
