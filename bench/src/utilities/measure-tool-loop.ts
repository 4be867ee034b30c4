import { createOpenAI as createAIOpenAI } from '@ai-sdk/openai';
import { createClient, jsonSchema, type Message, type Tool, type Transport, tool } from '@anyllm/core';
import { createOpenAI } from '@anyllm/provider-openai';
import { generateText, isStepCount, jsonSchema as jsonSchemaOfAI, type ModelMessage, tool as toolOfAI } from 'ai';
import { median } from '../statistics.ts';

// A conversation in which the model calls a tool ten times and then answers, by a loop of the library and by one written
// by hand on its plain calls, in a process of its own: `measure-tool-loop.ts <ours|ai>`. The answers come from memory,
// so that what is measured is the client. Prints microseconds per step, of the loop and by hand.

interface City {
  city: string;
}

const steps = 10;
const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } satisfies {
  type: 'object';
  [word: string]: unknown;
};
const sunny = ({ city }: City) => `${city}: sunny`;
const prompt = 'What is the weather?';

const head = { id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: 'm' };
const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
const called = { name: 'weather', arguments: '{"city":"Rome"}' };
const toAnswer = (message: object, finish_reason: string) =>
  JSON.stringify({
    ...head,
    choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason }],
    usage,
  });
const last = toAnswer({ content: 'It is sunny.' }, 'stop');

/** What the model says to this request: one call more, until there have been enough. */
function answerTo(body: string): string {
  const done = body.split('"role":"tool"').length - 1;
  const call = { id: `call_${done}`, type: 'function', function: called };
  return done === steps ? last : toAnswer({ content: null, tool_calls: [call] }, 'tool_calls');
}

const transport: Transport = ({ body }, handler) => {
  queueMicrotask(() => {
    handler.onConnected();
    handler.onResponse(200, { 'content-type': 'application/json' });
    handler.onData(Buffer.from(answerTo(String(body))));
    handler.onEnd();
  });
  return { abort() {}, pause() {}, resume() {} };
};

type Run = () => Promise<string>;

const contestants: Record<string, () => { loop: Run; byHand: Run }> = {
  ours() {
    const client = createClient({ providers: [createOpenAI({ apiKey: 'key', transport })] });
    const model = 'openai/m';
    const weather = tool({ name: 'weather', parameters: jsonSchema<City>(parameters), execute: sunny });
    const plain: Tool = { type: 'function', function: { name: 'weather', parameters } };
    return {
      loop: async () => (await client.runTools({ model, prompt }, { tools: [weather], maxSteps: steps + 1 })).text,
      async byHand() {
        const messages: Message[] = [{ role: 'user', content: prompt }];
        for (;;) {
          const { choices, text } = await client.completion({ model, messages, tools: [plain] });
          const message = choices[0]?.message;
          const call = message?.tool_calls?.[0];
          if (!message || call?.type !== 'function') return text;
          const content = sunny(JSON.parse(call.function.arguments));
          messages.push(message, { role: 'tool', tool_call_id: call.id, content });
        }
      },
    };
  },

  ai() {
    const fetch = async (_: unknown, init?: { body?: unknown }) =>
      new Response(answerTo(String(init?.body)), { headers: { 'content-type': 'application/json' } });
    const model = createAIOpenAI({ apiKey: 'key', fetch: fetch as typeof globalThis.fetch }).chat('m');
    const weather = toolOfAI({ inputSchema: jsonSchemaOfAI<City>(parameters), execute: sunny });
    const { execute: _, ...plain } = weather; // which leaves the call to the caller
    return {
      loop: async () =>
        (await generateText({ model, prompt, tools: { weather }, stopWhen: isStepCount(steps + 1) })).text,
      async byHand() {
        const messages: ModelMessage[] = [{ role: 'user', content: prompt }];
        for (;;) {
          const { text, toolCalls, response } = await generateText({ model, messages, tools: { weather: plain } });
          const [call] = toolCalls;
          if (!call) return text;
          const { toolCallId, toolName, input } = call;
          const output = { type: 'text' as const, value: sunny(input as City) };
          messages.push(...response.messages, {
            role: 'tool',
            content: [{ type: 'tool-result', toolCallId, toolName, output }],
          });
        }
      },
    };
  },
};

const { loop, byHand } = (contestants[process.argv[2] as string] as () => { loop: Run; byHand: Run })();
console.log(JSON.stringify({ loop: await measure(loop), byHand: await measure(byHand) }));

/** @returns microseconds per step */
async function measure(run: Run): Promise<number> {
  const times = [];
  for (let time = 0; time < 300; time += 1) {
    const startedAt = performance.now();
    if ((await run()) !== 'It is sunny.') throw new Error('this is not the answer');
    if (time >= 100) times.push(((performance.now() - startedAt) * 1e3) / (steps + 1));
  }
  return median(times);
}
