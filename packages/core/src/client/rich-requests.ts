import { validateRequest } from '../request/validate-request.ts';
import type { ReadRequest } from './plain-requests.ts';
import { resolveChatTarget } from './resolve-chat-target.ts';

/**
 * Any request, looked at in full.
 * @throws InvalidRequestError with the path of the wrong field
 */
export function readRichRequest(input: unknown): ReadRequest {
  return { request: validateRequest(input), resolve: resolveChatTarget };
}
