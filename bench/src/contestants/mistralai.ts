import { Mistral } from '@mistralai/mistralai';
import { type CreateContestant, question } from './contestant.ts';

export const createContestant: CreateContestant = ({ serverURL }) => {
  const mistral = new Mistral({ apiKey: 'key', serverURL });
  const request = {
    model: 'mistral-small-latest',
    messages: [...question.messages],
    temperature: question.temperature,
    maxTokens: question.max_tokens,
  };

  return {
    async whole() {
      const answer = await mistral.chat.complete(request);
      return toText(answer.choices[0]?.message?.content);
    },

    async stream(onFirstText) {
      let text = '';
      for await (const event of await mistral.chat.stream(request)) {
        const piece = toText(event.data.choices[0]?.delta.content);
        if (!piece) continue;
        if (text === '') onFirstText();
        text += piece;
      }
      return text;
    },
  };
};

/** Content may also be made of parts, which this server does not send. */
function toText(content: unknown): string {
  return typeof content === 'string' ? content : '';
}
