/**
 * A file to send: a `File` or `Blob` (as `await openAsBlob(path)` of `node:fs` gives, which is read while it is sent),
 * bytes, or a stream of bytes, which is read whole before the call begins, so that it can be sent again. Its kind is taken from its
 * type or name, else from its first bytes.
 */
export type FileInput = Blob | ArrayBuffer | Uint8Array | AsyncIterable<Uint8Array>;
