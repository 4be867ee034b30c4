import { type Exchange, isObject, jsonAnswer, type WholeAnswer } from './answer.ts';
import { checkModel } from './check-openai-chat.ts';
import { openaiError, openaiHeaders } from './openai-errors.ts';
import type { JsonObject } from './recorded-request.ts';
import { splitTokens } from './tokens.ts';

/** `POST /v1/responses/input_tokens` of OpenAI. */
export function inputTokens(exchange: Exchange, body: JsonObject): WholeAnswer {
  const error =
    checkModel(body) ?? (body.input === undefined ? { message: 'Missing input', param: 'input' } : undefined);
  if (error) return openaiError(exchange, error);
  const input_tokens = idsOf(textsIn([body.input, body.tools]).join(' ')).length;
  return jsonAnswer(200, openaiHeaders(exchange), { object: 'response.input_tokens', input_tokens });
}

/** `POST /tokenize` of llama.cpp, which asks with `content`, and of vLLM, which asks with `prompt` or `messages`. */
export function tokenize(exchange: Exchange, body: JsonObject): WholeAnswer {
  const { content, prompt = templated(body), model } = body;
  if (typeof content === 'string') return jsonAnswer(200, {}, { tokens: idsOf(content) });
  if (model === undefined) return openaiError(exchange, { message: 'model: Field required', param: 'model' });
  const tokens = idsOf(String(prompt));
  return jsonAnswer(200, {}, { count: tokens.length, max_model_len: 8_192, tokens, token_strs: null });
}

/** `POST /apply-template` of llama.cpp. */
export function applyTemplate(exchange: Exchange, body: JsonObject): WholeAnswer {
  if (!Array.isArray(body.messages)) return openaiError(exchange, { message: "'messages' is required" });
  return jsonAnswer(200, {}, { prompt: templated(body) });
}

function templated({ messages, tools }: JsonObject): string {
  const turns = [messages].flat().filter(isObject);
  const rows = turns.map(({ role, content, ...rest }) => `<|${role}|> ${textsIn([content, rest]).join(' ')}`);
  return [...textsIn(tools), ...rows, '<|assistant|>'].join('\n');
}

/** Every text in it, at any depth. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function idsOf(text: string): number[] {
  return [...splitTokens(text)].map((token) =>
    [...token].reduce((id, letter) => id + letter.charCodeAt(0), token.length),
  );
}
