import type { Dialect } from './dialect.ts';

const head = { model: 'llama3', created_at: '2025-11-24T12:00:00.123456789Z' };
const end = {
  done: true,
  done_reason: 'stop',
  total_duration: 2_900_000_000,
  load_duration: 20_000_000,
  prompt_eval_count: 19,
  prompt_eval_duration: 30_000_000,
  eval_count: 200,
  eval_duration: 2_800_000_000,
};

export const ollama: Dialect = {
  path: '/api/chat',
  headers: ['date: Mon, 24 Nov 2025 12:00:00 GMT'],
  whole: {
    contentType: 'application/json; charset=utf-8',
    toBody: (words) => JSON.stringify({ ...head, message: toMessage(words.join('')), ...end }),
  },
  stream: { contentType: 'application/x-ndjson', toEvents },
};

/** The words, and a line with the usage. */
function toEvents(words: string[]): string[] {
  const lines = [
    ...words.map((word) => ({ ...head, message: toMessage(word), done: false })),
    { ...head, message: toMessage(''), ...end },
  ];
  return lines.map((line) => `${JSON.stringify(line)}\n`);
}

function toMessage(content: string): object {
  return { role: 'assistant', content };
}
