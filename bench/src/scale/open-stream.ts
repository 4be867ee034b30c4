import { createClient } from '@anyllm/core';
import { createOpenAI } from '@anyllm/provider-openai';
import { Pool } from 'undici';
import { question } from '../contestants/contestant.ts';

/** Settles when the stream has brought something; what it settles with reads the rest and gives the whole text. */
export type OpenStream = () => Promise<() => Promise<string>>;

/** By contestant. */
export const openers: Record<string, (origin: string, streams: number) => OpenStream> = {
  floor(origin, connections) {
    const pool = new Pool(origin, { connections, pipelining: 1 });
    const headers = { 'content-type': 'application/json' };
    return async () => {
      const body = JSON.stringify({ ...question, stream: true });
      const answer = await pool.request({ path: '/held/v1/chat/completions', method: 'POST', headers, body });
      const packets = answer.body[Symbol.asyncIterator]();
      const first = await packets.next();
      return () => rest(first.value, packets);
    };
  },

  anyllm(origin) {
    const client = createClient({
      providers: [createOpenAI({ baseURL: `${origin}/held/v1`, apiKey: 'key' })],
      limits: { openai: { concurrency: Infinity } },
    });
    const model = 'openai/gpt-4o-mini' as const;
    const request = { ...question, model, messages: [...question.messages] };
    return async () => {
      const stream = await client.completion({ ...request, stream: true });
      return async () => (await stream.completion()).text;
    };
  },
};

async function rest(first: Buffer, packets: AsyncIterator<Buffer>): Promise<string> {
  const bytes = [first];
  for (let step = await packets.next(); !step.done; step = await packets.next()) bytes.push(step.value);
  const events = Buffer.concat(bytes)
    .toString()
    .split('\n')
    .filter((line) => line.startsWith('data: {'));
  return events.map((line) => JSON.parse(line.slice(6)).choices[0]?.delta.content ?? '').join('');
}
