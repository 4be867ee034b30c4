import { type Exchange, jsonAnswer, type WholeAnswer } from './answer.ts';
import { HEXADECIMAL } from './random.ts';
import type { ReplyError } from './reply.ts';

/** What Mistral says when it gives no more than the status. */
const ERRORS: Record<number, ReplyError> = {
  400: { type: 'invalid_request_error', message: 'Invalid request.' },
  402: { type: 'invalid_request_error', message: 'Payment required.' },
  403: { type: 'invalid_request_error', message: 'You do not have access to this resource.' },
  404: { type: 'invalid_request_error', message: 'Not found.' },
  429: { type: 'rate_limited', code: '1300', message: 'Rate limit exceeded' },
  500: { type: 'internal_server_error', code: '1000', message: 'Internal server error.' },
  503: { type: 'unreachable_backend', code: '1100', message: 'Service unavailable.' },
};

/** One finding of the vendor's validation. */
export interface Finding {
  type: string;
  loc: (string | number)[];
  msg: string;
  input?: unknown;
}

export function mistralHeaders({ random }: Exchange): Record<string, string> {
  const id = random.uuid();
  return {
    'mistral-correlation-id': id,
    'x-kong-request-id': random.text(32, HEXADECIMAL),
    'x-ratelimit-limit-req-minute': '300',
    'x-ratelimit-limit-tokens-minute': '500000',
    'x-ratelimit-remaining-req-minute': '299',
    'x-ratelimit-remaining-tokens-minute': '499900',
    'x-ratelimit-tokens-query-cost': '100',
  };
}

export function mistralErrorBody(error: ReplyError): object {
  const status = error.status ?? 400;
  const told = ERRORS[status] ?? ERRORS[status < 500 ? 400 : 500];
  const { message, type, param = null, code = null } = { ...told, ...error };
  return { object: 'error', message, type, param, code };
}

export function mistralError(exchange: Exchange, error: ReplyError): WholeAnswer {
  const { status = 400, message } = error;
  const body = status === 401 ? { detail: message ?? 'Unauthorized' } : mistralErrorBody(error);
  return jsonAnswer(status, mistralHeaders(exchange), body);
}

/** The body of a request that does not fit the schema. */
export function mistralFindings(exchange: Exchange, findings: readonly Finding[]): WholeAnswer {
  return jsonAnswer(422, mistralHeaders(exchange), {
    object: 'error',
    message: { detail: findings },
    type: 'invalid_request_error',
    param: null,
    code: null,
    raw_status_code: 422,
  });
}

export function checkMistralKey(exchange: Exchange, expected: string | true): WholeAnswer | undefined {
  const key = /^Bearer (\S+)/i.exec(exchange.request.headers.authorization ?? '')?.[1];
  return key && (expected === true || key === expected) ? undefined : mistralError(exchange, { status: 401 });
}
