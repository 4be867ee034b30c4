import { type ErrorDetails, ResponseParseError } from '@anyllm/core/provider';

/** What a server sends without an end must not fill the memory. */
export function tooLong(what: string, bytes: number, maxBytes: number, details?: ErrorDetails): ResponseParseError {
  const whose = details?.provider === undefined ? '' : `${details.provider}: `;
  const message = `${whose}stream ${what} of at least ${bytes} bytes exceeds the limit of ${maxBytes} bytes`;
  return new ResponseParseError(message, details);
}
