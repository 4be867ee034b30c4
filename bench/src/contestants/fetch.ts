import { type CreateContestant, question } from './contestant.ts';

/** The least code without a dependency. */
export const createContestant: CreateContestant = ({ serverURL }) => {
  const ask = (body: object) =>
    fetch(`${serverURL}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer key' },
      body: JSON.stringify(body),
    });

  return {
    async whole() {
      const response = await ask(question);
      const answer = JSON.parse(await response.text());
      return answer.choices[0].message.content;
    },

    async stream(onFirstText) {
      const response = await ask({ ...question, stream: true, stream_options: { include_usage: true } });
      let unfinished = '';
      let text = '';
      for await (const piece of (response.body as ReadableStream).pipeThrough(new TextDecoderStream())) {
        const events = (unfinished + piece).split('\n\n');
        unfinished = events.pop() as string;
        for (const event of events) {
          if (event === 'data: [DONE]') continue;
          const content = JSON.parse(event.slice('data: '.length)).choices[0]?.delta.content;
          if (!content) continue;
          if (text === '') onFirstText();
          text += content;
        }
      }
      return text;
    },
  };
};
