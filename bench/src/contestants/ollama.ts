import { Ollama } from 'ollama';
import { type CreateContestant, question } from './contestant.ts';

export const createContestant: CreateContestant = ({ serverURL }) => {
  const ollama = new Ollama({ host: serverURL });
  const request = {
    model: 'llama3',
    messages: [...question.messages],
    options: { temperature: question.temperature, num_predict: question.max_tokens },
  };

  return {
    async whole() {
      const answer = await ollama.chat({ ...request, stream: false });
      return answer.message.content;
    },

    async stream(onFirstText) {
      let text = '';
      for await (const chunk of await ollama.chat({ ...request, stream: true })) {
        if (!chunk.message.content) continue;
        if (text === '') onFirstText();
        text += chunk.message.content;
      }
      return text;
    },
  };
};
