import {
  type Answer,
  type Dialect,
  type EventStream,
  type Exchange,
  frameServerSentEvent,
  isObject,
  jsonAnswer,
  type StreamEvent,
  scriptedEvents,
} from './answer.ts';
import { type ChatQuestion, toChatQuestion, toFormat } from './chat-question.ts';
import { checkOpenaiEmbeddings } from './check-embeddings.ts';
import { checkModel, checkOpenaiChat, isReasoningModel, isUnknownModel, unknownModel } from './check-openai-chat.ts';
import { type Choice, interleave, type Tally, toChoices, toUsage } from './choice.ts';
import { applyTemplate, inputTokens, tokenize } from './count-tokens.ts';
import { completeReply } from './default-reply.ts';
import { deviateStream, deviateWhole } from './deviate-openai.ts';
import { embeddingOf, toBase64 } from './embedding.ts';
import { toLogprobs } from './logprobs.ts';
import { speakOpenai, transcribeOpenai } from './openai-audio.ts';
import { checkOpenaiKey, openaiError, openaiErrorBody, openaiHeaders } from './openai-errors.ts';
import { drawOpenaiImages, editOpenaiImages } from './openai-images.ts';
import { openaiModerations } from './openai-moderations.ts';
import { checkRefused, type OpenaiQuirks, toErrorShape, withoutAccepted } from './openai-quirks.ts';
import { responses } from './openai-responses.ts';
import { HEXADECIMAL, type Random } from './random.ts';
import type { JsonObject } from './recorded-request.ts';
import type { Reply } from './reply.ts';
import { rerank } from './rerank.ts';
import { countTokens } from './tokens.ts';

export const openaiDialect: Dialect = {
  checkKey: checkOpenaiKey,
  answer,
  errorAnswer: openaiError,
  headers: openaiHeaders,
};

const MODELS = ['gpt-4o', 'gpt-4o-mini', 'gpt-5', 'gpt-5-mini', 'o3', 'text-embedding-3-small'];

function answer(exchange: Exchange): Answer {
  const { endpoint, path, id } = exchange.route;
  if (endpoint === 'models')
    return jsonAnswer(200, openaiHeaders(exchange), { object: 'list', data: MODELS.map(toModel) });
  if (endpoint === 'model' && id)
    return isUnknownModel(id)
      ? openaiError(exchange, unknownModel(id))
      : jsonAnswer(200, openaiHeaders(exchange), toModel(id));
  if (endpoint === 'unknown')
    return openaiError(exchange, { status: 404, message: `Invalid URL (${exchange.request.method} ${path})` });
  if (endpoint === 'image-edits') return editOpenaiImages(exchange);
  if (endpoint === 'transcriptions') return transcribeOpenai(exchange);
  const { body } = exchange.request;
  if (!body) return openaiError(exchange, { message: NOT_JSON });
  if (endpoint === 'input-tokens') return inputTokens(exchange, body);
  if (endpoint === 'tokenize') return tokenize(exchange, body);
  if (endpoint === 'apply-template') return applyTemplate(exchange, body);
  if (endpoint === 'rerank') return rerank(exchange, body);
  if (endpoint === 'moderations') return openaiModerations(exchange, body);
  if (endpoint === 'images') return drawOpenaiImages(exchange, body);
  if (endpoint === 'speech') return speakOpenai(exchange, body);
  if (endpoint === 'responses') return responses(exchange, body);
  return endpoint === 'embeddings' ? embeddings(exchange, body) : chat(exchange, body);
}

const NOT_JSON =
  'We could not parse the JSON body of your request. (HINT: This likely means you aren’t using your HTTP library ' +
  'correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON.)';

function toModel(id: string): object {
  return { id, object: 'model', created: 1_715_367_049, owned_by: 'system' };
}

function embeddings(exchange: Exchange, body: JsonObject): Answer {
  const error = checkModel(body) ?? checkOpenaiEmbeddings(body);
  if (error) return openaiError(exchange, error);
  const inputs = Array.isArray(body.input) && typeof body.input[0] !== 'number' ? body.input : [body.input];
  const texts = inputs.map((input) => (typeof input === 'string' ? input : JSON.stringify(input)));
  const tokens = texts.reduce((sum, text) => sum + countTokens(text), 0);
  const vectors = texts.map((text) => embeddingOf(text, Number(body.dimensions ?? 1536)));
  return jsonAnswer(200, openaiHeaders(exchange), {
    object: 'list',
    data: vectors.map((vector, index) => ({
      object: 'embedding',
      index,
      embedding: body.encoding_format === 'base64' ? toBase64(vector) : vector,
    })),
    model: body.model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  });
}

function chat(exchange: Exchange, body: JsonObject): Answer {
  const { quirks = {} } = exchange.reply;
  const error = checkRefused(body, quirks) ?? checkOpenaiChat(withoutAccepted(body, quirks));
  if (error) return openaiError(exchange, error);
  const completion = toCompletion(exchange, body);
  const headers = openaiHeaders(exchange);
  if (body.stream !== true || quirks.noStream) {
    const whole = jsonAnswer(200, headers, deviateWhole(toWhole(completion), quirks));
    const blanks = quirks.leadingBlanks ? '\n\n' : '';
    return { ...whole, body: blanks + whole.body, tokens: completion.tally.text + completion.tally.reasoning };
  }
  const stream = toStream(completion);
  return { status: 200, headers: { 'content-type': 'text/event-stream; charset=utf-8', ...headers }, stream };
}

/** All that the shapes below are made of. */
interface Completion {
  /** The members that every chunk has in common with the whole answer. */
  shared: { id: string; created: number; model: string; service_tier: string; system_fingerprint: string };
  body: JsonObject;
  question: ChatQuestion;
  reply: Reply;
  choices: Choice[];
  tally: Tally;
  random: Random;
}

function toCompletion({ reply: scripted, random }: Exchange, body: JsonObject): Completion {
  const question = toChatQuestion(body, {
    maxTokens: (body.max_completion_tokens ?? body.max_tokens ?? undefined) as number | undefined,
    format: toFormat(body.response_format),
    thinks: false, // This endpoint never shows what a model thought.
  });
  const shared = {
    id: `chatcmpl-${random.text(29)}`,
    created: Math.floor(Date.now() / 1000),
    model: question.model,
    service_tier: 'default',
    system_fingerprint: `fp_${random.text(10, HEXADECIMAL)}`,
  };
  // A reasoning model thinks unseen, but is paid for it.
  const tally = { text: 0, reasoning: isReasoningModel(question.model) ? 64 : 0 };
  const completed = completeReply(scripted, question);
  // A tool that was named ends with `stop`, unlike one that the model chose.
  const reply = typeof question.forcedTool === 'string' ? { finishReason: 'stop', ...completed } : completed;
  const choices = toChoices(reply, question, () => `call_${random.text(24)}`, tally);
  return { shared, body, question, reply, choices, tally, random };
}

function toWhole(completion: Completion): JsonObject {
  const { shared, choices } = completion;
  const { id, created, model, ...rest } = shared;
  const whole = choices.map((choice, index) => toWholeChoice(completion, choice, index));
  const usage = usageOf(completion);
  return { id, object: 'chat.completion', created, model, choices: whole, ...(usage && { usage }), ...rest };
}

function toWholeChoice(completion: Completion, choice: Choice, index: number): object {
  const reasoning = [...choice.reasoning()].join('');
  const tokens = [...choice.tokens()];
  const hasContent = tokens.length > 0 || (choice.refusal === undefined && choice.toolCalls.length === 0);
  const message = {
    role: 'assistant',
    content: hasContent ? tokens.join('') : null,
    ...(reasoning && { reasoning_content: reasoning }),
    ...(choice.toolCalls.length > 0 && { tool_calls: choice.toolCalls.map(toToolCall) }),
    refusal: choice.refusal ?? null,
    annotations: [],
  };
  const logprobs = logprobsOf(completion, choice, tokens, 0);
  return { index, message, logprobs, finish_reason: choice.finishReason };
}

function toToolCall({ id, name, arguments: text }: Choice['toolCalls'][number]): object {
  return { id, type: 'function', function: { name, arguments: text } };
}

function logprobsOf({ body, random }: Completion, choice: Choice, tokens: string[], position: number): object | null {
  if (body.logprobs !== true) return null;
  const settings = { given: choice.logprobs, top: Number(body.top_logprobs ?? 0), random };
  return { content: toLogprobs(tokens, position, settings), refusal: null };
}

function usageOf({ reply, question, tally }: Completion): object | undefined {
  if (reply.usage === null) return undefined;
  const { prompt, completion, cached, reasoning } = toUsage(reply.usage, question, tally);
  return {
    prompt_tokens: prompt,
    completion_tokens: reply.quirks?.reasoningTokens === 'beside' ? completion - reasoning : completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: cached, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: reasoning,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

function toStream(completion: Completion): EventStream {
  const { events, quirks } = completion.reply;
  return {
    events: events ? scriptedEvents(events) : deviated(completion),
    frame: frameServerSentEvent,
    keepAlive: ': keep-alive\n\n',
    errorEvent: ({ status = 500, ...error }) =>
      JSON.stringify(toErrorShape(openaiErrorBody({ status, ...error }), status, quirks ?? {})),
    ...(quirks?.errorEvents && { frameError: ERROR_FRAMES[quirks.errorEvents] }),
  };
}

const ERROR_FRAMES: Record<NonNullable<OpenaiQuirks['errorEvents']>, (data: string) => string> = {
  named: (data) => `event: error\n${frameServerSentEvent(data)}`,
  bare: (data) => `error: ${data}\n\n`,
};

function deviated(completion: Completion): Iterable<StreamEvent> {
  const { quirks } = completion.reply;
  return quirks ? deviateStream(chunks(completion), quirks, () => usageOf(completion)) : chunks(completion);
}

// The vendor pads small deltas to one length against traffic analysis.
const PADDING = 'q7VdX0bLmR2wKj9s';

function* chunks(completion: Completion): Generator<StreamEvent> {
  const { shared, body, choices } = completion;
  const options = isObject(body.stream_options) ? body.stream_options : {};
  const { id, created, model, ...rest } = shared;
  const head = JSON.stringify({ id, object: 'chat.completion.chunk', created, model, ...rest }).slice(0, -1);
  const usageTail = options.include_usage === true ? ',"usage":null' : '';
  const tail = (data: string) =>
    options.include_obfuscation === false
      ? `${usageTail}}`
      : `${usageTail},"obfuscation":"${PADDING.slice(data.length % PADDING.length)}"}`;
  const chunk = (kind: StreamEvent['kind'], index: number, delta: string, reason = 'null', logprobs = 'null') => {
    const choice = `{"index":${index},"delta":${delta},"logprobs":${logprobs},"finish_reason":${reason}}`;
    return { kind, data: `${head},"choices":[${choice}]${tail(delta)}` };
  };
  const sources = choices.map((choice, index) => choiceChunks(completion, choice, index, chunk));
  yield* interleave(sources);
  const usage = options.include_usage === true && usageOf(completion);
  if (usage) yield { kind: 'usage', data: `${head},"choices":[],"usage":${JSON.stringify(usage)}}` };
  yield { kind: 'terminator', data: '[DONE]' };
}

type ToChunk = (
  kind: StreamEvent['kind'],
  index: number,
  delta: string,
  reason?: string,
  logprobs?: string,
) => StreamEvent;

function* choiceChunks(completion: Completion, choice: Choice, index: number, chunk: ToChunk): Generator<StreamEvent> {
  const opening = choice.toolCalls.length > 0 ? 'null' : '""';
  yield chunk('start', index, `{"role":"assistant","content":${opening},"refusal":null}`);
  for (const token of choice.reasoning()) yield chunk('token', index, `{"reasoning_content":${JSON.stringify(token)}}`);
  let position = 0;
  for (const token of choice.tokens()) {
    const logprobs = JSON.stringify(logprobsOf(completion, choice, [token], position++));
    yield chunk('token', index, `{"content":${JSON.stringify(token)}}`, 'null', logprobs);
  }
  if (choice.refusal !== undefined) yield chunk('token', index, JSON.stringify({ refusal: choice.refusal }));
  for (const [callIndex, call] of choice.toolCalls.entries()) {
    for (const delta of toolCallDeltas(call, callIndex, completion.reply.quirks))
      yield chunk('token', index, JSON.stringify(delta));
  }
  yield chunk('finish', index, '{}', JSON.stringify(choice.finishReason));
}

function* toolCallDeltas(call: Choice['toolCalls'][number], index: number, quirks?: OpenaiQuirks): Generator<object> {
  const { id, name, fragments } = call;
  const { toolArguments, toolIds, toolNames } = quirks ?? {};
  if (toolArguments) {
    yield { tool_calls: [{ index, id, type: 'function', function: { name, arguments: call.arguments } }] };
    return;
  }
  yield { tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] };
  const again = toolIds === 'every' && { id };
  const named = toolNames && { name: toolNames === 'every' ? name : '' };
  for (const fragment of fragments) {
    yield { tool_calls: [{ index, ...again, function: { ...named, arguments: fragment } }] };
  }
}
