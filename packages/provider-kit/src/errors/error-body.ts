import { isRequestId } from './request-id.ts';

/** What a vendor's error says, whatever its shape. */
export interface ErrorBody {
  /** Empty when the body holds none. */
  message: string;
  /** As text, also where it was sent as a number. */
  code?: string | undefined;
  type?: string | undefined;
  /** The request's field that it is about, as `messages[0].content`. */
  param?: string | undefined;
  /** HTTP status that the body names, for errors inside a successful answer. */
  status?: number | undefined;
  requestId?: string | undefined;
  /** `metadata`, `details` or `innererror` as sent. */
  details?: unknown;
}

type Fields = Record<string, unknown>;

const MAX_TEXT_LENGTH = 500;
const MAX_MESSAGE_LENGTH = 4000;

/**
 * Reads the text of an error answer. JSON is recognised whatever the content type says; of other text the first 500
 * characters are the message, and of an HTML page its title. Never throws.
 */
export function parseErrorBody(text: string): ErrorBody {
  const trimmed = text.trim();
  if (trimmed.startsWith('<')) return { message: describeMarkup(trimmed) };
  try {
    return readErrorBody(JSON.parse(trimmed));
  } catch {
    return { message: trimmed.slice(0, MAX_TEXT_LENGTH) };
  }
}

function describeMarkup(text: string): string {
  if (!/^<(?:!doctype html|html|head|body|!--)/i.test(text)) return text.slice(0, MAX_TEXT_LENGTH);
  const title = /<title[^<>]{0,100}>([^<]{1,200})/i.exec(text.slice(0, 20_000))?.[1]?.trim();
  return title ? `HTML page instead of JSON: ${title}` : 'HTML page instead of JSON';
}

/** Reads an error that is parsed already, or an event of a stream that holds one. Never throws. */
export function readErrorBody(value: unknown): ErrorBody {
  const root = Array.isArray(value) ? value[0] : value;
  if (!isFields(root)) return { message: readWord(root) ?? '' };
  const wrapped = findError(root);
  const error = isFields(wrapped) ? wrapped : root;
  const { message, param, code }: ErrorBody = readDetailList(error) ?? { message: readMessage(error, wrapped) };
  return {
    message: message.slice(0, MAX_MESSAGE_LENGTH),
    code: readWord(error.code ?? error.status_code) ?? code,
    type: readWord(error.type) ?? (typeof error.status === 'string' ? readWord(error.status) : undefined),
    param: readWord(error.param) ?? param,
    status: readStatus(error) ?? readStatus(root),
    requestId: [root.request_id, error.request_id, field(root.x_groq, 'id')].find(isRequestId),
    details: error.metadata ?? error.details ?? error.innererror,
  };
}

/** Where the error is: under `error` nearly everywhere, else in `response` (OpenAI Responses), `x_groq` or MiniMax's `base_resp`. */
function findError(root: Fields): unknown {
  return root.error ?? field(root.response, 'error') ?? field(root.x_groq, 'error') ?? root.base_resp;
}

function readMessage(error: Fields, wrapped: unknown): string {
  const candidates = [error.message, error.msg, error.detail, error.status_msg, wrapped, error.title];
  const text = candidates.find((candidate) => typeof candidate === 'string' && candidate !== '');
  if (typeof text === 'string') return text;
  const shown = error.message ?? error.detail;
  return shown === undefined || shown === null ? '' : toJson(shown);
}

/** The list of failures that FastAPI servers send, as `detail` or as `message.detail`. */
function readDetailList(error: Fields): Pick<ErrorBody, 'message' | 'param' | 'code'> | undefined {
  const list = Array.isArray(error.detail) ? error.detail : field(error.message, 'detail');
  if (!Array.isArray(list)) return undefined;
  const failures = list.slice(0, 10).filter(isFields);
  const [first] = failures;
  if (first === undefined) return undefined;
  return {
    message: failures.map(describeFailure).join('; '),
    param: toPath(first.loc),
    code: readWord(first.type),
  };
}

function describeFailure({ loc, msg, type }: Fields): string {
  const text = readWord(msg) ?? readWord(type) ?? 'invalid';
  return Array.isArray(loc) ? `${loc.slice(0, 20).filter(isKey).join('.')}: ${text}` : text;
}

/** `["body", "messages", 0, "content"]` → `messages[0].content`. */
function toPath(loc: unknown): string | undefined {
  if (!Array.isArray(loc)) return undefined;
  const keys = loc.slice(0, 20).filter(isKey);
  const path = keys.slice(keys[0] === 'body' ? 1 : 0).map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`));
  return path.join('').replace(/^\./, '') || undefined;
}

/** MiniMax counts on its own from 1000, so only what can be a status of an error is one. */
function readStatus(fields: Fields): number | undefined {
  const { code, status, statusCode, status_code, raw_status_code } = fields;
  return [code, status, statusCode, status_code, raw_status_code]
    .map((value) => (typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value))
    .find((value): value is number => Number.isInteger(value) && Number(value) >= 400 && Number(value) <= 599);
}

function readWord(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value.slice(0, MAX_TEXT_LENGTH) : undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isKey(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

function field(value: unknown, name: string): unknown {
  return isFields(value) ? value[name] : undefined;
}

/** Nesting can be deeper than the stack. */
function toJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '';
  }
}
