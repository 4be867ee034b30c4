import type { JsonObject } from './recorded-request.ts';
import type { ReplyError } from './reply.ts';

/**
 * In what an OpenAI-compatible server differs from OpenAI. For the OpenAI dialect only; the default is OpenAI's own way.
 * What has a place elsewhere stays there: a missing `[DONE]` is the fault `no-terminator`, keep-alives are
 * `wire.comments`, and words for the end are `finishReason`.
 */
export interface OpenaiQuirks {
  /** Top-level fields of a request that OpenAI does not know and this server does. */
  accepts?: readonly string[];
  /** Those that this server does not know. */
  refuses?: readonly string[];
  /** The header that carries the key by itself, in place of `Authorization: Bearer`. */
  keyHeader?: string;
  /** Answers in one piece also where a stream was asked for. */
  noStream?: boolean;

  /** Where the token counts are, whether asked for or not. Only the first three matter to a whole answer. */
  usage?: 'x_groq' | 'choice' | 'none' | 'finish' | 'every-chunk' | 'after-finish';
  /** Reasoning tokens are counted beside those of the completion, not among them: xAI's way. */
  reasoningTokens?: 'beside';
  /** The field of reasoning, which `object` nests and `twice` repeats; or the tags around it in the content. */
  reasoning?: 'reasoning' | 'thinking' | 'reasoning_details' | 'object' | 'twice' | ThinkTags | { field: string };
  /** Content as a string or as a list of parts. */
  content?: 'parts';
  role?: 'every' | 'never' | 'empty';
  /** What stands for the finish reason until it is known. */
  unfinished?: 'missing' | 'empty';
  /** The last chunk has no delta, or the whole message in its place. */
  lastDelta?: 'missing' | 'message';
  /** The choices carry no `index`. */
  choiceIndex?: 'missing';
  /** The `index` of the calls of a stream. */
  toolIndex?: 'missing' | 'zero';
  toolIds?: 'missing' | 'every';
  /** The name on the later fragments of a call. */
  toolNames?: 'empty' | 'every';
  /** The arguments in one piece, as text or as an object. */
  toolArguments?: 'whole' | 'object';
  /** `id`, `object`, `created` and `model`; `odd` has them of other types. */
  identity?: 'missing' | 'empty' | 'odd';
  /** Chunks of filter results around the others, the first with an empty id: Azure's. */
  filterResults?: boolean;
  /** Blank lines before a whole answer, sent while the model is loading. */
  leadingBlanks?: boolean;

  /** The shape of an error: in a list, a text under `error`, without `error`, with a number as code. */
  errors?: 'array' | 'text' | 'flat' | 'number';
  /** Errors come under status 200. */
  errorsAsSuccess?: boolean;
  /** Errors inside a stream as an event of that name, or in a field of that name. */
  errorEvents?: 'named' | 'bare';
}

/** `""` leaves a tag out, as a model does that stops within its reasoning or whose template has opened it. */
export interface ThinkTags {
  open: string;
  close: string;
}

export function isTagged(reasoning: OpenaiQuirks['reasoning']): reasoning is ThinkTags {
  return typeof reasoning === 'object' && 'open' in reasoning;
}

/** The refusal of a field that the server does not know. */
export function checkRefused(body: object, { refuses = [] }: OpenaiQuirks): ReplyError | undefined {
  const param = refuses.find((field) => Object.hasOwn(body, field));
  return param === undefined ? undefined : { param, message: `Unrecognized request argument supplied: ${param}` };
}

/** Without the fields that OpenAI would not know. */
export function withoutAccepted<Body extends object>(body: Body, { accepts }: OpenaiQuirks): Body {
  if (!accepts) return body;
  return Object.fromEntries(Object.entries(body).filter(([field]) => !accepts.includes(field))) as Body;
}

/** OpenAI's error body in the server's shape. */
export function toErrorShape(body: { error: JsonObject }, status: number, { errors }: OpenaiQuirks): unknown {
  const { error } = body;
  switch (errors) {
    case 'array':
      return [{ error: { ...error, code: status } }];
    case 'text':
      return { error: error.message, ...(error.code ? { code: error.code } : {}) };
    case 'flat':
      return { object: 'error', ...error, code: error.code ?? status };
    case 'number':
      return { error: { message: error.message, code: status } };
    default:
      return body;
  }
}
