import type { ChatRequest, Message } from '@anyllm/core/provider';

const id = 'acme';

/** Translates a request to the body of Acme's `/generate`. Pure; a member that is `undefined` is not sent. */
export function toAcmeRequest(request: ChatRequest, stream: boolean): Record<string, unknown> {
  const { model, messages, temperature, top_p, stop, provider_options } = request;
  return {
    model,
    stream,
    turns: messages.map(toTurn),
    limit: request.max_completion_tokens ?? request.max_tokens,
    temperature,
    top_p,
    stop,
    ...provider_options?.[id], // what only this vendor knows, as it stands
  };
}

function toTurn({ role, content }: Message): { role: string; text: string } {
  return { role: role === 'developer' ? 'system' : role, text: toText(content) };
}

/** Parts other than text are refused by the capabilities. */
function toText(content: Message['content']): string {
  if (typeof content === 'string') return content;
  return (content ?? []).map((part) => (part.type === 'text' ? part.text : '')).join('');
}
