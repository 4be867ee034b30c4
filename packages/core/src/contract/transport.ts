/**
 * The seam between a provider and the network. Core only hands it on; `@anyllm/provider-kit` has one on undici and one
 * on `fetch`. It pushes: bytes are handled in the callback in which the socket delivers them, without a stream object,
 * a promise or a copy per read.
 */
export type Transport = (request: TransportRequest, handler: TransportHandler) => TransportExchange;

/** What goes over the wire, written out in full. */
export interface TransportRequest {
  method: 'GET' | 'POST' | 'DELETE';
  /** Absolute, `http:` or `https:`. */
  url: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** A `Blob` may stand for more than memory holds: it is read as it is sent. */
  body?: string | Uint8Array | Blob;
}

/** Headers of an answer, their names in lower case. */
export type ResponseHeaders = Record<string, string | string[] | undefined>;

/** Called in this order; `onEnd` or `onError` comes once and last. Nothing is called after `abort()`. */
export interface TransportHandler {
  /** The connection is ready and the request is being written. */
  onConnected(): void;
  /** Header names are in lower case. Redirects are not followed. */
  onResponse(status: number, headers: ResponseHeaders): void;
  /** The bytes are the handler's to keep: the transport does not write to them again. */
  onData(bytes: Uint8Array): void;
  /** The body is complete. */
  onEnd(): void;
  /** The exchange failed; no answer, or no more of it, will come. */
  onError(error: Error): void;
}

/** An exchange that is under way. */
export interface TransportExchange {
  /** Closes the socket of an exchange that is under way. Does nothing after its end. */
  abort(): void;
  /** Stops reading from the socket, so that the sender is held up too. */
  pause(): void;
  /** Reads on after `pause()`. */
  resume(): void;
}
