import type { ResponseParseError } from '@anyllm/core/provider';
import { foldLine } from '../errors/redact.ts';
import { describeBody } from './describe-body.ts';
import type { WireRequest, WireResponse } from './exchange.ts';
import { unreadable } from './request-bytes.ts';

/** The error for a body that is not JSON. The engine's own message quotes the text, which is the model's or the user's. */
export function notJson(text: string, request: WireRequest, response: WireResponse): ResponseParseError {
  return unreadable(request, `is not JSON (${describeCoding(response) ?? describeBody(text)})`, response);
}

/** Compression was declined; a gateway that does it nevertheless is what has to be looked at. */
function describeCoding({ headers }: WireResponse): string | undefined {
  const coding = String(headers['content-encoding'] ?? 'identity');
  return coding === 'identity' ? undefined : `compressed by ${foldLine(coding, 20)}, though that was declined`;
}
