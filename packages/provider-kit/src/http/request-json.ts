import { type ProviderContext, ResponseParseError } from '@anyllm/core/provider';
import { textOf } from '../decode/text-of.ts';
import { foldLine } from '../errors/redact.ts';
import { describeBody } from './describe-body.ts';
import { Exchange, type WireRequest, type WireResponse } from './exchange.ts';

/** An answer larger than this is not read. */
const maxBodyBytes = 256 * 1024 * 1024;

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
    new JsonExchange(request, context, resolve, reject).send();
  });
}

class JsonExchange extends Exchange {
  readonly #resolve: (answer: JsonAnswer) => void;
  readonly #reject: (reason: unknown) => void;
  readonly #body: Uint8Array[] = [];
  #bytes = 0;

  constructor(
    request: WireRequest,
    context: ProviderContext,
    resolve: (answer: JsonAnswer) => void,
    reject: (reason: unknown) => void,
  ) {
    super(request, context);
    this.#resolve = resolve;
    this.#reject = reject;
  }

  protected started(): void {}

  protected received(bytes: Uint8Array): void {
    this.#body.push(bytes);
    this.#bytes += bytes.length;
    if (this.#bytes > maxBodyBytes) throw this.#unreadable(`is larger than ${maxBodyBytes} bytes`);
  }

  protected ended(response: WireResponse): void {
    const text = textOf(this.#body);
    this.#resolve({ json: this.#parse(text, response), response });
  }

  protected failed(reason: unknown): void {
    this.#reject(reason);
  }

  #parse(text: string, response: WireResponse): unknown {
    try {
      return JSON.parse(text);
    } catch {
      // The engine's message quotes the text, which is the model's or the user's.
      throw this.#unreadable(`is not JSON (${describeCoding(response) ?? describeBody(text)})`, response);
    }
  }

  #unreadable(how: string, response?: WireResponse): ResponseParseError {
    const { provider, model } = this.request;
    return new ResponseParseError(`${provider}: the answer ${how}`, {
      provider,
      model,
      status: response?.status,
      requestId: response?.requestId,
      retryable: true,
    });
  }
}

/** Compression was declined; a gateway that does it nevertheless is what has to be looked at. */
function describeCoding({ headers }: WireResponse): string | undefined {
  const coding = String(headers['content-encoding'] ?? 'identity');
  return coding === 'identity' ? undefined : `compressed by ${foldLine(coding, 20)}, though that was declined`;
}
