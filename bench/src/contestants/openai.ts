import OpenAI from 'openai';
import { type CreateContestant, question } from './contestant.ts';

export const createContestant: CreateContestant = ({ serverURL }) => {
  const client = new OpenAI({ apiKey: 'key', baseURL: `${serverURL}/v1` });
  const request = { ...question, messages: [...question.messages] };

  return {
    async whole() {
      const answer = await client.chat.completions.create(request);
      return answer.choices[0]?.message.content ?? '';
    },

    async stream(onFirstText) {
      const stream = await client.chat.completions.create({
        ...request,
        stream: true,
        stream_options: { include_usage: true },
      });
      let text = '';
      for await (const chunk of stream) {
        const piece = chunk.choices[0]?.delta.content;
        if (!piece) continue;
        if (text === '') onFirstText();
        text += piece;
      }
      return text;
    },
  };
};
