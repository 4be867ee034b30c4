import type { CompletionRequest } from '../contract/chat-request.ts';
import type { ChatRequest } from '../contract/provider.ts';
import type { ValidRequest } from './validate-request.ts';

/** The fields of a plain request, and what they have to be. */
const plain: { [Name in keyof CompletionRequest]: (value: unknown) => boolean } = {
  model: isText,
  prompt: isText,
  messages: isConversation,
  stream: (value) => typeof value === 'boolean',
  max_tokens: isCount,
  max_completion_tokens: isCount,
};

/**
 * A request of texts and nothing else, as most are: every provider can take it, and to see that it is one takes a
 * fraction of the time that its shape does. Whatever it is not, wrong or only richer, is for `validateRequest`.
 */
export function validatePlainRequest(input: unknown): ValidRequest | undefined {
  if (typeof input !== 'object' || input === null) return undefined;
  for (const [name, value] of Object.entries(input)) {
    if (!Object.hasOwn(plain, name) || !plain[name as keyof typeof plain]?.(value)) return undefined;
  }
  const { prompt, messages, ...rest } = input as CompletionRequest;
  if (rest.model === undefined || (prompt === undefined) === (messages === undefined)) return undefined;
  return { ...rest, messages: messages ?? [{ role: 'user', content: prompt as string }] };
}

/** What a provider gets of it. `stream` says which of the provider's calls is made and is no part of that. */
export function toPlainChatRequest({ stream, ...request }: ValidRequest, model: string): ChatRequest {
  return { ...request, model };
}

const roles: ReadonlySet<unknown> = new Set(['system', 'developer', 'user', 'assistant']);

function isConversation(messages: unknown): boolean {
  if (!Array.isArray(messages) || messages.length === 0) return false;
  for (const message of messages) if (!isPlainMessage(message)) return false; // `every` would pass over a hole
  return true;
}

function isPlainMessage(message: unknown): boolean {
  if (typeof message !== 'object' || message === null) return false;
  const { role, content } = message as Record<string, unknown>;
  return roles.has(role) && isText(content) && Object.keys(message).length === 2;
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) > 0;
}
