import { chat } from '@tanstack/ai';
import { createOpenaiChatCompletions } from '@tanstack/ai-openai';
import { type CreateContestant, question } from './contestant.ts';

export const createContestant: CreateContestant = ({ serverURL }) => {
  const [system, user] = question.messages;
  const request = {
    adapter: createOpenaiChatCompletions(question.model, 'key', { baseURL: `${serverURL}/v1` }),
    systemPrompts: [system.content],
    messages: [user],
    modelOptions: { temperature: question.temperature, max_tokens: question.max_tokens },
  };

  return {
    whole: () => chat({ ...request, stream: false }),

    async stream(onFirstText) {
      let text = '';
      for await (const chunk of chat(request)) {
        if (chunk.type !== 'TEXT_MESSAGE_CONTENT' || !chunk.delta) continue;
        if (text === '') onFirstText();
        text += chunk.delta;
      }
      return text;
    },
  };
};
