import { createOpenAI } from '@ai-sdk/openai';
import { generateText, streamText } from 'ai';
import { type CreateContestant, question } from './contestant.ts';

export const createContestant: CreateContestant = ({ serverURL }) => {
  const openai = createOpenAI({ apiKey: 'key', baseURL: `${serverURL}/v1` });
  const [system, user] = question.messages;
  const request = {
    model: openai.chat(question.model),
    instructions: system.content,
    prompt: user.content,
    temperature: question.temperature,
    maxOutputTokens: question.max_tokens,
  };

  return {
    async whole() {
      const { text } = await generateText(request);
      return text;
    },

    async stream(onFirstText) {
      let text = '';
      for await (const piece of streamText(request).textStream) {
        if (text === '') onFirstText();
        text += piece;
      }
      return text;
    },
  };
};
