import type { Provider } from '../contract/provider.ts';
import { AnyLLMError } from '../errors/any-llm-error.ts';
import { InvalidRequestError } from '../errors/errors.ts';
import { providerIdPattern } from '../request/model-id.ts';

interface Member {
  path: string;
  isValid: (value: unknown) => boolean;
  /** What it must be. */
  expected: string;
}

const list = (path: string): Member => ({ path, isValid: Array.isArray, expected: 'a list' });
const object = (path: string): Member => ({ path, isValid: isRecord, expected: 'an object' });
const method = (path: string): Member => ({ path, isValid: isFunction, expected: 'a function' });
const text = (path: string): Member => ({ path, isValid: isText, expected: 'a text' });
const optional = ({ isValid, ...member }: Member): Member => ({
  ...member,
  isValid: (value) => value === undefined || isValid(value),
});

/** What core reads of a provider, outer objects before what is in them. */
const members: readonly Member[] = [
  text('name'),
  method('complete'),
  method('stream'),
  object('capabilities'),
  list('capabilities.parameters'),
  list('capabilities.content'),
  list('capabilities.responseFormats'),
  list('capabilities.toolChoices'),
  object('connection'),
  object('connection.baseURL'),
  list('connection.baseURL.env'),
  optional(text('connection.baseURL.default')),
  optional(method('connection.baseURL.normalize')),
  optional(object('connection.apiKey')),
  optional(list('connection.apiKey.env')),
  object('config'),
];

/** @throws InvalidRequestError that names what is wrong with the object */
export function assertProvider(value: unknown): asserts value is Provider {
  try {
    assertMembers(value);
  } catch (cause) {
    if (AnyLLMError.isInstance(cause)) throw cause;
    // A getter of its own, or a proxy. What it says may hold anything.
    throw new InvalidRequestError('a provider must be a plain object; this one fails when it is read, see `cause`', {
      path: 'provider',
      cause,
    });
  }
}

function assertMembers(value: unknown): void {
  if (!isRecord(value))
    throw new InvalidRequestError('a provider must be an object, as `defineProvider` makes it', { path: 'provider' });
  const { id, specification } = value;
  if (!isText(id) || !providerIdPattern.test(id)) {
    throw new InvalidRequestError(`a provider's \`id\` must match ${providerIdPattern.source}`, { path: 'id' });
  }
  if (specification !== 1) throw otherVersion(id, specification);
  const member = members.find(({ path, isValid }) => !isValid(read(value, path)));
  if (!member) return;
  const { path, expected } = member;
  const advice = 'correct it where the provider is made, see `defineProvider`';
  throw new InvalidRequestError(`provider ${id}: \`${path}\` must be ${expected}; ${advice}`, { path });
}

function otherVersion(id: string, specification: unknown): InvalidRequestError {
  const version = typeof specification === 'number' ? specification : 'unknown';
  const advice = 'install versions of its package and of @anyllm/core that fit each other';
  return new InvalidRequestError(`provider ${id} follows contract version ${version}, this core version 1; ${advice}`, {
    path: 'specification',
  });
}

function read(value: Record<string, unknown>, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((object, name) => (object as Record<string, unknown> | undefined)?.[name], value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}
