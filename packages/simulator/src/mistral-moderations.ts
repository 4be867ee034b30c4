import { type Exchange, isObject, jsonAnswer, type WholeAnswer } from './answer.ts';
import { asArray } from './chat-question.ts';
import { checkMistralModel } from './check-mistral-chat.ts';
import { type Finding, mistralError, mistralFindings, mistralHeaders } from './mistral-errors.ts';
import { MISTRAL_CATEGORIES, textOfContent, verdictOn } from './moderation.ts';
import { HEXADECIMAL } from './random.ts';
import type { JsonObject } from './recorded-request.ts';

/** `POST /v1/moderations` and `/v1/chat/moderations`, which judges the last turn of each conversation. */
export function mistralModerations(exchange: Exchange, body: JsonObject): WholeAnswer {
  const findings = find(body, exchange.route.endpoint === 'chat-moderations');
  if (findings.length > 0) return mistralFindings(exchange, findings);
  const error = checkMistralModel(body);
  if (error) return mistralError(exchange, error);
  return jsonAnswer(200, mistralHeaders(exchange), {
    id: exchange.random.text(32, HEXADECIMAL),
    model: body.model,
    results: textsOf(body.input).map((text) => verdictOn(text, MISTRAL_CATEGORIES)),
  });
}

function textsOf(input: unknown): string[] {
  const inputs = [input].flat() as unknown[];
  if (inputs.every((each) => typeof each === 'string')) return inputs;
  const conversations = inputs.every(isObject) ? [inputs] : inputs;
  return conversations.map((messages) => textOfContent(asArray(messages).filter(isObject).at(-1)?.content));
}

function find(body: JsonObject, isChat: boolean): Finding[] {
  const missing = ['model', 'input'].filter((field) => body[field] === undefined);
  const found = missing.map((field) => ({ type: 'missing', loc: ['body', field], msg: 'Field required', input: body }));
  if (found.length > 0 || isChat) return found;
  const at = [body.input].flat().findIndex((each) => typeof each !== 'string');
  if (at === -1) return [];
  return [
    { type: 'string_type', loc: ['body', 'input', at], msg: 'Input should be a valid string', input: body.input },
  ];
}
