import type { ErrorBody } from './error-body.ts';

/** What went wrong, in more detail than the error classes tell. `map-error.ts` says which class each becomes. */
export type ErrorKind =
  | 'authentication'
  | 'permission'
  | 'quota'
  | 'rate_limit'
  | 'model_not_found'
  | 'not_found'
  | 'invalid_request'
  | 'unsupported'
  | 'context_length'
  | 'content_filter'
  | 'conflict'
  | 'overloaded'
  | 'server'
  | 'timeout'
  | 'cancelled'
  | 'invalid_output'
  | 'redirect'
  | 'unknown';

/**
 * Codes and types, in lower case, that mean the same at every vendor that sends them. They beat the status.
 * Not here, for being too broad: `invalid_request_error`, which OpenAI and Mistral also put on 401, 404 and 429, and
 * `server_error` with its like, which llama.cpp puts on a context overflow.
 */
const codes: Partial<Record<ErrorKind, string[]>> = {
  quota: [
    'insufficient_quota',
    'billing_hard_limit_reached',
    'billing_not_active',
    'insufficient_balance',
    'exceeded_current_quota_error',
  ],
  context_length: [
    'context_length_exceeded',
    'exceed_context_size_error',
    'string_above_max_length',
    'max_tokens_exceeded',
  ],
  content_filter: [
    'content_filter',
    'content_policy_violation',
    'responsibleaipolicyviolation',
    'invalid_prompt',
    'moderation_blocked',
    'data_inspection_failed',
  ],
  model_not_found: ['model_not_found', 'deploymentnotfound', 'invalid_model'],
  unsupported: ['unsupported_parameter', 'unsupported_value', 'extra_forbidden'],
  invalid_output: ['tool_use_failed', 'json_validate_failed'], // Groq: another attempt may do better
  overloaded: [
    'overloaded_error',
    'server_overloaded',
    'engine_overloaded_error',
    'capacity_exceeded',
    'unavailable',
    'slow_down',
    '3505', // Mistral
  ],
  rate_limit: [
    'rate_limit_exceeded',
    'rate_limited',
    'rate_limit_error',
    'resource_exhausted',
    'tokens', // OpenAI and Groq: the kind of limit
    'requests',
    '1300', // Mistral
  ],
  authentication: ['invalid_api_key', 'authentication_error', 'invalid_authentication', 'unauthenticated'],
  permission: ['permission_denied', 'unsupported_country_region_territory', 'access_terminated_error'],
};

const kindOfCode = new Map(
  Object.entries(codes).flatMap(([kind, words]) => words.map((word) => [word, kind as ErrorKind] as const)),
);

interface TextRule {
  kind: ErrorKind;
  pattern: RegExp;
  /** Statuses with which the text counts. Default: all. */
  statuses?: readonly number[];
  /** Statuses with which it does not. */
  otherThan?: readonly number[];
  /** Texts that only look alike. */
  unless?: RegExp;
}

/** Texts of servers without codes, in the order in which they are tried. */
const texts: readonly TextRule[] = [
  {
    kind: 'context_length',
    // "tokens per minute" messages read much like this, hence the exceptions.
    otherThan: [401, 402, 403, 429],
    unless: /rate limit|too many requests|throttl|quota/i,
    pattern: new RegExp(
      [
        'maximum context length', // OpenAI, Mistral, DeepSeek, vLLM, OpenRouter, LiteLLM
        'exceeds? the context window', // OpenAI Responses
        'context length is only \\d', // vLLM
        'longer than the (?:model.?s )?context length', // Ollama, Together
        'exceeds the (?:maximum )?context length', // Ollama
        'exceeded max context length', // Ollama
        'reduce the length of the messages', // Groq
        'maximum prompt length is \\d', // xAI
        'input token count .{0,80}exceeds the maximum', // Gemini
        'exceeds the available context size', // llama.cpp
        'context size has been exceeded', // llama.cpp
        'greater than the context length', // LM Studio
        'exceeded model token limit', // Moonshot
        'context window exceeds limit', // MiniMax
        'range of input length should be', // DashScope
      ].join('|'),
      'i',
    ),
  },
  // Gemini answers 400 to a wrong key.
  {
    kind: 'authentication',
    statuses: [400],
    pattern: /api[ _]key (?:not valid|not found|expired)|invalid api[ _]key/i,
  },
  {
    kind: 'model_not_found',
    statuses: [400, 404],
    pattern:
      /\bmodels?\b.{0,200}(?:not found|not exist|no longer available|is not supported for)|(?:invalid|unknown|no such) model|not a valid model/is,
  },
  {
    kind: 'unsupported',
    statuses: [400, 422],
    pattern: /does not support (?:tools|thinking|chat|embeddings|insert|image)|unsupported (?:parameter|value)/i,
  },
  {
    kind: 'content_filter',
    statuses: [400, 403],
    pattern: /moderation|guardrail|content (?:management )?(?:policy|filter)|flagged/i,
  },
  { kind: 'permission', statuses: [400], pattern: /(?:country|region|location).{0,60}not supported/i },
  {
    kind: 'quota',
    statuses: [403, 429],
    pattern:
      /insufficient.(?:quota|balance|credits?|funds)|exceeded your current quota|billing (?:hard )?limit|plan and billing|credit balance|out of credits|(?:requires|need) more credits/i,
  },
  { kind: 'overloaded', statuses: [429, 500], pattern: /capacity|overloaded|server busy/i },
  { kind: 'rate_limit', statuses: [500], pattern: /rate limit|too many requests/i },
];

const statuses = new Map<number, ErrorKind>([
  [401, 'authentication'],
  [402, 'quota'],
  [403, 'permission'],
  [404, 'not_found'],
  [408, 'timeout'],
  [409, 'conflict'],
  [429, 'rate_limit'],
  [498, 'overloaded'], // Groq's flex tier
  [499, 'cancelled'],
  [503, 'overloaded'],
  [504, 'timeout'],
  [529, 'overloaded'],
]);

/** Codes say more than texts, and both more than the status. */
export function classifyError(status: number, body: ErrorBody): ErrorKind {
  return kindByCode(body) ?? kindByText(status, body) ?? kindByStatus(status);
}

function kindByCode({ code, type, param }: ErrorBody): ErrorKind | undefined {
  const found = kindOfCode.get((code ?? '').toLowerCase()) ?? kindOfCode.get((type ?? '').toLowerCase());
  return found ?? (param === 'input_tokens' ? 'context_length' : undefined); // vLLM
}

function kindByText(status: number, body: ErrorBody): ErrorKind | undefined {
  if (status === 403 && hasReasons(body.details)) return 'content_filter';
  // Links to a billing page are part of ordinary rate limit messages.
  const text = body.message.replaceAll(/https?:\/\/\S+/g, '');
  return texts.find((rule) => applies(rule, status, text))?.kind;
}

function applies({ statuses, otherThan, pattern, unless }: TextRule, status: number, text: string): boolean {
  if (statuses?.includes(status) === false || otherThan?.includes(status)) return false;
  return pattern.test(text) && !unless?.test(text);
}

/** OpenRouter's moderation. */
function hasReasons(details: unknown): boolean {
  return typeof details === 'object' && details !== null && 'reasons' in details && Array.isArray(details.reasons);
}

function kindByStatus(status: number): ErrorKind {
  const kind = statuses.get(status);
  if (kind !== undefined) return kind;
  if (status >= 500) return 'server';
  if (status >= 400) return 'invalid_request';
  return status >= 300 ? 'redirect' : 'unknown';
}

/** What the words of an error without status stand for. */
const statusWords: readonly [RegExp, number][] = [
  [/quota|rate.?limit/, 429],
  [/authentication/, 401],
  [/permission/, 403],
  [/not_found/, 404],
  [/context_length|invalid|bad_request/, 400],
  [/overload|unavailable/, 503],
  [/timeout/, 504],
];

/** The HTTP status for which an error inside a successful answer stands. */
export function inferStatus(body: ErrorBody): number {
  const words = `${body.code} ${body.type}`.toLowerCase();
  return body.status ?? statusWords.find(([pattern]) => pattern.test(words))?.[1] ?? 500;
}
