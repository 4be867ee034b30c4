import { type ContentError, type ContentUsage, contentsWithout, createResponder } from '@anyllm/provider-testing';

const event = (fields: object) => `data: ${JSON.stringify(fields)}\n\n`;
const stops: Record<string, string> = { stop: 'end', length: 'limit', content_filter: 'filter' };

/** Says in Acme's words what the behaviour suite tells it to. The server around them is the suite's. */
export const responder = createResponder({
  // What the protocol has no words for, so that nothing of it can be tested.
  contents: contentsWithout(
    'choices',
    'tool-call',
    'tool-call-without-arguments',
    'tool-call-of-hostile-name',
    'parallel-tool-calls',
    'reasoning',
    'cached-tokens',
    'reasoning-tokens',
  ),
  errorEvent: event({ error: { message: 'internal error' } }),
  keepAlive: ': keep-alive\n\n',
  whole({ content: { choices, usage, error } }) {
    if (error) return { status: statusOf(error), body: { error: { code: error.code, message: error.code } } };
    const { tokens = [], finishReason = 'stop' } = choices[0] ?? {};
    return { body: { text: [...tokens].join(''), stop: stops[finishReason], tokens: toTokens(usage) } };
  },
  *stream({ content: { choices, usage } }) {
    const { tokens = [], finishReason = 'stop' } = choices[0] ?? {};
    for (const text of tokens) yield { isToken: true, text: event({ text }) };
    yield { isToken: false, text: event({ stop: stops[finishReason], tokens: toTokens(usage) }) };
  },
});

function toTokens(usage: ContentUsage | undefined) {
  return usage && { input: usage.prompt, output: usage.completion };
}

const statuses: Partial<Record<ContentError['code'], number>> = {
  authentication: 401,
  quota_exceeded: 402,
  permission_denied: 403,
  model_not_found: 404,
  rate_limit: 429,
  provider: 500,
  overloaded: 503,
};

function statusOf({ code }: ContentError): number {
  return statuses[code] ?? 400;
}
