import type { StructuredOutputMode } from '../contract/structured-output.ts';
import { AnyLLMError } from '../errors/any-llm-error.ts';
import { BoundedMap } from '../policy/breaker/bounded-map.ts';
import type { ClientPolicy } from '../policy/client-policy.ts';

/** More models than a program asks by schema. */
const maxModels = 1_000;

/** By client: which ways the servers have refused for a model. */
const refusedByClient = new WeakMap<ClientPolicy, BoundedMap<Set<StructuredOutputMode>>>();

/** The ways that a model is known not to have; grows as more are refused. */
export function refusedRungs(client: ClientPolicy, model: string): Set<StructuredOutputMode> {
  let models = refusedByClient.get(client);
  if (!models) {
    models = new BoundedMap(maxModels);
    refusedByClient.set(client, models);
  }
  return models.getOrCreate(model, () => new Set());
}

/** What a server speaks of when it refuses one of the ways. */
const subjects: Record<StructuredOutputMode, RegExp> = {
  json_schema: /response.?format|json.?schema|structured.?output|\bformat\b|grammar|schema/i,
  tool: /\btools?\b|tool.?choice|function|schema/i,
  json_object: /response.?format|json|\bformat\b/i,
  instruction: /(?!)/, // it is only words
};

/**
 * Whether a server says that this model, or it itself, cannot be asked in this way: with the status of a request that
 * is wrong, in words about the way.
 */
export function isRefusal(error: unknown, mode: StructuredOutputMode): error is AnyLLMError {
  if (!AnyLLMError.isInstance(error) || !refusals.has(error.code)) return false;
  if (error.status !== 400 && error.status !== 422 && error.status !== 501) return false;
  return subjects[mode].test(`${error.message} ${fieldOf(error)}`);
}

const refusals: ReadonlySet<string> = new Set<AnyLLMError['code']>([
  'invalid_request',
  'unsupported_parameter',
  'provider',
]);

/** Whether it is this one schema that the server does not take; another may do. */
export function isAboutSchema({ message }: AnyLLMError): boolean {
  return /invalid (?:json )?schema|schema .{0,40}(?:invalid|not (?:valid|permitted|allowed))|additionalProperties|in context=/i.test(
    message,
  );
}

function fieldOf(error: AnyLLMError): string {
  const { path, parameter } = error as { path?: unknown; parameter?: unknown };
  return String(path ?? parameter ?? '');
}
