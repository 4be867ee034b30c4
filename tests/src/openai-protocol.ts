import type { Content, ContentChoice, Protocol, ServerErrorCode } from '@anyllm/provider-testing';

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

/** What the status does not tell, this server's error codes do. */
const codes: Partial<Record<ServerErrorCode, string>> = {
  model_not_found: 'model_not_found',
  context_length_exceeded: 'context_length_exceeded',
  content_filter: 'content_filter',
};

/** OpenAI's chat completions in the words of an author who has no simulator for them. */
export const openAIProtocol: Protocol = {
  errorEvent: frame({ error: { message: 'The server had an error', type: 'server_error' } }),
  keepAlive: ': keep-alive\n\n',
  whole({ content }) {
    const { error, choices } = content;
    if (error) return { status: statuses[error.code], body: { error: { message: 'No.', code: codes[error.code] } } };
    return { body: { ...head, choices: choices.map(toWhole), ...toUsage(content) } };
  },
  *stream({ content }) {
    const { choices } = content;
    for (const [index, choice] of choices.entries()) {
      const event = (isToken: boolean, delta: object, finish_reason: string | null = null) => ({
        isToken,
        text: frame({ ...head, choices: [{ index, delta, finish_reason }] }),
      });
      yield event(false, { role: 'assistant', content: '' });
      if (choice.reasoning) yield event(true, { reasoning_content: choice.reasoning });
      for (const content of choice.tokens) yield event(true, { content });
      for (const call of toCalls(choice)) yield event(true, { tool_calls: [call] });
      yield event(false, {}, finishOf(choice));
    }
    if (content.usage) yield { isToken: false, text: frame({ ...head, choices: [], ...toUsage(content) }) };
    yield { isToken: false, text: 'data: [DONE]\n\n' };
  },
};

const head = { id: 'chatcmpl-1', created: 1_700_000_000, model: 'acme-1' };

function frame(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

function toWhole(choice: ContentChoice, index: number): object {
  const calls = toCalls(choice);
  const message = {
    role: 'assistant',
    content: calls.length > 0 ? null : [...choice.tokens].join(''),
    ...(choice.reasoning && { reasoning_content: choice.reasoning }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
  return { index, message, finish_reason: finishOf(choice) };
}

function toCalls({ toolCalls = [] }: ContentChoice): object[] {
  return toolCalls.map(({ name, arguments: given }, index) => ({
    ...{ index, id: `call_${index}`, type: 'function' },
    function: { name, arguments: JSON.stringify(given) },
  }));
}

function finishOf({ finishReason, toolCalls }: ContentChoice): string {
  return finishReason ?? (toolCalls ? 'tool_calls' : 'stop');
}

function toUsage({ usage }: Content): object {
  if (!usage) return {};
  const { prompt, completion, cached, reasoning } = usage;
  return {
    usage: {
      prompt_tokens: prompt,
      completion_tokens: completion,
      total_tokens: prompt + completion,
      ...(cached !== undefined && { prompt_tokens_details: { cached_tokens: cached } }),
      ...(reasoning !== undefined && { completion_tokens_details: { reasoning_tokens: reasoning } }),
    },
  };
}
