import type * as z from 'zod/mini';
import type { CompletionRequest, Message } from '../contract/chat-request.ts';
import { InvalidRequestError } from '../errors/errors.ts';
import { requestSchema, requestShape } from './request-schema.ts';

/** A request whose every field has been checked, with `prompt` written out as a message. */
export type ValidRequest = Omit<CompletionRequest, 'prompt' | 'messages'> & { messages: Message[] };

/**
 * Checks a request from outside. The caller's object is neither changed nor copied deeply.
 * @throws InvalidRequestError with the path of the wrong field
 */
export function validateRequest(input: unknown): ValidRequest {
  if (!isValid(input)) throw invalid(requestSchema.safeParse(input).error?.issues as Issue[], input);
  const { prompt, messages, ...rest } = input as CompletionRequest;
  if ((prompt === undefined) === (messages === undefined)) {
    throw new InvalidRequestError('a request needs exactly one of `prompt` and `messages`', { path: 'messages' });
  }
  if (messages?.length === 0) throw new InvalidRequestError('`messages` is empty', { path: 'messages' });
  return { ...rest, messages: messages ?? [{ role: 'user', content: prompt as string }] };
}

/**
 * Checks the request of another operation than a completion.
 * @throws InvalidRequestError with the path of the wrong field
 */
export function checkRequest(schema: z.ZodMiniType, input: unknown): void {
  const { error } = schema.safeParse(input);
  if (error) throw invalid(error.issues, input);
}

/**
 * Checks the fields that are present one by one: a request has five of the forty, and going through the schema of the
 * whole costs seven times as much. That schema then tells what is wrong.
 */
function isValid(input: unknown): input is CompletionRequest {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return false;
  const fields = input as Record<string, unknown>;
  return fields.model !== undefined && Object.keys(fields).every((key) => isValidField(key, fields[key]));
}

function isValidField(key: string, value: unknown): boolean {
  return Object.hasOwn(requestShape, key) && requestShape[key as keyof typeof requestShape].safeParse(value).success;
}

type Issue = z.core.$ZodIssue;

function invalid(issues: Issue[], input: unknown): InvalidRequestError {
  const { path, text } = describe(deepest(issues[0] as Issue), input);
  return new InvalidRequestError(path === '' ? `the request ${text}` : `\`${path}\` ${text}`, { path });
}

/** Of a union that did not match, the alternative that got furthest: its issue is what the caller meant. */
function deepest(issue: Issue): Issue {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return issue;
  const candidates = issue.errors.flatMap((alternative) => alternative.slice(0, 1).map(deepest));
  const best = candidates.reduce((a, b) => (b.path.length > a.path.length ? b : a));
  return best.path.length === 0 ? issue : { ...best, path: [...issue.path, ...best.path] };
}

function describe(issue: Issue, input: unknown): { path: string; text: string } {
  if (issue.code === 'unrecognized_keys') return unknownField(issue);
  return { path: formatPath(issue.path), text: complaint(issue, valueAt(input, issue.path)) };
}

const replacements: Record<string, string> = {
  functions: '`tools`',
  function_call: '`tool_choice`',
  maxTokens: '`max_tokens`',
  systemPrompt: 'a message of role `system`',
  system: 'a message of role `system`',
  timeout: 'the second argument, the options',
  signal: 'the second argument, the options',
};

function unknownField(issue: Issue & { code: 'unrecognized_keys' }): { path: string; text: string } {
  const key = issue.keys[0] as string;
  const instead = Object.hasOwn(replacements, key) ? replacements[key] : undefined;
  const hint = instead ? `use ${instead}` : 'vendor-only fields go in `provider_options`';
  return { path: formatPath([...issue.path, key]), text: `is not a known parameter; ${hint}` };
}

function complaint(issue: Issue, value: unknown): string {
  if (value === undefined && (issue.code === 'invalid_type' || issue.code === 'invalid_union')) return 'is missing';
  switch (issue.code) {
    case 'invalid_type':
    case 'invalid_union':
    case 'invalid_value':
      return mustBe(expectations(issue), value);
    case 'too_small':
      return tooSmall(issue);
    case 'too_big':
      return `must be at most ${issue.maximum}`;
    default:
      return `is not valid (${issue.code})`;
  }
}

/** Of a wrong word nothing is repeated: it may be private. */
function mustBe(forms: string[], value: unknown): string {
  const isWord = typeof value === 'string' && forms.some((form) => form.startsWith('"'));
  return `must be ${either(forms)}${isWord ? '' : `, not ${shown(value)}`}`;
}

function tooSmall(issue: Issue & { code: 'too_small' }): string {
  if (issue.origin === 'string') return 'must not be empty';
  return `must be ${issue.inclusive ? 'at least' : 'greater than'} ${issue.minimum}`;
}

/** What would have been right: of a union, whatever each of its alternatives wanted first. */
function expectations(issue: Issue): string[] {
  switch (issue.code) {
    case 'invalid_type':
      return [article(issue.expected)];
    case 'invalid_value':
      return issue.values.map((allowed) => JSON.stringify(allowed));
    case 'invalid_union':
      if ('options' in issue && Array.isArray(issue.options))
        return issue.options.map((known) => JSON.stringify(known));
      return [...new Set(issue.errors.flatMap(([first]) => (first ? expectations(first) : [])))];
    default:
      return ['of a known form'];
  }
}

function either(forms: string[]): string {
  return forms.length < 2 ? forms.join() : `${forms.slice(0, -1).join(', ')} or ${forms.at(-1)}`;
}

function article(type: string): string {
  if (type === 'int') return 'an integer';
  if (type === 'record') return 'a plain object';
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

/** The value itself only where it is a number, its kind otherwise. */
function shown(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'number') return String(value);
  const made = typeof value === 'object' ? value.constructor : undefined;
  return typeof made === 'function' && made !== Object ? `an instance of ${made.name}` : article(typeof value);
}

function valueAt(input: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], input);
}

/** `messages[0].content[1].text` */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}
