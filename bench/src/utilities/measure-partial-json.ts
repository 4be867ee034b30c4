import { completion } from '@anyllm/core';
import { defineProvider, registerProvider } from '@anyllm/core/provider';
import { parsePartialJson } from 'ai';
import { toTable } from '../markdown.ts';

// What it costs to read JSON while it streams, at several lengths: the time per character stays the same when every
// character is read once. Beside it, what `ai` does with each piece: it parses all that has come. Prints Markdown.

const pieceLength = 16; // about four tokens
const lengths = [25_000, 100_000, 1_000_000];
const longestForAI = 100_000; // ten times as long takes it a hundred times the time: minutes

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
await measureAI(textOf(10_000));
const rows = [['JSON that comes in pieces of 16 characters', '`partial()`', '`text()`', '`parsePartialJson` of `ai`']];
for (const length of lengths) {
  const text = textOf(length);
  const ours = [await measure('partial', text), await measure('text', text)];
  const ai = length > longestForAI ? 'not measured' : perCharacter(await measureAI(text));
  rows.push([`${text.length} characters`, ...ours.map(perCharacter), ai]);
}
console.log(toTable(rows));

function perCharacter(nanoseconds: number): string {
  return `${nanoseconds.toFixed(0)} ns per character`;
}

/** @returns nanoseconds per character */
async function measure(view: 'partial' | 'text', prompt: string): Promise<number> {
  const stream = await completion({ model: 'local/any', prompt, stream: true });
  const startedAt = performance.now();
  let last: unknown;
  for await (const value of stream[view]()) last = value;
  if (last === undefined) throw new Error('nothing came');
  return ((performance.now() - startedAt) * 1e6) / prompt.length;
}

/** Of the text alone: no stream is around it. @returns nanoseconds per character */
async function measureAI(text: string): Promise<number> {
  const startedAt = performance.now();
  let last: unknown;
  for (let end = pieceLength; end < text.length + pieceLength; end += pieceLength) {
    last = (await parsePartialJson(text.slice(0, end))).value;
  }
  if (JSON.stringify(last) !== text) throw new Error('it has not read the whole text');
  return ((performance.now() - startedAt) * 1e6) / text.length;
}

function textOf(length: number): string {
  const row = (id: number) => ({ id, name: `name of ${id}`, tags: ['a', 'b'], text: 'x'.repeat(40) });
  return JSON.stringify({ rows: Array.from({ length: Math.ceil(length / 90) }, (_, id) => row(id)) });
}
