import {
  type Answer,
  type Dialect,
  type EventStream,
  type Exchange,
  frameServerSentEvent,
  jsonAnswer,
  type StreamEvent,
  scriptedEvents,
} from './answer.ts';
import { type ChatQuestion, toChatQuestion, toFormat } from './chat-question.ts';
import { checkMistralEmbeddings } from './check-embeddings.ts';
import { checkMistralChat, checkMistralModel, findInChat, findInEmbeddings } from './check-mistral-chat.ts';
import { type Choice, interleave, type Tally, toChoices, toUsage } from './choice.ts';
import { completeReply } from './default-reply.ts';
import { embeddingOf, toBase64 } from './embedding.ts';
import { speakMistral, transcribeMistral } from './mistral-audio.ts';
import { checkMistralKey, mistralError, mistralErrorBody, mistralFindings, mistralHeaders } from './mistral-errors.ts';
import { mistralModerations } from './mistral-moderations.ts';
import { HEXADECIMAL } from './random.ts';
import type { JsonObject } from './recorded-request.ts';
import type { Reply } from './reply.ts';
import { countTokens } from './tokens.ts';

export const mistralDialect: Dialect = {
  checkKey: checkMistralKey,
  answer,
  errorAnswer: mistralError,
  headers: mistralHeaders,
};

const MODELS = ['mistral-large-latest', 'mistral-small-latest', 'magistral-medium-latest', 'mistral-embed'];

function answer(exchange: Exchange): Answer {
  const { endpoint, id } = exchange.route;
  const headers = mistralHeaders(exchange);
  if (endpoint === 'models') return jsonAnswer(200, headers, { object: 'list', data: MODELS.map(toModel) });
  if (endpoint === 'model' && id)
    return checkMistralModel({ model: id })
      ? mistralError(exchange, { status: 404, type: 'invalid_model', code: '1500', message: `Invalid model: ${id}` })
      : jsonAnswer(200, headers, toModel(id));
  if (endpoint === 'unknown') return jsonAnswer(404, headers, { message: 'no Route matched with those values' });
  if (endpoint === 'transcriptions') return transcribeMistral(exchange);
  const { body } = exchange.request;
  if (!body)
    return mistralFindings(exchange, [{ type: 'json_invalid', loc: ['body', 0], msg: 'JSON decode error', input: {} }]);
  if (endpoint === 'moderations' || endpoint === 'chat-moderations') return mistralModerations(exchange, body);
  if (endpoint === 'speech') return speakMistral(exchange, body);
  return endpoint === 'embeddings' ? embeddings(exchange, body) : chat(exchange, body);
}

function toModel(id: string): object {
  const isEmbedding = id.includes('embed');
  return {
    id,
    object: 'model',
    created: 1_760_000_000,
    owned_by: 'mistralai',
    capabilities: {
      completion_chat: !isEmbedding,
      completion_fim: false,
      function_calling: !isEmbedding,
      fine_tuning: false,
      vision: !isEmbedding,
      classification: false,
      reasoning: id.startsWith('magistral'),
    },
    name: id,
    description: 'Simulated model',
    max_context_length: 131_072,
    aliases: [],
    deprecation: null,
    default_model_temperature: 0.7,
    type: 'base',
  };
}

function embeddings(exchange: Exchange, body: JsonObject): Answer {
  const findings = findInEmbeddings(body);
  if (findings.length > 0) return mistralFindings(exchange, findings);
  const error = checkMistralModel(body) ?? checkMistralEmbeddings(body);
  if (error) return mistralError(exchange, error);
  const texts = (Array.isArray(body.input) ? body.input : [body.input]).map(String);
  const tokens = texts.reduce((sum, text) => sum + countTokens(text), 0);
  const vectors = texts.map((text) => embeddingOf(text, Number(body.output_dimension ?? 1024)));
  return jsonAnswer(200, mistralHeaders(exchange), {
    id: exchange.random.text(32, HEXADECIMAL),
    object: 'list',
    data: vectors.map((vector, index) => ({
      object: 'embedding',
      embedding: body.encoding_format === 'base64' ? toBase64(vector) : vector,
      index,
    })),
    model: body.model,
    usage: { prompt_tokens: tokens, total_tokens: tokens, completion_tokens: 0 },
  });
}

function chat(exchange: Exchange, body: JsonObject): Answer {
  const findings = findInChat(body);
  if (findings.length > 0) return mistralFindings(exchange, findings);
  const error = checkMistralChat(body);
  if (error) return mistralError(exchange, error);
  const completion = toCompletion(exchange, body);
  const headers = mistralHeaders(exchange);
  if (body.stream !== true) {
    const whole = toWhole(completion);
    return { ...jsonAnswer(200, headers, whole), tokens: completion.tally.text + completion.tally.reasoning };
  }
  const stream = toStream(completion);
  return { status: 200, headers: { 'content-type': 'text/event-stream; charset=utf-8', ...headers }, stream };
}

/** All that the shapes below are made of. */
interface Completion {
  shared: { id: string; created: number; model: string };
  question: ChatQuestion;
  reply: Reply;
  choices: Choice[];
  tally: Tally;
}

function toCompletion({ reply: scripted, random }: Exchange, body: JsonObject): Completion {
  const { model, max_tokens, prompt_mode, reasoning_effort } = body;
  const question = toChatQuestion(body, {
    maxTokens: (max_tokens ?? undefined) as number | undefined,
    format: toFormat(body.response_format),
    thinks: prompt_mode === 'reasoning' || reasoning_effort === 'high' || String(model).startsWith('magistral'),
  });
  const id = random.text(32, HEXADECIMAL);
  const tally = { text: 0, reasoning: 0 };
  const reply = completeReply(scripted, question);
  const choices = toChoices(reply, question, () => random.text(9), tally);
  return {
    shared: { id, created: Math.floor(Date.now() / 1000), model: question.model },
    question,
    reply,
    choices,
    tally,
  };
}

function toWhole(completion: Completion): object {
  const { id, created, model } = completion.shared;
  const choices = completion.choices.map(toWholeChoice);
  const usage = usageOf(completion);
  return { id, object: 'chat.completion', created, model, ...(usage && { usage }), choices };
}

function toWholeChoice(choice: Choice, index: number): object {
  const reasoning = [...choice.reasoning()].join('');
  const text = [...choice.tokens()].join('');
  const content = reasoning ? [toThinking(reasoning, true), { type: 'text', text }] : text;
  const calls = choice.toolCalls.length > 0 ? choice.toolCalls.map(toToolCall) : null;
  return {
    index,
    finish_reason: choice.finishReason,
    message: { role: 'assistant', tool_calls: calls, content },
  };
}

function toThinking(text: string, closed: boolean): object {
  return { type: 'thinking', thinking: [{ type: 'text', text }], ...(closed && { closed }) };
}

function toToolCall({ id, name, arguments: text }: Choice['toolCalls'][number], index: number): object {
  return { id, function: { name, arguments: text }, index };
}

function usageOf({ reply, question, tally }: Completion): object | undefined {
  if (reply.usage === null) return undefined;
  const { prompt, completion, cached } = toUsage(reply.usage, question, tally);
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    ...(cached > 0 && { num_cached_tokens: cached, prompt_tokens_details: { cached_tokens: cached } }),
  };
}

function toStream(completion: Completion): EventStream {
  const { events } = completion.reply;
  return {
    events: events ? scriptedEvents(events) : chunks(completion),
    frame: frameServerSentEvent,
    keepAlive: ': keep-alive\n\n',
    errorEvent: (error) => JSON.stringify(mistralErrorBody({ status: 500, ...error })),
  };
}

function* chunks(completion: Completion): Generator<StreamEvent> {
  const { shared, choices } = completion;
  const { id, created, model } = shared;
  const head = JSON.stringify({ id, object: 'chat.completion.chunk', created, model }).slice(0, -1);
  const usage = () => usageOf(completion);
  // Usage comes unasked, with the last of the finish reasons.
  let unfinished = choices.length;
  const chunk: ToChunk = (kind, index, delta, reason) => {
    const choice = `{"index":${index},"delta":${delta},"finish_reason":${reason ? JSON.stringify(reason) : 'null'}}`;
    const totals = reason && --unfinished === 0 ? usage() : undefined;
    return { kind, data: `${head},"choices":[${choice}]${totals ? `,"usage":${JSON.stringify(totals)}` : ''}}` };
  };
  yield* interleave(choices.map((choice, index) => choiceChunks(choice, index, chunk)));
  yield { kind: 'terminator', data: '[DONE]' };
}

type ToChunk = (kind: StreamEvent['kind'], index: number, delta: string, finishReason?: string) => StreamEvent;

function* choiceChunks(choice: Choice, index: number, chunk: ToChunk): Generator<StreamEvent> {
  yield chunk('start', index, '{"role":"assistant","content":""}');
  for (const token of choice.reasoning())
    yield chunk('token', index, JSON.stringify({ content: [toThinking(token, false)] }));
  for (const token of choice.tokens()) yield chunk('token', index, `{"content":${JSON.stringify(token)}}`);
  // Tool calls come whole and together, in the chunk that says so.
  const calls = choice.toolCalls.length > 0 ? { tool_calls: choice.toolCalls.map(toToolCall) } : {};
  yield chunk('finish', index, JSON.stringify({ content: '', ...calls }), choice.finishReason);
}
