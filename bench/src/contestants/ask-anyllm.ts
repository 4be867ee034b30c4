import { completion } from '@anyllm/core';
import { type Contestant, question } from './contestant.ts';

/** Ours with default options: everything in force that a program gets without asking. */
export function askAnyLLM(model: string): Contestant {
  const request = { ...question, model, messages: [...question.messages] };

  return {
    async whole() {
      const answer = await completion(request);
      return answer.text;
    },

    async stream(onFirstText) {
      const stream = await completion({ ...request, stream: true });
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
}
