import {
  AnyLLMError,
  type ChatCompletion,
  type CompletionRequest,
  type CompletionStream,
  compare,
  completion,
  createClient,
  createLimiter,
  gather,
  jsonSchema,
  mapConcurrent,
  RateLimitError,
  retry,
  tool,
  withTimeout,
} from '@anyllm/core';
import { type BatchJob, batch, createBatch } from '@anyllm/core/batch';
import { completionRequestSchema, providerConfigSchema } from '@anyllm/core/schemas';
import { createMistral } from '@anyllm/provider-mistral';
import { createOllama } from '@anyllm/provider-ollama';
import { createOpenAI } from '@anyllm/provider-openai';

const prompt = 'Say hello.';
const messages: NonNullable<CompletionRequest['messages']> = [{ role: 'user', content: prompt }];
const client = createClient({ providers: [createOpenAI({ apiKey: 'key' }), createMistral(), createOllama()] });

export async function whole(): Promise<string> {
  const answer: ChatCompletion = await completion({ model: 'openai/gpt-4o', messages }, { timeout: 15_000 });
  const again = await client.completion({ model: 'mistral:mistral-small-latest', prompt });
  return answer.text + (again.choices[0]?.message.content ?? '') + answer.meta.provider;
}

export async function streamed(): Promise<ChatCompletion> {
  const stream: CompletionStream = await client.completion({ model: 'ollama/llama3:8b', prompt, stream: true });
  for await (const chunk of stream) console.log(chunk.choices[0]?.delta.content);
  for await (const text of stream.text()) console.log(text.toUpperCase());
  return stream.completion();
}

export async function many(signal: AbortSignal): Promise<string[]> {
  const requests: CompletionRequest[] = [{ model: 'openai/gpt-4o', prompt }];
  const rows = await gather(requests, { concurrency: 20, settle: true, signal });
  for await (const double of mapConcurrent([1, 2], async (value) => value * 2)) double.toFixed();
  await compare({ prompt }, { models: ['openai/gpt-4o', 'mistral/mistral-small-latest'] });
  return rows.map((row) =>
    row.status === 'fulfilled' ? row.value.text : AnyLLMError.isInstance(row.reason) ? row.reason.code : 'unknown',
  );
}

export async function guarded(): Promise<number> {
  const limiter = createLimiter({ concurrency: 2 });
  try {
    const lease = await limiter.acquire();
    lease.release();
    return await retry(() => withTimeout(async () => 1, 100));
  } catch (error) {
    if (error instanceof RateLimitError) return error.retryAfterMs ?? 0;
    if (AnyLLMError.isInstance(error)) return error.code.length;
    throw error;
  }
}

export async function overnight(): Promise<BatchJob> {
  const { id } = await createBatch(client).create({ file: 'rows.jsonl', model: 'openai/gpt-4o' });
  for await (const row of batch.results(id)) if (row.status === 'rejected') throw row.reason;
  return batch.wait(id);
}

export const validated = [completionRequestSchema['~standard'].version, providerConfigSchema['~standard'].vendor];

export async function typed(): Promise<number> {
  const city = jsonSchema<{ name: string; people: number }>({ type: 'object' });
  const { parsed } = await completion({ model: 'openai/gpt-4o', prompt, response_format: city });
  const { text } = await client.runTools(
    { model: 'openai/gpt-4o', prompt },
    { tools: [tool({ name: 'size', parameters: city, execute: ({ people }) => people.toFixed() })] },
  );
  return parsed.people + text.length;
}

// What must not compile.
export async function withoutSchema(): Promise<unknown> {
  const answer = await completion({ model: 'openai/gpt-4o', prompt });
  // @ts-expect-error there is no `parsed` without a schema
  return answer.parsed;
}
// @ts-expect-error no such provider
void client.completion({ model: 'opnai/gpt-4o', prompt });
// @ts-expect-error no provider
void client.completion({ model: 'gpt-4o', prompt });
// @ts-expect-error either `prompt` or `messages`
void completion({ model: 'openai/gpt-4o', prompt, messages });
// @ts-expect-error neither `prompt` nor `messages`
void completion({ model: 'openai/gpt-4o' });
// @ts-expect-error an option is not a parameter
void completion({ model: 'openai/gpt-4o', prompt, timeout: 1 });
// @ts-expect-error a misspelt setting
createOpenAI({ apikey: 'key' });
