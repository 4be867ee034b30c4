import { createClient } from '@anyllm/core';
import { createOpenAI } from '@anyllm/provider-openai';
import { question } from '../../contestants/contestant.ts';
import type { CreateOpenStream } from './open-stream.ts';

export const createOpenStream: CreateOpenStream = (serverURL) => {
  const client = createClient({
    providers: [createOpenAI({ baseURL: `${serverURL}/v1`, apiKey: 'key' })],
    limits: { openai: { concurrency: Infinity } },
  });
  const model = 'openai/gpt-4o-mini' as const;
  const request = { ...question, model, messages: [...question.messages] };
  return async () => {
    const stream = await client.completion({ ...request, stream: true });
    return async () => (await stream.completion()).text;
  };
};
