import { Pool } from 'undici';
import { question } from '../../contestants/contestant.ts';
import type { CreateOpenStream } from './open-stream.ts';

export const createOpenStream: CreateOpenStream = (serverURL, connections) => {
  const { origin, pathname } = new URL(serverURL);
  const pool = new Pool(origin, { connections, pipelining: 1 });
  const headers = { 'content-type': 'application/json' };
  return async () => {
    const body = JSON.stringify({ ...question, stream: true });
    const answer = await pool.request({ path: `${pathname}/v1/chat/completions`, method: 'POST', headers, body });
    const packets = answer.body[Symbol.asyncIterator]();
    const first = await packets.next();
    return () => rest(first.value, packets);
  };
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
