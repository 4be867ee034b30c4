import { Pool } from 'undici';
import { type CreateContestant, question } from './contestant.ts';

/** The least code that does the work: nothing is checked, no error is told from another, nothing has a time limit. */
export const createContestant: CreateContestant = ({ serverURL, inFlight }) => {
  const { origin, pathname } = new URL(serverURL);
  const pool = new Pool(origin, { connections: inFlight, pipelining: 1 });
  const ask = (body: object) =>
    pool.request({
      path: `${pathname}/v1/chat/completions`,
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer key' },
      body: JSON.stringify(body),
    });

  return {
    async whole() {
      const { body } = await ask(question);
      const answer = JSON.parse(await body.text());
      return answer.choices[0].message.content;
    },

    async stream(onFirstText) {
      const { body } = await ask({ ...question, stream: true, stream_options: { include_usage: true } });
      const decoder = new TextDecoder();
      let unfinished = '';
      let text = '';
      for await (const bytes of body) {
        const lines = (unfinished + decoder.decode(bytes, { stream: true })).split('\n');
        unfinished = lines.pop() as string;
        for (const line of lines) {
          if (!line.startsWith('data: ') || line === 'data: [DONE]') continue;
          const piece = JSON.parse(line.slice(6)).choices[0]?.delta.content;
          if (!piece) continue;
          if (text === '') onFirstText();
          text += piece;
        }
      }
      return text;
    },
  };
};
