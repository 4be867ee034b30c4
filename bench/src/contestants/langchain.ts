import { ChatOpenAI } from '@langchain/openai';
import { type CreateContestant, question } from './contestant.ts';

export const createContestant: CreateContestant = ({ serverURL }) => {
  const model = new ChatOpenAI({
    apiKey: 'key',
    model: question.model,
    temperature: question.temperature,
    maxTokens: question.max_tokens,
    configuration: { baseURL: `${serverURL}/v1` },
  });
  const messages = [...question.messages];

  return {
    async whole() {
      const message = await model.invoke(messages);
      return message.text;
    },

    async stream(onFirstText) {
      let text = '';
      for await (const chunk of await model.stream(messages)) {
        if (!chunk.text) continue;
        if (text === '') onFirstText();
        text += chunk.text;
      }
      return text;
    },
  };
};
