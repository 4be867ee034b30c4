import { type Exchange, jsonAnswer, type WholeAnswer } from './answer.ts';
import { toErrorShape } from './openai-quirks.ts';
import { HEXADECIMAL } from './random.ts';
import type { JsonObject } from './recorded-request.ts';
import type { ReplyError } from './reply.ts';

/** What OpenAI says when it gives no more than the status. */
const ERRORS: Record<number, ReplyError> = {
  400: { type: 'invalid_request_error', message: 'Invalid request.' },
  401: {
    type: 'invalid_request_error',
    code: 'invalid_api_key',
    message:
      'Incorrect API key provided: ****. You can find your API key at https://platform.openai.com/account/api-keys.',
  },
  403: {
    type: 'invalid_request_error',
    code: 'unsupported_country_region_territory',
    message: 'Country, region, or territory not supported',
  },
  404: { type: 'invalid_request_error', message: 'Not found.' },
  429: {
    type: 'requests',
    code: 'rate_limit_exceeded',
    message:
      'Rate limit reached for requests per min (RPM): Limit 500, Used 500, Requested 1. Please try again in 120ms. ' +
      'Visit https://platform.openai.com/account/rate-limits to learn more.',
  },
  500: {
    type: 'server_error',
    message: 'The server had an error while processing your request. Sorry about that!',
  },
  503: {
    type: 'server_error',
    message: 'That model is currently overloaded with other requests. You can retry your request.',
  },
};

export function openaiHeaders({ random }: Exchange): Record<string, string> {
  return {
    'openai-organization': 'simulated-organization',
    'openai-processing-ms': String(100 + random.below(400)),
    'openai-version': '2020-10-01',
    'x-ratelimit-limit-requests': '500',
    'x-ratelimit-limit-tokens': '200000',
    'x-ratelimit-remaining-requests': '499',
    'x-ratelimit-remaining-tokens': '199900',
    'x-ratelimit-reset-requests': '120ms',
    'x-ratelimit-reset-tokens': '30ms',
    'x-request-id': `req_${random.text(32, HEXADECIMAL)}`,
  };
}

export function openaiErrorBody(error: ReplyError): { error: JsonObject } {
  const status = error.status ?? 400;
  const told = ERRORS[status] ?? ERRORS[status < 500 ? 400 : 500];
  const { message, type, param = null, code = null } = { ...told, ...error };
  return { error: { message, type, param, code } };
}

export function openaiError(exchange: Exchange, error: ReplyError): WholeAnswer {
  const { quirks = {} } = exchange.reply;
  const { status = 400 } = error;
  const body = toErrorShape(openaiErrorBody(error), status, quirks);
  return jsonAnswer(quirks.errorsAsSuccess ? 200 : status, openaiHeaders(exchange), body);
}

export function checkOpenaiKey(exchange: Exchange, expected: string | true): WholeAnswer | undefined {
  const key = keyOf(exchange);
  if (key && (expected === true || key === expected)) return undefined;
  if (key) return openaiError(exchange, { status: 401, message: incorrectKey(key) });
  return openaiError(exchange, { status: 401, code: null, message: MISSING_KEY });
}

function keyOf({ request: { headers }, reply: { quirks } }: Exchange): string | undefined {
  if (quirks?.keyHeader) return headers[quirks.keyHeader]?.toString();
  return /^Bearer (\S+)/i.exec(headers.authorization ?? '')?.[1];
}

const MISSING_KEY =
  "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth " +
  "(i.e. Authorization: Bearer YOUR_KEY), or as the password field (with blank username) if you're accessing the API " +
  'from your browser and are prompted for a username and password. You can obtain an API key from ' +
  'https://platform.openai.com/account/api-keys.';

// The vendor echoes the ends of a key and hides what is between.
function incorrectKey(key: string): string {
  const hidden = key.length > 12 ? `${key.slice(0, 8)}${'*'.repeat(key.length - 12)}${key.slice(-4)}` : '****';
  return `Incorrect API key provided: ${hidden}. You can find your API key at https://platform.openai.com/account/api-keys.`;
}
