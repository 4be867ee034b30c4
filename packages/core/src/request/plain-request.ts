import type { Warning } from '../contract/call-meta.ts';
import type { CompletionRequest } from '../contract/chat-request.ts';
import type { ChatRequest, Provider } from '../contract/provider.ts';
import type { CheckedRequest } from './check-capabilities.ts';
import { dropped, unsupported } from './left-out.ts';
import type { ValidRequest } from './validate-request.ts';

/** The fields of a plain request, and what they have to be. */
const plain: { [Name in keyof CompletionRequest]: (value: unknown) => boolean } = {
  model: isText,
  prompt: isText,
  messages: isConversation,
  stream: (value) => typeof value === 'boolean',
  max_tokens: isCount,
  max_completion_tokens: isCount,
  temperature: isNotNegative,
  top_p: (value) => isNotNegative(value) && Number(value) <= 1,
};

/** Those of them that a provider may not have. Without them the answer is still one to the question. */
const tuning = ['temperature', 'top_p'] as const;

/**
 * A request of texts and little else, as most are: to see that it is one takes a fraction of the time that its shape
 * does. Whatever it is not, wrong or only richer, is for `validateRequest`.
 */
export function validatePlainRequest(input: unknown): ValidRequest | undefined {
  if (typeof input !== 'object' || input === null) return undefined;
  for (const [name, value] of Object.entries(input)) {
    if (!Object.hasOwn(plain, name) || !plain[name as keyof typeof plain]?.(value)) return undefined;
  }
  const { prompt, messages, ...rest } = input as CompletionRequest;
  if (rest.model === undefined || (prompt === undefined) === (messages === undefined)) return undefined;
  return { ...rest, messages: messages ? [...messages] : [{ role: 'user', content: prompt as string }] };
}

/**
 * What a provider gets of it. `stream` says which of the provider's calls is made and is no part of that.
 * @throws UnsupportedParameterError where something would be left out and the caller is `strict`
 */
export function fitPlainRequest(
  plain: ValidRequest,
  model: string,
  provider: Provider,
  strict: boolean,
): CheckedRequest {
  const { stream, ...request } = plain;
  const warnings: Warning[] = [];
  for (const name of tuning) {
    if (request[name] === undefined || provider.capabilities.parameters.includes(name)) continue;
    if (strict) throw unsupported(provider, name, `\`${name}\``);
    warnings.push(dropped(provider, name));
    delete request[name];
  }
  return { request: { ...request, model } as ChatRequest, warnings };
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

function isNotNegative(value: unknown): boolean {
  return Number.isFinite(value) && Number(value) >= 0;
}
