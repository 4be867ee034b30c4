import OpenAI from 'openai';
import { question } from '../../contestants/contestant.ts';
import type { CreateOpenStream } from './open-stream.ts';

export const createOpenStream: CreateOpenStream = (serverURL) => {
  const client = new OpenAI({ apiKey: 'key', baseURL: `${serverURL}/v1` });
  const request = { ...question, messages: [...question.messages] };
  return async () => {
    const stream = await client.chat.completions.create({ ...request, stream: true });
    const chunks = stream[Symbol.asyncIterator]();
    const first = await chunks.next();
    return async () => {
      let text = '';
      for (let step = first; !step.done; step = await chunks.next()) text += step.value.choices[0]?.delta.content ?? '';
      return text;
    };
  };
};
