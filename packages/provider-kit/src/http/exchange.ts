import {
  AnyLLMError,
  InvalidRequestError,
  type ProviderContext,
  type RateLimitSnapshot,
  type ResponseHeaders,
  type Transport,
  type TransportExchange,
  type TransportHandler,
  type TransportRequest,
} from '@anyllm/core/provider';
import { Failure, refusal, transportFailure } from '../errors/failure.ts';
import { parseRateLimits } from '../errors/rate-limits.ts';
import { parseRequestId } from '../errors/request-id.ts';
import { createFetchTransport } from './fetch-transport.ts';
import type { EncodedForm } from './form.ts';
import { joinURL, rootOf } from './join-url.ts';
import { createUndiciTransport } from './undici-transport.ts';

/** What to send, below the context's base URL. */
export interface WireRequest {
  /** For error messages. */
  provider: string;
  model: string;
  method?: 'GET' | 'POST' | 'DELETE';
  /** Without a leading slash; data in it percent-encoded. */
  path: string;
  /** Whether the path is below the server's root: the base URL without the version at its end. Default `false`. */
  atRoot?: boolean;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as `multipart/form-data`, in place of `body`; see `encodeForm`. */
  form?: EncodedForm;
  /** In lower case; those of the context win. */
  headers?: Record<string, string>;
  /** How the key goes along: as `authorization: Bearer …`, or by itself as `api-key`. Default `bearer`. */
  authHeader?: 'bearer' | 'api-key' | undefined;
  /** An error's body in OpenAI's shape; `undefined`: it is read as it is. */
  mapError?: ((body: Record<string, unknown>) => object | undefined) | undefined;
}

/** The head of an answer with a status of 2xx. */
export interface WireResponse {
  status: number;
  headers: ResponseHeaders;
  requestId: string | undefined;
}

/** How much of an error's body is read, and for how long: enough for any message, too little to be held up by. */
const maxErrorBytes = 64 * 1024;
const maxErrorMs = 2_000;

/** Bun puts an `undici` of its own in place of ours, which cannot do what the transport needs; its `fetch` is native. */
const defaultTransport: Transport =
  'Bun' in globalThis ? createFetchTransport() : /* @__PURE__ */ createUndiciTransport();

/**
 * One exchange with a vendor: sends, tells core of each phase, and turns whatever is not an answer into one of our
 * errors. What to do with the bytes of an answer is the subclass's part.
 */
export abstract class Exchange implements TransportHandler {
  protected readonly request: WireRequest;
  protected readonly context: ProviderContext;
  #transport: TransportExchange | undefined;
  #response: WireResponse | undefined;
  #errorBody: Uint8Array[] | undefined;
  #errorBytes = 0;
  #cancelErrorTimer: (() => void) | undefined;
  #stopListening: (() => void) | undefined;
  #over = false;

  constructor(request: WireRequest, context: ProviderContext) {
    this.request = request;
    this.context = context;
  }

  /** Apart from the constructor, since a transport may fail at once, and then all of this has to be there. */
  send(): void {
    const { method = 'POST', path, atRoot } = this.request;
    const { transport = defaultTransport, baseURL } = this.context;
    this.#stopListening = listenForAbort(this.context, this.#onAbort);
    if (this.#over) return; // the abort was earlier
    this.step(() => {
      const { type, body } = this.#encodeBody();
      const headers = wireHeaders(this.request, this.context, type);
      const request: TransportRequest = { method, url: joinURL(atRoot ? rootOf(baseURL) : baseURL, path), headers };
      if (body !== undefined) request.body = body;
      this.#transport = this.#start(transport, request);
    });
    if (this.#over) this.#transport?.abort();
  }

  /** The head of an answer has come. */
  protected abstract started(response: WireResponse): void;
  protected abstract received(bytes: Uint8Array): void;
  /** The answer has come to its end. */
  protected abstract ended(response: WireResponse): void;
  /** There is no answer, or no more of it. */
  protected abstract failed(reason: unknown): void;

  onConnected(): void {
    this.context.observer.connected();
  }

  onResponse(status: number, headers: ResponseHeaders): void {
    const requestId = parseRequestId(headers);
    this.context.observer.responded(new ResponseHead(status, requestId, headers));
    this.#response = { status, headers, requestId };
    if (status >= 300) this.#awaitErrorBody();
    else this.step(() => this.started(this.#response as WireResponse));
  }

  onData(bytes: Uint8Array): void {
    if (this.#errorBody) this.#addToErrorBody(this.#errorBody, bytes);
    else this.step(() => this.received(bytes));
  }

  onEnd(): void {
    if (this.#errorBody) this.#failByStatus(this.#errorBody);
    else this.step(() => this.#finish(this.#response as WireResponse));
  }

  onError(error: Error): void {
    if (this.#errorBody) this.#failByStatus(this.#errorBody);
    else this.fail(AnyLLMError.isInstance(error) ? error : this.#transportFailure(error));
  }

  /** Stops reading from the socket until `resume()`. */
  protected pause(): void {
    this.#transport?.pause();
  }

  protected resume(): void {
    this.#transport?.resume();
  }

  /** Closes the socket; nothing comes after it. */
  protected cancel(): void {
    this.release();
    this.#close();
  }

  /** Ends the exchange with an error or a failure, of the decoder's making too. */
  protected fail(reason: unknown): void {
    if (this.#over) return;
    if (reason instanceof Failure) this.#failWith(reason.toError());
    else this.#endWith(reason);
  }

  /** Lets go of the caller's signal: from here on the exchange only ends. */
  protected release(): void {
    this.#over = true;
    this.#cancelErrorTimer?.();
    this.#stopListening?.();
  }

  /** A step in a callback of the transport, where a throw would end up in the socket's code. */
  protected step(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.fail(error);
    }
  }

  #finish(response: WireResponse): void {
    this.ended(response);
    this.release();
  }

  #failWith(error: AnyLLMError | Promise<AnyLLMError>): void {
    if (error instanceof Promise) {
      this.#close(); // at once; an abort still counts until the error is there
      error.then((made) => this.fail(made));
    } else this.#endWith(error);
  }

  #endWith(reason: unknown): void {
    this.cancel();
    this.failed(reason);
  }

  #close(): void {
    this.#cancelErrorTimer?.();
    this.#transport?.abort();
    this.#transport = undefined;
  }

  #encodeBody(): { type?: string; body?: string | Blob } {
    const { body, form } = this.request;
    if (form) return form;
    return body === undefined ? {} : { type: 'application/json', body: this.#toJson(body) };
  }

  #toJson(body: unknown): string {
    try {
      return JSON.stringify(body);
    } catch (error) {
      // The engine's message tells what is wrong, over several lines and with names from the request.
      const why = error instanceof RangeError ? 'it is nested too deeply' : 'it holds a circle or a BigInt';
      const { provider, model } = this.request;
      throw new InvalidRequestError(`${provider}: the request cannot be written as JSON: ${why}`, { provider, model });
    }
  }

  #start(transport: Transport, request: TransportRequest): TransportExchange {
    try {
      return transport(request, this);
    } catch (error) {
      throw this.#transportFailure(error);
    }
  }

  #transportFailure(error: unknown): Failure {
    const { provider, model } = this.request;
    const { baseURL, apiKey } = this.context;
    return transportFailure(error, { provider, model, baseURL, apiKey });
  }

  #awaitErrorBody(): void {
    const body: Uint8Array[] = [];
    this.#errorBody = body;
    this.#cancelErrorTimer = this.context.clock.schedule(() => this.#failByStatus(body), maxErrorMs);
  }

  #addToErrorBody(body: Uint8Array[], bytes: Uint8Array): void {
    body.push(bytes);
    this.#errorBytes += bytes.length;
    if (this.#errorBytes >= maxErrorBytes) this.#failByStatus(body);
  }

  #failByStatus(body: Uint8Array[]): void {
    const { status, headers } = this.#response as WireResponse;
    const { provider, model, mapError } = this.request;
    const { apiKey } = this.context;
    const text = Buffer.concat(body).subarray(0, maxErrorBytes).toString();
    this.fail(refusal({ provider, model, status, headers, body: text, apiKey }, mapError));
  }

  readonly #onAbort = (reason: unknown): void => this.fail(reason);
}

/** As core is told of it. The rate limits are read when they are asked for, and a stream's first text waits for nothing. */
class ResponseHead {
  readonly status: number;
  readonly requestId: string | undefined;
  readonly #headers: ResponseHeaders;
  readonly #arrivedAt = Date.now();
  #read: { rateLimit: RateLimitSnapshot | undefined } | undefined;

  constructor(status: number, requestId: string | undefined, headers: ResponseHeaders) {
    this.status = status;
    this.requestId = requestId;
    this.#headers = headers;
  }

  get rateLimit(): RateLimitSnapshot | undefined {
    this.#read ??= { rateLimit: parseRateLimits(this.#headers, this.#arrivedAt) };
    return this.#read.rateLimit;
  }
}

/** @returns takes the listener back */
function listenForAbort(context: ProviderContext, listener: (reason: unknown) => void): () => void {
  if (context.onAbort) return context.onAbort(listener);
  const { signal } = context;
  const onAbort = () => listener(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort);
  return () => signal.removeEventListener('abort', onAbort);
}

function wireHeaders(
  { headers, authHeader }: WireRequest,
  { apiKey, headers: own }: ProviderContext,
  contentType: string | undefined,
): Record<string, string> {
  const wire: Record<string, string> = {
    accept: 'application/json',
    'accept-encoding': 'identity', // the bytes are decoded as they come
    'user-agent': 'anyllm',
  };
  if (contentType !== undefined) wire['content-type'] = contentType;
  if (apiKey !== undefined && authHeader === 'api-key') wire['api-key'] = apiKey;
  else if (apiKey !== undefined) wire.authorization = `Bearer ${apiKey}`;
  return Object.assign(wire, headers, own);
}
