import type { DialectName, ReplyError } from '@anyllm/simulator';
import type { ServerErrorCode } from '../scenario.ts';

/** A failure as the vendor reports it. */
export function toVendorError(dialect: DialectName, code: ServerErrorCode): ReplyError & { status: number } {
  return { status: statuses[code], ...words[dialect][code] };
}

const statuses: Record<ServerErrorCode, number> = {
  invalid_request: 400,
  authentication: 401,
  permission_denied: 403,
  model_not_found: 404,
  context_length_exceeded: 400,
  content_filter: 400,
  rate_limit: 429,
  quota_exceeded: 402,
  overloaded: 503,
  provider: 500,
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
