import { type Exchange, isObject, jsonAnswer, type WholeAnswer } from './answer.ts';
import { checkModel } from './check-openai-chat.ts';
import { openaiError, openaiHeaders } from './openai-errors.ts';
import type { JsonObject } from './recorded-request.ts';
import type { ReplyError } from './reply.ts';
import { countTokens } from './tokens.ts';

/** `POST /v1/rerank` as compatible servers have it, and `/v2/rerank` as Cohere has it: the more words of the query the better. */
export function rerank(exchange: Exchange, body: JsonObject): WholeAnswer {
  const error = checkModel(body) ?? check(body);
  if (error) return openaiError(exchange, error);
  const { model, query } = body;
  const texts = (body.documents as unknown[]).map((document) => String(isObject(document) ? document.text : document));
  const top = Number(body.top_n ?? body.top_k ?? texts.length);
  const results = texts
    .map((text, index) => ({ index, relevance_score: scoreOf(String(query), text), document: { text } }))
    .sort((a, b) => b.relevance_score - a.relevance_score)
    .slice(0, top || texts.length);
  const tokens = countTokens([query, ...texts].join(' '));
  const id = `rerank-${exchange.random.text(24)}`;
  if (exchange.route.path.startsWith('/v2/')) return jsonAnswer(200, {}, toCohere(id, results));
  const usage = { prompt_tokens: tokens, total_tokens: tokens };
  return jsonAnswer(200, openaiHeaders(exchange), { id, object: 'list', model, results, usage });
}

function toCohere(id: string, results: { index: number; relevance_score: number }[]): object {
  const rows = results.map(({ index, relevance_score }) => ({ index, relevance_score }));
  return { id, results: rows, meta: { api_version: { version: '2' }, billed_units: { search_units: 1 } } };
}

function check({ query, documents, top_n }: JsonObject): ReplyError | undefined {
  if (typeof query !== 'string' || query === '') return { message: '"query" must be provided', param: 'query' };
  if (!Array.isArray(documents) || documents.length === 0)
    return { message: '"documents" must be a non-empty list', param: 'documents' };
  const isWrong = top_n !== undefined && !(Number.isInteger(top_n) && Number(top_n) >= 0);
  return isWrong ? { message: '"top_n" must be an integer', param: 'top_n' } : undefined;
}

/** Between 0 and 1: the share of the words of the query that the text has, the shorter text a little higher. */
function scoreOf(query: string, text: string): number {
  const words = query.toLowerCase().match(/\p{L}+/gu) ?? [];
  const found = words.filter((word) => text.toLowerCase().includes(word)).length;
  return Math.round(((found + 1 / (1 + text.length)) / (words.length + 1)) * 1e6) / 1e6;
}
