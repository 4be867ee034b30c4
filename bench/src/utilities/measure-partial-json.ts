import { completion } from '@anyllm/core';
import { defineProvider, registerProvider } from '@anyllm/core/provider';
import { toTable } from '../markdown.ts';

// What it costs to read JSON while it streams, by `partial()`, at several lengths: the time per character stays the same
// when every character is read once. Prints Markdown.

const pieceLength = 16; // about four tokens
const lengths = [62_500, 250_000, 1_000_000];

registerProvider(
  defineProvider({
    id: 'local',
    complete: () => Promise.reject(new Error('only streams')),
    async *stream({ messages: [message], model }) {
      const text = String(message?.content);
      const head = { id: '1', object: 'chat.completion.chunk' as const, created: 1, model };
      const chunk = (content: string, finish_reason: 'stop' | null = null) => ({
        ...head,
        choices: [{ index: 0, delta: { content }, finish_reason }],
      });
      for (let at = 0; at < text.length; at += pieceLength) yield chunk(text.slice(at, at + pieceLength));
      yield chunk('', 'stop');
    },
  }),
);

await measure('partial', textOf(250_000)); // warm
const rows = [['JSON that comes in pieces of 16 characters', '`partial()`, per character', '`text()`, per character']];
for (const length of lengths) {
  const text = textOf(length);
  const row = [await measure('partial', text), await measure('text', text)].map((ns) => `${ns.toFixed(1)} ns`);
  rows.push([`${text.length} characters`, ...row]);
}
console.log(toTable(rows));

/** @returns nanoseconds per character */
async function measure(view: 'partial' | 'text', prompt: string): Promise<number> {
  const stream = await completion({ model: 'local/any', prompt, stream: true });
  const startedAt = performance.now();
  let last: unknown;
  for await (const value of stream[view]()) last = value;
  if (last === undefined) throw new Error('nothing came');
  return ((performance.now() - startedAt) * 1e6) / prompt.length;
}

function textOf(length: number): string {
  const row = (id: number) => ({ id, name: `name of ${id}`, tags: ['a', 'b'], text: 'x'.repeat(40) });
  return JSON.stringify({ rows: Array.from({ length: Math.ceil(length / 90) }, (_, id) => row(id)) });
}
