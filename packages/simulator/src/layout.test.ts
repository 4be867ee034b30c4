import { Mistral } from '@mistralai/mistralai';
import { Ollama } from 'ollama';
import OpenAI from 'openai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Wire } from './reply.ts';
import { type Simulator, startSimulator } from './start-simulator.ts';
import { collect } from './testing/collect.ts';
import { QUESTION } from './testing/raw-exchange.ts';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator();
});
afterEach(() => simulator.close());

/** The deltas that each vendor's own client makes of a stream. */
const CLIENTS: Record<string, () => Promise<unknown[]>> = {
  async openai() {
    const client = new OpenAI({ baseURL: simulator.baseURL.openai, apiKey: 'any' });
    const chunks = await collect(await client.chat.completions.create({ ...TYPED_QUESTION, stream: true }));
    return chunks.map((chunk) => chunk.choices[0]?.delta.content);
  },
  async mistral() {
    const client = new Mistral({ serverURL: simulator.baseURL.mistral, apiKey: 'any' });
    const events = await collect(await client.chat.stream(TYPED_QUESTION));
    return events.map(({ data }) => data.choices[0]?.delta.content);
  },
  async ollama() {
    const client = new Ollama({ host: simulator.baseURL.ollama });
    const lines = await collect(await client.chat({ ...QUESTION, stream: true }));
    return lines.map(({ message }) => message.content);
  },
};

const TYPED_QUESTION = { model: 'test', messages: [{ role: 'user' as const, content: 'Hello' }] };

const LAYOUTS: Wire[] = [
  { chunkBytes: 1 },
  { chunkBytes: 'random', newline: '\r\n' },
  { chunkBytes: 1, newline: '\r\n' },
  { eventsPerPacket: 100 },
  { comments: true },
  { bom: true },
];

describe.each(Object.keys(CLIENTS))('the client of %s', (name) => {
  it.each(LAYOUTS)('reads the same from bytes laid out by %o', async (wire) => {
    const tokens = ['one', ' zwölf', ' 😀', '\n\u2028"'];
    simulator.script([{ tokens }, { tokens, wire }]);
    const plain = await CLIENTS[name]?.();
    const deltas = await CLIENTS[name]?.();
    expect(plain).toEqual(expect.arrayContaining(tokens));
    expect(deltas?.filter(Boolean)).toEqual(plain?.filter(Boolean));
  });
});
