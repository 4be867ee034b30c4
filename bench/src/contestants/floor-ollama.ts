import { Pool } from 'undici';
import { type CreateContestant, question } from './contestant.ts';

/** The same as `floor.ts` for Ollama's lines. */
export const createContestant: CreateContestant = ({ serverURL, inFlight }) => {
  const { origin, pathname } = new URL(serverURL);
  const pool = new Pool(origin, { connections: inFlight, pipelining: 1 });
  const { messages, temperature, max_tokens: num_predict } = question;
  const ask = (stream: boolean) =>
    pool.request({
      path: `${pathname}/api/chat`,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'llama3', messages, stream, options: { temperature, num_predict } }),
    });

  return {
    async whole() {
      const { body } = await ask(false);
      const answer = JSON.parse(await body.text());
      return answer.message.content;
    },

    async stream(onFirstText) {
      const { body } = await ask(true);
      const decoder = new TextDecoder();
      let unfinished = '';
      let text = '';
      for await (const bytes of body) {
        const lines = (unfinished + decoder.decode(bytes, { stream: true })).split('\n');
        unfinished = lines.pop() as string;
        for (const line of lines) {
          const piece = JSON.parse(line).message.content;
          if (!piece) continue;
          if (text === '') onFirstText();
          text += piece;
        }
      }
      return text;
    },
  };
};
