import {
  type Answer,
  type Dialect,
  type EventStream,
  type Exchange,
  isObject,
  type StreamEvent,
  scriptedEvents,
  type WholeAnswer,
} from './answer.ts';
import { type ChatQuestion, toChatQuestion } from './chat-question.ts';
import { checkOllamaChat, checkOllamaModel } from './check-ollama.ts';
import { type Choice, type Tally, toChoices, toUsage } from './choice.ts';
import { completeReply } from './default-reply.ts';
import { embeddingOf } from './embedding.ts';
import { toLogprobs } from './logprobs.ts';
import { transcribeOllama } from './ollama-audio.ts';
import { HEXADECIMAL } from './random.ts';
import type { JsonObject } from './recorded-request.ts';
import type { Reply, ReplyError } from './reply.ts';
import { countTokens } from './tokens.ts';

export const ollamaDialect: Dialect = {
  checkKey: () => undefined,
  answer,
  errorAnswer: (_, error) => errorAnswer(error),
  headers: () => ({}),
};

const MODELS = ['llama3:latest', 'llama3.2:latest', 'qwen3:latest', 'nomic-embed-text:latest'];

/** What Ollama says when it gives no more than the status. */
const ERRORS: Record<number, string> = {
  400: 'invalid request',
  401: 'unauthorized',
  403: 'forbidden',
  404: "model 'llama3' not found",
  429: 'too many requests',
  500: 'model runner has unexpectedly stopped, this may be due to resource limitations or an internal error',
  502: 'upstream host is unreachable',
  503: 'server busy, please try again.  maximum pending requests exceeded',
};

function answer(exchange: Exchange): Answer {
  const { route, request } = exchange;
  if (route.endpoint === 'unknown') return text(404, '404 page not found');
  if (route.endpoint === 'liveness') return text(200, request.method === 'HEAD' ? '' : 'Ollama is running');
  if (route.endpoint === 'version') return json(200, { version: '0.12.0' });
  if (route.endpoint === 'models') return json(200, { models: MODELS.map(toModel) });
  if (route.endpoint === 'transcriptions') return transcribeOllama(exchange);
  if (request.text === '') return errorAnswer({ message: 'missing request body' });
  const { body } = request;
  if (!body) return errorAnswer({ message: 'invalid character in the body looking for beginning of value' });
  if (route.endpoint === 'show') return show(body);
  return route.endpoint === 'embeddings' ? embed(body) : chat(exchange, body);
}

function json(status: number, body: object): WholeAnswer {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(body) };
}

function text(status: number, body: string): WholeAnswer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}

function errorAnswer(error: ReplyError): WholeAnswer {
  return json(error.status ?? 400, errorBody(error));
}

function errorBody({ status = 400, message }: ReplyError): object {
  return { error: message ?? ERRORS[status] ?? ERRORS[status < 500 ? 400 : 500] };
}

const DETAILS = {
  parent_model: '',
  format: 'gguf',
  family: 'llama',
  families: ['llama'],
  parameter_size: '8.0B',
  quantization_level: 'Q4_0',
};

function toModel(name: string): object {
  const digest = [...name].map((letter) => letter.charCodeAt(0).toString(16)).join('');
  return {
    name,
    model: name,
    modified_at: '2026-01-02T03:04:05.123456789Z',
    size: 4_661_224_676,
    digest: digest.padEnd(64, '0').slice(0, 64),
    details: DETAILS,
  };
}

function show(body: JsonObject): WholeAnswer {
  const model = body.model ?? body.name;
  const error = checkOllamaModel({ model });
  if (error) return errorAnswer(error);
  return json(200, {
    license: 'Simulated',
    modelfile: `FROM ${model}`,
    parameters: 'num_ctx    8192',
    template: '{{ .Prompt }}',
    details: DETAILS,
    model_info: { 'general.architecture': 'llama', 'llama.context_length': 8192, 'llama.embedding_length': 4096 },
    capabilities: ['completion', 'tools', 'thinking'],
    modified_at: '2026-01-02T03:04:05.123456789Z',
  });
}

// A text that is longer is cut without a word, unless the request forbids it.
const CONTEXT_TOKENS = 8_192;

function embed(body: JsonObject): WholeAnswer {
  const error = checkOllamaModel(body);
  if (error) return errorAnswer(error);
  const { input = [] } = body;
  const texts = (Array.isArray(input) ? input : [input]).map(String);
  const tokens = texts.reduce((sum, each) => sum + countTokens(each), 0);
  if (body.truncate === false && texts.some((each) => countTokens(each) > CONTEXT_TOKENS))
    return errorAnswer({ message: 'the input length exceeds the context length' });
  const embeddings = texts.map((each) => embeddingOf(each, Number(body.dimensions ?? 768)));
  const timing = { total_duration: 14_000_000 + tokens, load_duration: 1_000_000, prompt_eval_count: tokens };
  return json(200, { model: body.model, embeddings, ...timing });
}

function chat(exchange: Exchange, body: JsonObject): Answer {
  const error = checkOllamaChat(body);
  if (error) return errorAnswer(error);
  if (Array.isArray(body.messages) ? body.messages.length === 0 : true) return loaded(body);
  const completion = toCompletion(exchange, body);
  if (body.stream !== false)
    return { status: 200, headers: { 'content-type': 'application/x-ndjson' }, stream: toStream(completion) };
  const whole = toWhole(completion);
  return { ...json(200, whole), tokens: completion.tally.text + completion.tally.reasoning };
}

// A request without messages only loads the model.
function loaded({ model }: JsonObject): WholeAnswer {
  const message = { role: 'assistant', content: '' };
  return json(200, { model, created_at: now(), message, done: true, done_reason: 'load' });
}

function now(): string {
  return new Date().toISOString().replace('Z', '000000Z');
}

/** All that the shapes below are made of. */
interface Completion {
  model: string;
  question: ChatQuestion;
  reply: Reply;
  choice: Choice;
  tally: Tally;
  /** The log probabilities of some tokens, as a member to be added; empty when nobody asked. */
  logprobs(tokens: readonly string[], position: number): { logprobs?: object[] };
}

function toCompletion({ reply: scripted, random }: Exchange, body: JsonObject): Completion {
  const options = isObject(body.options) ? body.options : {};
  const limit = Number(options.num_predict ?? -1);
  const question = toChatQuestion(
    { ...body, tool_choice: undefined, n: 1 },
    {
      maxTokens: limit < 0 ? undefined : Math.trunc(limit),
      format: isObject(body.format) ? body.format : body.format === 'json' ? 'json' : undefined,
      thinks: body.think === true || typeof body.think === 'string',
    },
  );
  const tally = { text: 0, reasoning: 0 };
  const reply = completeReply(scripted, question);
  const [choice] = toChoices(reply, question, () => `call_${random.text(8, HEXADECIMAL)}`, tally);
  const settings = { given: choice?.logprobs, top: Number(body.top_logprobs ?? 0), random };
  return {
    model: question.model,
    question,
    reply,
    choice: choice as Choice,
    tally,
    logprobs: (tokens, at) => (body.logprobs === true ? { logprobs: toLogprobs(tokens, at, settings) } : {}),
  };
}

function toWhole(completion: Completion): object {
  const { model, choice } = completion;
  const thinking = [...choice.reasoning()].join('');
  const tokens = [...choice.tokens()];
  const message = {
    role: 'assistant',
    content: tokens.join(''),
    ...(thinking && { thinking }),
    ...(choice.toolCalls.length > 0 && { tool_calls: choice.toolCalls.map(toToolCall) }),
  };
  return { model, created_at: now(), message, ...ending(completion), ...completion.logprobs(tokens, 0) };
}

function toToolCall({ id, name, arguments: text }: Choice['toolCalls'][number], index: number): object {
  return { id, function: { index, name, arguments: toObject(text) } };
}

function toObject(text: string): object {
  try {
    const value = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

/** Everything that the last line has beyond the others. Durations are nanoseconds, as if a token took 10 ms. */
function ending({ choice, reply, question, tally }: Completion): object {
  // Tool calls have no reason of their own here.
  const done_reason = choice.finishReason === 'tool_calls' ? 'stop' : choice.finishReason;
  if (reply.usage === null) return { done: true, done_reason };
  const { prompt, completion } = toUsage(reply.usage, question, tally);
  return {
    done: true,
    done_reason,
    total_duration: (prompt + 10 * completion) * 1_000_000 + 20_000_000,
    load_duration: 20_000_000,
    prompt_eval_count: prompt,
    prompt_eval_duration: prompt * 1_000_000,
    eval_count: completion,
    eval_duration: completion * 10_000_000,
  };
}

function toStream(completion: Completion): EventStream {
  const { events } = completion.reply;
  const empty = {
    model: completion.model,
    created_at: now(),
    message: { role: 'assistant', content: '' },
    done: false,
  };
  return {
    events: events ? scriptedEvents(events) : lines(completion),
    frame: (data) => `${data}\n`,
    keepAlive: `${JSON.stringify(empty)}\n`,
    errorEvent: (error) => JSON.stringify(errorBody({ status: 500, ...error })),
  };
}

function* lines(completion: Completion): Generator<StreamEvent> {
  const { model, choice } = completion;
  const name = JSON.stringify(model);
  const line = (message: string, rest = ''): StreamEvent => ({
    kind: 'token',
    data: `{"model":${name},"created_at":"${now()}","message":{"role":"assistant",${message}},"done":false${rest}}`,
  });
  for (const token of choice.reasoning()) yield line(`"content":"","thinking":${JSON.stringify(token)}`);
  let position = 0;
  for (const token of choice.tokens()) {
    const { logprobs } = completion.logprobs([token], position++);
    yield line(`"content":${JSON.stringify(token)}`, logprobs && `,"logprobs":${JSON.stringify(logprobs)}`);
  }
  for (const [index, call] of choice.toolCalls.entries())
    yield line(`"content":"","tool_calls":${JSON.stringify([toToolCall(call, index)])}`);
  const last = { model, created_at: now(), message: { role: 'assistant', content: '' }, ...ending(completion) };
  yield { kind: 'terminator', data: JSON.stringify(last) };
}
