import { type ProviderContext, ResponseParseError } from '@anyllm/core/provider';
import { joinBytes } from '../decode/join-bytes.ts';
import { Exchange, type WireRequest, type WireResponse } from './exchange.ts';

/** An answer larger than this is not read. */
export const maxBodyBytes = 256 * 1024 * 1024;

/** A whole answer. */
export interface BytesAnswer {
  /** The body as it came. */
  bytes: Buffer;
  response: WireResponse;
}

/**
 * Sends a request and reads its whole answer.
 * @throws AnyLLMError of the class that fits; the signal's reason when that aborts
 */
export function requestBytes(request: WireRequest, context: ProviderContext): Promise<BytesAnswer> {
  return new Promise((resolve, reject) => {
    new WholeExchange(request, context, (bytes, response) => resolve({ bytes, response }), reject).send();
  });
}

/** Collects the body; what is made of it is the subscriber's part, and what it throws fails the exchange. */
export class WholeExchange extends Exchange {
  readonly #deliver: (bytes: Buffer, response: WireResponse) => void;
  readonly #reject: (reason: unknown) => void;
  readonly #body: Uint8Array[] = [];
  #bytes = 0;

  constructor(
    request: WireRequest,
    context: ProviderContext,
    deliver: (bytes: Buffer, response: WireResponse) => void,
    reject: (reason: unknown) => void,
  ) {
    super(request, context);
    this.#deliver = deliver;
    this.#reject = reject;
  }

  protected started(): void {}

  protected received(bytes: Uint8Array): void {
    this.#body.push(bytes);
    this.#bytes += bytes.length;
    if (this.#bytes > maxBodyBytes) throw unreadable(this.request, `is larger than ${maxBodyBytes} bytes`);
  }

  protected ended(response: WireResponse): void {
    this.#deliver(joinBytes(this.#body), response);
  }

  protected failed(reason: unknown): void {
    this.#reject(reason);
  }
}

export function unreadable({ provider, model }: WireRequest, how: string, response?: WireResponse): ResponseParseError {
  return new ResponseParseError(`${provider}: the answer ${how}`, {
    provider,
    model,
    status: response?.status,
    requestId: response?.requestId,
    retryable: true,
  });
}
