import { STATUS_CODES } from 'node:http';
import type { Answer, Dialect, Exchange, WholeAnswer } from './answer.ts';
import { answerBatches } from './batch-endpoints.ts';
import { INVALID_BYTE } from './body-bytes.ts';
import { textFields } from './form-fields.ts';
import { mistralDialect } from './mistral-dialect.ts';
import { ollamaDialect } from './ollama-dialect.ts';
import { openaiDialect } from './openai-dialect.ts';
import type { DialectName } from './recorded-request.ts';
import type { Reply } from './reply.ts';
import { isBatchRoute } from './route.ts';

const DIALECTS: Record<DialectName, Dialect> = {
  openai: openaiDialect,
  mistral: mistralDialect,
  ollama: ollamaDialect,
};

/** Decides what is answered: the key comes first, then what the script fixes, then the dialect with what is left open. */
export function toAnswer(exchange: Exchange, requireKey: boolean | string): Answer {
  const dialect = DIALECTS[exchange.route.dialect];
  const refusal = requireKey === false ? undefined : dialect.checkKey(exchange, requireKey);
  const { reply } = exchange;
  const fixed = refusal ?? fixedAnswer(exchange, dialect);
  if (fixed) return fixed;
  if (isBatchRoute(exchange.route)) return answerBatches(exchange, dialect, (row) => toAnswer(row, false));
  return dialect.answer({ ...exchange, reply: withTextOfFault(reply) });
}

function fixedAnswer(exchange: Exchange, dialect: Dialect): WholeAnswer | undefined {
  const { status, body, error, fault } = exchange.reply;
  if (fault?.kind === 'redirect')
    return { status: 307, headers: { ...dialect.headers(exchange), location: fault.to }, body: '' };
  if (fault?.kind === 'html') return webPage(status ?? 200, dialect.headers(exchange));
  if (body !== undefined) return rawAnswer(status ?? 200, dialect.headers(exchange), body);
  if (error) return dialect.errorAnswer(exchange, { ...(status && { status }), ...error });
  if (status !== undefined && status >= 400) return statusAnswer(exchange, dialect, status);
  if (fault?.kind === 'error-event' && isWhole(exchange))
    return { ...dialect.errorAnswer(exchange, { status: 500, ...fault.error }), status: 200 };
  return undefined;
}

function isWhole({ request, route }: Exchange): boolean {
  if (request.form) return route.dialect === 'ollama' || textFields(request.form).stream !== 'true';
  const stream = request.body?.stream;
  return route.dialect === 'ollama' ? stream === false : stream !== true;
}

function rawAnswer(status: number, headers: Record<string, string>, body: string | object): WholeAnswer {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, headers: { 'content-type': mediaTypeOf(text), ...headers }, body: text };
}

function mediaTypeOf(text: string): string {
  if (/^\s*[{[]/.test(text)) return 'application/json';
  return /^\s*</.test(text) ? 'text/html' : 'text/plain; charset=utf-8';
}

// Before the two vendors in the cloud stands a gateway, which speaks for itself.
function statusAnswer(exchange: Exchange, dialect: Dialect, status: number): WholeAnswer {
  const isOfGateway = (status === 502 || status === 504) && dialect !== ollamaDialect;
  return isOfGateway ? webPage(status, {}) : dialect.errorAnswer(exchange, { status });
}

function webPage(status: number, headers: Record<string, string>): WholeAnswer {
  const title = `${status} ${STATUS_CODES[status]}`;
  const body = `<html>\n<head><title>${title}</title></head>\n<body><center><h1>${title}</h1></center></body>\n</html>\n`;
  return { status, headers: { 'content-type': 'text/html', ...headers }, body };
}

// Two faults are a matter of what is said rather than of how it is sent.
function withTextOfFault(reply: Reply): Reply {
  const { fault } = reply;
  if (fault?.kind === 'huge-line') return { ...reply, tokens: ['x'.repeat(fault.bytes)] };
  if (fault?.kind === 'invalid-utf8') return { ...reply, tokens: [`invalid ${INVALID_BYTE}`, ' byte'] };
  return reply;
}
