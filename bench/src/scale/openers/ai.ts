import { createOpenAI } from '@ai-sdk/openai';
import { streamText } from 'ai';
import { question } from '../../contestants/contestant.ts';
import type { CreateOpenStream } from './open-stream.ts';

export const createOpenStream: CreateOpenStream = (serverURL) => {
  const model = createOpenAI({ apiKey: 'key', baseURL: `${serverURL}/v1` }).chat(question.model);
  const [system, user] = question.messages;
  return async () => {
    const { textStream } = streamText({ model, instructions: system.content, prompt: user.content });
    const pieces = textStream[Symbol.asyncIterator]();
    const first = await pieces.next();
    return async () => {
      let text = '';
      for (let step = first; !step.done; step = await pieces.next()) text += step.value;
      return text;
    };
  };
};
