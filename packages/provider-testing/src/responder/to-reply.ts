import type { DialectName, RecordedRequest, Reply, ReplyError } from '@anyllm/simulator';
import type { Content, ContentChoice, ContentError, Scenario, ServerErrorCode } from '../scenario.ts';
import { echoOf } from './echo-of.ts';
import { toCountReply } from './to-count-reply.ts';
import { toListReply } from './to-list-reply.ts';
import { toMediaReply } from './to-media-reply.ts';

/** A scenario as an instruction to the simulator. */
export function toReply(dialect: DialectName, scenario: Scenario, request: RecordedRequest): Reply {
  const { content, layout, tokenMs, fault } = scenario;
  if (fault?.kind === 'raw') {
    const { kind: _, ...answer } = fault;
    return { ...answer, ...inPieces(fault.body) };
  }
  if (fault?.kind === 'echo') return { status: fault.status, body: echoOf(request) };
  if (content.error) return toErrorReply(dialect, content.error);
  return {
    ...toContentReply(dialect, content, request),
    ...(layout && { wire: layout }),
    ...(tokenMs !== undefined && { latency: { tokenMs, firstTokenMs: tokenMs } }),
    ...(fault && { fault: fault.kind === 'truncated' ? { kind: 'truncated-json' } : fault }),
  };
}

function toContentReply(dialect: DialectName, content: Content, request: RecordedRequest): Reply {
  return (
    toListReply(dialect, content) ??
    toMediaReply(dialect, content, request) ??
    toCountReply(content, request) ??
    toChatReply(content)
  );
}

function toChatReply({ choices, usage }: Content): Reply {
  return { choices: choices.map(toChoiceReply), usage: usage ?? null };
}

/** A large body goes out as the client reads it, so that the record tells what it left unread. */
function inPieces(body: string): Reply {
  return body.length > 1_000_000 ? { wire: { chunkBytes: 65_536 } } : {};
}

function toChoiceReply({ tokens, reasoning, toolCalls, finishReason }: ContentChoice) {
  return {
    tokens,
    ...(reasoning !== undefined && { reasoning }),
    ...(toolCalls && { toolCalls }),
    ...(finishReason && { finishReason }),
  };
}

function toErrorReply(dialect: DialectName, { code, retryAfter }: ContentError): Reply {
  const error = { ...statuses[code], ...words[dialect][code] };
  return { error, ...(retryAfter !== undefined && { headers: { 'retry-after': String(retryAfter) } }) };
}

const statuses: Record<ServerErrorCode, ReplyError> = {
  invalid_request: { status: 400 },
  authentication: { status: 401 },
  permission_denied: { status: 403 },
  model_not_found: { status: 404 },
  context_length_exceeded: { status: 400 },
  content_filter: { status: 400 },
  rate_limit: { status: 429 },
  quota_exceeded: { status: 402 },
  overloaded: { status: 503 },
  provider: { status: 500 },
};

/** Where the status alone does not tell, as the vendors put it. */
const words: Record<DialectName, Partial<Record<ServerErrorCode, ReplyError>>> = {
  openai: {
    model_not_found: {
      code: 'model_not_found',
      message: 'The model `a` does not exist or you do not have access to it.',
    },
    context_length_exceeded: {
      code: 'context_length_exceeded',
      message: "This model's maximum context length is 8192 tokens.",
    },
    content_filter: { code: 'content_policy_violation', message: 'Your request was rejected by our safety system.' },
    quota_exceeded: {
      status: 429,
      type: 'insufficient_quota',
      code: 'insufficient_quota',
      message: 'You exceeded your current quota.',
    },
  },
  mistral: {
    model_not_found: { status: 400, type: 'invalid_model', code: '1500', message: 'Invalid model: a' },
    context_length_exceeded: {
      message: 'Prompt contains 99999 tokens, too large for model with 32768 maximum context length',
    },
    content_filter: { status: 403, message: 'Input blocked by guardrail' },
  },
  ollama: {
    context_length_exceeded: { message: 'the input length exceeds the context length' },
  },
};
