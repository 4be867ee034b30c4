import type { CompletionRequest, Message } from '../contract/chat-request.ts';
import { InvalidRequestError } from '../errors/errors.ts';
import { invalidField } from '../errors/invalid-field.ts';
import { describeFlaw, type Flaw, formatPath } from './flaw.ts';
import { requestShape } from './request-shape.ts';
import type { Shape } from './shape.ts';

/** A request whose every field has been checked, with `prompt` written out as a message. */
export type ValidRequest = Omit<CompletionRequest, 'prompt' | 'messages'> & { messages: Message[] };

/**
 * Checks a request from outside. The caller's object is neither changed nor copied deeply.
 * @throws InvalidRequestError with the path of the wrong field
 */
export function validateRequest(input: unknown): ValidRequest {
  const [flaw] = requestShape(input);
  if (flaw) throw invalid(flaw);
  const request = input as CompletionRequest;
  if ((request.prompt === undefined) === (request.messages === undefined)) {
    throw new InvalidRequestError('a request needs exactly one of `prompt` and `messages`', { path: 'messages' });
  }
  if (request.messages?.length === 0) throw invalidField('messages', 'is empty');
  return request.messages === undefined ? withMessages(request) : { ...request };
}

/**
 * Checks the request of another operation than a completion.
 * @throws InvalidRequestError with the path of the wrong field
 */
export function checkRequest(shape: Shape, input: unknown): void {
  const [flaw] = shape(input);
  if (flaw) throw invalid(flaw);
}

function withMessages({ prompt, messages: _, ...rest }: CompletionRequest): ValidRequest {
  return { ...rest, messages: [{ role: 'user', content: prompt as string }] };
}

function invalid(flaw: Flaw): InvalidRequestError {
  const path = formatPath(flaw.path);
  const text = describeFlaw(flaw);
  return new InvalidRequestError(path === '' ? `the request ${text}` : `\`${path}\` ${text}`, { path });
}
