import { checkNames } from '../errors/check-names.ts';
import { InvalidRequestError } from '../errors/errors.ts';
import { isStandardSchema, type StandardSchema } from '../schema/standard-schema.ts';

/** What a tool is told besides its arguments. */
export interface ToolContext {
  /** Aborts at the tool's time-out, and when the run ends without it. */
  signal: AbortSignal;
  /** Of the model's call. */
  callId: string;
  name: string;
  /** Which answer of the model asked for it, from 0; -1 for a call that the request already held. */
  step: number;
}

/** A function that a model may call, with its schema. Make one with `tool`. */
export interface RunnableTool<Arguments = unknown, Result = unknown> {
  readonly name: string;
  readonly description?: string;
  readonly parameters: StandardSchema<Arguments>;
  readonly strict?: boolean;
  readonly timeout?: number;
  // A method, so that tools of all arguments fit into one list.
  execute(args: Arguments, context: ToolContext): Result | PromiseLike<Result>;
}

/** What `tool` takes. */
export interface ToolDefinition<Arguments, Result> {
  /** 1 to 64 letters, digits, `_` and `-`. */
  name: string;
  /** For the model: what it does and when to use it. */
  description?: string;
  /** What the arguments are: a schema of zod, Valibot, ArkType …, or `jsonSchema(…)`. Default: an empty object. */
  parameters?: StandardSchema<Arguments>;
  /**
   * What the model gets: a text as it is, anything else as JSON. What it throws is told to the model by its message,
   * so that it may try otherwise.
   */
  execute: (args: Arguments, context: ToolContext) => Result | PromiseLike<Result>;
  /** Milliseconds, above 0. Then the model is told so and the tool is left behind. Default: that of the run. */
  timeout?: number;
  /** Has servers with a strict mode keep the model to the schema. Default: the server's own default. */
  strict?: boolean;
}

/**
 * Makes a tool that `runTools` can run.
 *
 * ```ts
 * const weather = tool({
 *   name: 'weather',
 *   description: 'The weather in a city now.',
 *   parameters: z.object({ city: z.string() }),
 *   execute: ({ city }, { signal }) => fetchWeather(city, signal),
 * });
 * ```
 * @throws InvalidRequestError with the path of what is wrong
 */
export function tool<Arguments = Record<string, never>, Result = unknown>(
  definition: ToolDefinition<Arguments, Result>,
): RunnableTool<Arguments, Result> {
  checkNames(definition, ['name', 'description', 'parameters', 'execute', 'timeout', 'strict'], 'tool');
  const { name, description, parameters = noParameters as StandardSchema<Arguments>, timeout, strict } = definition;
  if (typeof name !== 'string' || !/^[\w-]{1,64}$/.test(name)) {
    throw new InvalidRequestError('`name` of a tool must be 1 to 64 letters, digits, `_` or `-`', {
      path: 'tool.name',
    });
  }
  const invalid = (path: string, complaint: string) =>
    new InvalidRequestError(`tool ${name}: \`${path}\` ${complaint}`, { path: `tool.${path}` });
  if (typeof definition.execute !== 'function') throw invalid('execute', 'must be a function');
  if (!isStandardSchema(parameters)) {
    throw invalid('parameters', 'must be a schema; wrap plain JSON Schema in `jsonSchema(…)`');
  }
  if (timeout !== undefined && !(typeof timeout === 'number' && timeout > 0)) {
    throw invalid('timeout', 'must be milliseconds greater than 0');
  }
  return {
    name,
    ...(description !== undefined && { description }),
    parameters,
    ...(strict !== undefined && { strict }),
    ...(timeout !== undefined && { timeout }),
    execute: definition.execute,
  };
}

export function isRunnable(value: unknown): value is RunnableTool {
  return typeof value === 'object' && value !== null && 'execute' in value && 'parameters' in value;
}

/** For a tool that takes nothing: whatever a model writes there does not matter. */
const noParameters: StandardSchema<unknown> = {
  '~standard': {
    version: 1,
    vendor: 'anyllm',
    validate: () => ({ value: {} }),
    jsonSchema: { input: emptyObject, output: emptyObject },
  },
};

function emptyObject() {
  return { type: 'object', properties: {} };
}
