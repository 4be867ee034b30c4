import type { ChatRequest } from '../../contract/provider.ts';

const charactersPerToken = 4;
/** Role and separators. */
const tokensPerMessage = 4;
/** An image, sound or file. Vendors differ by a factor of ten: a middle figure, to be settled. */
const tokensPerAttachment = 800;
/** An answer whose length the request does not bound. */
const unboundedAnswerTokens = 1_000;

/**
 * What a request will use, roughly and cheaply: four characters are a token, which is fair for English, low for
 * Chinese or Japanese, and every choice is as long as it may be. Meant to be reserved, then settled by the real usage.
 */
export function estimateUsage(request: ChatRequest): EstimatedUsage {
  const answer = request.max_completion_tokens ?? request.max_tokens ?? unboundedAnswerTokens;
  return { prompt_tokens: Math.ceil(promptTokens(request)), completion_tokens: answer * (request.n ?? 1) };
}

export interface EstimatedUsage {
  prompt_tokens: number;
  completion_tokens: number;
}

export function sumOf({ prompt_tokens, completion_tokens }: EstimatedUsage): number {
  return prompt_tokens + completion_tokens;
}

/** Of plain text. */
export function estimateTextTokens(text: string): number {
  return Math.ceil(text.length / charactersPerToken);
}

function promptTokens({ messages, tools, response_format }: ChatRequest): number {
  let tokens = messages.length * tokensPerMessage;
  for (const message of messages) {
    tokens += contentTokens(message.content);
    if ('tool_calls' in message && message.tool_calls) tokens += jsonTokens(message.tool_calls);
  }
  if (tools) tokens += jsonTokens(tools);
  if (response_format?.type === 'json_schema') tokens += jsonTokens(response_format.json_schema);
  return tokens;
}

function contentTokens(content: string | readonly object[] | null | undefined): number {
  if (typeof content === 'string') return content.length / charactersPerToken;
  let tokens = 0;
  for (const part of content ?? []) {
    tokens += 'text' in part ? String(part.text).length / charactersPerToken : tokensPerAttachment;
  }
  return tokens;
}

function jsonTokens(value: unknown): number {
  return JSON.stringify(value).length / charactersPerToken;
}
