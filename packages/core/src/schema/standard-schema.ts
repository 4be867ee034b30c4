/**
 * The part of Standard Schema v1 (https://standardschema.dev) that a validator shows to those who use it: what zod,
 * Valibot, ArkType and others make. Written out here so that the declarations name no validator.
 * @template Output what validation gives; @template Input what it takes
 */
export interface StandardSchema<Output = unknown, Input = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
    /** Standard JSON Schema, where the validator has it. May throw for what JSON Schema cannot say. */
    readonly jsonSchema?: StandardJsonSchema | undefined;
  };
}

/** How a validator writes its schema as JSON Schema. */
export interface StandardJsonSchema {
  /** What is taken, before defaults and transformations. */
  readonly input: (options: { readonly target: string }) => Record<string, unknown>;
  /** What is given, after them. */
  readonly output: (options: { readonly target: string }) => Record<string, unknown>;
}

/** The value in its type, or what is wrong with it. */
export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

/** One thing that is wrong, and where. */
export interface StandardIssue {
  readonly message: string;
  /** Keys, or objects that hold one. */
  readonly path?: readonly unknown[] | undefined;
}

/** What a value is after validation by this schema. */
export type InferOutput<Schema extends StandardSchema> = NonNullable<Schema['~standard']['types']>['output'];

/** What a value is before it. */
export type InferInput<Schema extends StandardSchema> = NonNullable<Schema['~standard']['types']>['input'];

/** Whether it is a schema, an object or function, and not something that is plain JSON. */
export function isStandardSchema(value: unknown): value is StandardSchema {
  return ((typeof value === 'object' && value !== null) || typeof value === 'function') && '~standard' in value;
}
