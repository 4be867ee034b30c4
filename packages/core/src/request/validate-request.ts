import type { CompletionRequest, Message } from '../contract/chat-request.ts';
import { InvalidRequestError } from '../errors/errors.ts';
import { invalidField } from '../errors/invalid-field.ts';
import { checkRequest } from './check-request.ts';
import { requestShape } from './request-shape.ts';

/** A request whose every field has been checked, with `prompt` written out as a message. */
export type ValidRequest = Omit<CompletionRequest, 'prompt' | 'messages'> & { messages: Message[] };

/**
 * Checks a request from outside. The caller's object is neither changed nor copied deeply.
 * @throws InvalidRequestError with the path of the wrong field
 */
export function validateRequest(input: unknown): ValidRequest {
  checkRequest(requestShape, input);
  const request = input as CompletionRequest;
  if ((request.prompt === undefined) === (request.messages === undefined)) {
    throw new InvalidRequestError('a request needs exactly one of `prompt` and `messages`', { path: 'messages' });
  }
  if (request.messages?.length === 0) throw invalidField('messages', 'is empty');
  return request.messages === undefined ? withMessages(request) : { ...request };
}

function withMessages({ prompt, messages: _, ...rest }: CompletionRequest): ValidRequest {
  return { ...rest, messages: [{ role: 'user', content: prompt as string }] };
}
