import '@anyllm/example-backend'; // simulated answers, unless started with --live
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { MessagesEvent, MessagesResult, ResponsesEvent, ResponsesResult } from '@anyllm/core';
import { gateway } from './gateway.ts';

await once(gateway.listen(0), 'listening');
const { port } = gateway.address() as AddressInfo;

function post(path: string, body: object): Promise<Response> {
  return fetch(`http://localhost:${port}${path}`, { method: 'POST', body: JSON.stringify(body) });
}

/** The events of a stream, as a client of the API reads them. */
async function* eventsOf<Event>(answer: Response): AsyncGenerator<Event> {
  let text = '';
  for await (const bytes of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const frames = (text + bytes).split('\n\n');
    text = frames.pop() ?? '';
    for (const frame of frames) yield JSON.parse(frame.slice(frame.indexOf('data: ') + 6)) as Event;
  }
}

const question = 'Explain entanglement in a sentence.';

// What a client of the Messages API sends, to a model of another vendor.
const message = {
  model: 'mistral/mistral-small-latest',
  max_tokens: 200,
  messages: [{ role: 'user', content: question }],
};
const whole = (await (await post('/v1/messages', message)).json()) as MessagesResult;
console.log(`1. ${whole.stop_reason}, ${whole.usage.output_tokens} tokens:`, whole.content);

// Streamed.
process.stdout.write('2. ');
for await (const event of eventsOf<MessagesEvent>(await post('/v1/messages', { ...message, stream: true }))) {
  if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') process.stdout.write(event.delta.text);
}

// What a client of the Responses API sends: native at one vendor, over chat at the other.
for (const model of ['openai/gpt-4o-mini', 'ollama/llama3.2']) {
  const { status, output } = (await (
    await post('/v1/responses', { model, input: question })
  ).json()) as ResponsesResult;
  console.log(`\n3. ${model} ${status}:`, output[0]?.type === 'message' && output[0].content[0]);
}

// Streamed.
process.stdout.write('\n4. ');
const asked = { model: 'ollama/llama3.2', input: question, stream: true };
for await (const event of eventsOf<ResponsesEvent>(await post('/v1/responses', asked))) {
  if (event.type === 'response.output_text.delta') process.stdout.write(event.delta);
}

// A failure has the status and the body that the client knows.
const failed = await post('/v1/messages', { ...message, model: 'mistral/unknown-model' });
console.log(`\n\n5. ${failed.status} ${await failed.text()}`);
gateway.close();
