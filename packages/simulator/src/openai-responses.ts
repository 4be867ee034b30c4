import {
  type Answer,
  type EventStream,
  type Exchange,
  frameServerSentEvent,
  isObject,
  jsonAnswer,
  type StreamEvent,
  scriptedEvents,
} from './answer.ts';
import { asArray, type ChatQuestion, toChatQuestion } from './chat-question.ts';
import { isReasoningModel } from './check-openai-chat.ts';
import { checkOpenaiResponses } from './check-openai-responses.ts';
import { type Choice, type Tally, toChoices, toUsage } from './choice.ts';
import { completeReply } from './default-reply.ts';
import { openaiError, openaiErrorBody, openaiHeaders } from './openai-errors.ts';
import { HEXADECIMAL, type Random } from './random.ts';
import type { JsonObject } from './recorded-request.ts';
import type { Reply } from './reply.ts';
import { toResponseItems } from './response-items.ts';

/** `POST /v1/responses`. Nothing is kept: an answer cannot be built upon by its id. */
export function responses(exchange: Exchange, body: JsonObject): Answer {
  const error = checkOpenaiResponses(body);
  if (error) return openaiError(exchange, error);
  const answer = toResponseAnswer(exchange, body);
  const headers = openaiHeaders(exchange);
  if (body.stream !== true) {
    const { tally } = answer;
    return { ...jsonAnswer(200, headers, toWhole(answer)), tokens: tally.text + tally.reasoning };
  }
  return {
    status: 200,
    headers: { 'content-type': 'text/event-stream; charset=utf-8', ...headers },
    stream: toStream(answer),
  };
}

/** All that the shapes below are made of. */
interface ResponseAnswer {
  body: JsonObject;
  question: ChatQuestion;
  reply: Reply;
  choice: Choice;
  tally: Tally;
  random: Random;
  id: string;
  created: number;
}

function toResponseAnswer({ reply: scripted, random }: Exchange, body: JsonObject): ResponseAnswer {
  const question = toQuestion(body);
  const tally = { text: 0, reasoning: isReasoningModel(question.model) ? 64 : 0 };
  const reply = completeReply(scripted, question);
  const [choice] = toChoices(reply, question, () => `call_${random.text(24)}`, tally) as [Choice];
  const id = `resp_${random.text(48, HEXADECIMAL)}`;
  return { body, question, reply, choice, tally, random, id, created: Math.floor(Date.now() / 1000) };
}

/** As if it had been asked of chat: what follows is the same. */
function toQuestion(body: JsonObject): ChatQuestion {
  const items = typeof body.input === 'string' ? [{ role: 'user', content: body.input }] : asArray(body.input);
  const messages = items
    .filter(isObject)
    .map((item) => (isOutput(item) ? { role: 'tool', content: item.output } : item));
  const tools = asArray(body.tools).filter(isObject);
  const choice = body.tool_choice;
  const asked = {
    ...body,
    messages,
    tools: tools.map((tool) => ({ function: tool })),
    tool_choice: isObject(choice) ? { function: choice } : choice,
  };
  const format = isObject(body.text) && isObject(body.text.format) ? body.text.format : {};
  return toChatQuestion(asked, {
    maxTokens: typeof body.max_output_tokens === 'number' ? body.max_output_tokens : undefined,
    format: format.type === 'json_object' ? 'json' : isObject(format.schema) ? format.schema : undefined,
    thinks: false,
  });
}

function isOutput({ type }: JsonObject): boolean {
  return type === 'function_call_output' || type === 'custom_tool_call_output';
}

function toWhole(answer: ResponseAnswer): JsonObject {
  const output: object[] = [];
  for (const { item } of toResponseItems(answer.choice, answer)) if (item) output.push(item);
  return toResponse(answer, output, endOf(answer.choice));
}

/** `length` and `content_filter` cut an answer short. */
function endOf({ finishReason }: Choice): { status: string; reason?: string } {
  if (finishReason === 'length') return { status: 'incomplete', reason: 'max_output_tokens' };
  if (finishReason === 'content_filter') return { status: 'incomplete', reason: 'content_filter' };
  return { status: 'completed' };
}

function toResponse(answer: ResponseAnswer, output: object[], end: { status: string; reason?: string }): JsonObject {
  const { body, id, created, question } = answer;
  const isOver = end.status !== 'in_progress';
  return {
    id,
    object: 'response',
    created_at: created,
    ...(isOver && { completed_at: created }),
    status: end.status,
    background: false,
    error: null,
    incomplete_details: end.reason ? { reason: end.reason } : null,
    instructions: body.instructions ?? null,
    max_output_tokens: body.max_output_tokens ?? null,
    max_tool_calls: body.max_tool_calls ?? null,
    model: question.model,
    output,
    parallel_tool_calls: body.parallel_tool_calls ?? true,
    previous_response_id: body.previous_response_id ?? null,
    reasoning: { effort: null, summary: null, ...(isObject(body.reasoning) && body.reasoning) },
    service_tier: 'default',
    store: body.store ?? true,
    temperature: body.temperature ?? 1,
    text: { format: { type: 'text' }, ...(isObject(body.text) && body.text) },
    tool_choice: body.tool_choice ?? 'auto',
    tools: body.tools ?? [],
    top_p: body.top_p ?? 1,
    truncation: body.truncation ?? 'disabled',
    usage: isOver ? usageOf(answer) : null,
    user: body.user ?? null,
    metadata: body.metadata ?? {},
  };
}

function usageOf({ reply, question, tally }: ResponseAnswer): object | null {
  if (reply.usage === null) return null;
  const { prompt, completion, cached, reasoning } = toUsage(reply.usage, question, tally);
  return {
    input_tokens: prompt,
    input_tokens_details: { cached_tokens: cached },
    output_tokens: completion,
    output_tokens_details: { reasoning_tokens: reasoning },
    total_tokens: prompt + completion,
  };
}

function toStream(answer: ResponseAnswer): EventStream {
  const { events } = answer.reply;
  return {
    events: events ? scriptedEvents(events) : toEvents(answer),
    frame: (data) => nameLine(data) + frameServerSentEvent(data),
    keepAlive: ': keep-alive\n\n',
    // As it is seen in practice; the reference has the members of `error` beside `type`.
    errorEvent: (error) =>
      JSON.stringify({ type: 'error', sequence_number: 2, ...openaiErrorBody({ status: 500, ...error }) }),
  };
}

/** The name of an event stands before it too. */
function nameLine(data: string): string {
  const name = /^\{"type":\s*"([^"]+)"/.exec(data)?.[1];
  return name ? `event: ${name}\n` : '';
}

function* toEvents(answer: ResponseAnswer): Generator<StreamEvent> {
  let count = 0;
  const event = (kind: StreamEvent['kind'], payload: JsonObject): StreamEvent => {
    const { type, ...rest } = payload;
    return { kind, data: JSON.stringify({ type, sequence_number: count++, ...rest }) };
  };
  const begun = toResponse(answer, [], { status: 'in_progress' });
  yield event('start', { type: 'response.created', response: begun });
  yield event('start', { type: 'response.in_progress', response: begun });
  const output: object[] = [];
  for (const { kind, payload, item } of toResponseItems(answer.choice, answer)) {
    if (item) output.push(item);
    yield event(kind, payload);
  }
  const end = endOf(answer.choice);
  yield event('terminator', { type: `response.${end.status}`, response: toResponse(answer, output, end) });
}
