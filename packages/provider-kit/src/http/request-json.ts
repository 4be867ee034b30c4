import type { ProviderContext } from '@anyllm/core/provider';
import { foldLine } from '../errors/redact.ts';
import { describeBody } from './describe-body.ts';
import type { WireRequest, WireResponse } from './exchange.ts';
import { unreadable, WholeExchange } from './request-bytes.ts';

/** A whole answer. */
export interface JsonAnswer {
  /** The parsed body, of any JSON type. */
  json: unknown;
  response: WireResponse;
}

/**
 * Sends a request and reads its whole answer as JSON.
 * @throws AnyLLMError of the class that fits; the signal's reason when that aborts
 */
export function requestJson(request: WireRequest, context: ProviderContext): Promise<JsonAnswer> {
  return new Promise((resolve, reject) => {
    const deliver = (bytes: Buffer, response: WireResponse) =>
      resolve({ json: parse(bytes.toString(), request, response), response });
    new WholeExchange(request, context, deliver, reject).send();
  });
}

function parse(text: string, request: WireRequest, response: WireResponse): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The engine's message quotes the text, which is the model's or the user's.
    throw unreadable(request, `is not JSON (${describeCoding(response) ?? describeBody(text)})`, response);
  }
}

/** Compression was declined; a gateway that does it nevertheless is what has to be looked at. */
function describeCoding({ headers }: WireResponse): string | undefined {
  const coding = String(headers['content-encoding'] ?? 'identity');
  return coding === 'identity' ? undefined : `compressed by ${foldLine(coding, 20)}, though that was declined`;
}
