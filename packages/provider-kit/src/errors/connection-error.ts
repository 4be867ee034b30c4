import { ConnectionError } from '@anyllm/core/provider';
import { safeCause } from './safe-cause.ts';

export interface ConnectionTarget {
  provider: string;
  model?: string | undefined;
  /** Only its origin is shown. */
  baseURL: string;
  /** Cut out of what the cause says. */
  apiKey?: string | undefined;
}

interface Reason {
  codes: RegExp;
  says: (origin: string, code: string) => string;
  /** Default `true`: networks recover. */
  retryable?: false;
}

const reasons: readonly Reason[] = [
  {
    codes: /^ECONNREFUSED$/,
    says: (origin) => `connection refused, nothing listens at ${origin}; is the server running?`,
  },
  { codes: /^ENOTFOUND$/, says: (origin) => `no such host as in ${origin}; check the base URL and the network` },
  { codes: /^EAI_/, says: (origin) => `the name lookup for ${origin} failed; check the network` },
  {
    codes: /^(?:ECONNRESET|EPIPE|ECONNABORTED|UND_ERR_SOCKET)$/,
    says: (origin) => `the connection to ${origin} was closed by the other side`,
  },
  {
    codes: /^(?:ETIMEDOUT|UND_ERR_\w+_TIMEOUT)$/,
    says: (origin) => `${origin} did not answer in time; check the network`,
  },
  {
    codes: /^(?:EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/,
    says: (origin) => `${origin} cannot be reached; check the network`,
  },
  {
    codes: /^(?:EPROTO$|ERR_SSL_)/,
    says: (origin, code) => `no TLS connection to ${origin} (${code}); is it https?`,
    retryable: false,
  },
  {
    codes: /CERT|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)|^ERR_TLS_/,
    says: (origin, code) =>
      `the TLS certificate of ${origin} is not trusted (${code}); for a private authority set NODE_EXTRA_CA_CERTS`,
    retryable: false,
  },
  { codes: /^HPE_/, says: (origin, code) => `${origin} does not speak HTTP (${code}); check the base URL` },
  {
    codes: /INVALID/,
    says: (origin, code) => `the request to ${origin} could not be made (${code}); check base URL, key and headers`,
    retryable: false,
  },
];

/**
 * The error for a failure below HTTP. Looks for a known code along `cause` and in the parts of an `AggregateError`,
 * which is what comes of trying IPv6 and IPv4 in turn. The cause is a copy without the bytes that some errors carry. Not
 * for a caller's abort. Never throws.
 */
export function errorFromTransport(error: unknown, target: ConnectionTarget): ConnectionError {
  const { provider, model, baseURL, apiKey } = target;
  const origin = URL.canParse(baseURL) ? new URL(baseURL).origin : 'the base URL';
  const codes = errorCodes(error);
  const known = codes.flatMap((code) =>
    reasons.filter((reason) => reason.codes.test(code)).map((reason) => ({ reason, code })),
  )[0];
  const [code] = codes;
  const says =
    known?.reason.says(origin, known.code) ?? `the connection to ${origin} failed${code ? ` (${code})` : ''}`;
  return new ConnectionError(`${provider}: ${says}`, {
    ...{ provider, model, cause: error === undefined ? undefined : safeCause(error, apiKey) },
    retryable: known?.reason.retryable ?? true,
  });
}

/** All codes, outer ones first. Bounded, since a cause may lead back to itself. */
function errorCodes(error: unknown): string[] {
  const found: string[] = [];
  const queue = [error];
  for (let index = 0; index < Math.min(queue.length, 20); index += 1) {
    const { code, cause, errors } = (queue[index] ?? {}) as { code?: unknown; cause?: unknown; errors?: unknown };
    if (typeof code === 'string') found.push(code);
    queue.push(cause, ...(Array.isArray(errors) ? errors : []));
  }
  return found;
}
