import { InvalidRequestError } from '../errors/errors.ts';
import { importInstalled } from '../registry/import-installed.ts';
import type { JsonSchema } from './json-keywords.ts';
import type { StandardSchema } from './standard-schema.ts';

/** The newest that all of them write. */
const target = 'draft-2020-12';

/** Schemas are mostly made once and used in many calls. */
const written = new WeakMap<StandardSchema, Promise<JsonSchema>>();

/**
 * What a schema takes, as JSON Schema: by the schema itself, or by the package that writes its vendor's schemas, which
 * the application has to have installed.
 * @param path the request's field that holds the schema, for errors
 * @throws InvalidRequestError when there is no such package, or JSON Schema cannot say what the schema takes
 */
export function toJsonSchema(schema: StandardSchema, path = 'schema'): Promise<JsonSchema> {
  const known = written.get(schema);
  if (known) return known;
  const writing = write(schema, path);
  written.set(schema, writing);
  writing.catch(() => written.delete(schema)); // the package may be installed by then
  return writing;
}

async function write(schema: StandardSchema, path: string): Promise<JsonSchema> {
  const { jsonSchema, vendor } = schema['~standard'];
  const toJson = jsonSchema ? () => jsonSchema.input({ target }) : await findWriter(schema, path);
  try {
    const { $schema: _, '~standard': __, ...json } = toJson();
    return json;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'no reason given';
    throw unwritable(path, `the schema of ${vendor} cannot be written as JSON Schema (${why})`, cause);
  }
}

type Writer = () => Record<string, unknown>;
type Write = (schema: StandardSchema, options: object) => Record<string, unknown>;

/** What writes the schemas of a vendor that do not write themselves. */
interface WriterPackage {
  /** What is imported. */
  module: string;
  /** Its function. */
  name: string;
  options: object;
}

const packages: Record<'zod' | 'zod3' | 'valibot', WriterPackage> = {
  zod: { module: 'zod/v4/core', name: 'toJSONSchema', options: { target, io: 'input' } },
  zod3: {
    module: 'zod-to-json-schema',
    name: 'zodToJsonSchema',
    options: { target: 'jsonSchema2019-09', pipeStrategy: 'input' },
  },
  valibot: { module: '@valibot/to-json-schema', name: 'toJsonSchema', options: { target, typeMode: 'input' } },
};

async function findWriter(schema: StandardSchema, path: string): Promise<Writer> {
  const kind = kindOf(schema);
  if (kind === undefined) {
    const { vendor } = schema['~standard'];
    throw unwritable(
      path,
      `a schema of ${vendor} does not write itself as JSON Schema; pass \`jsonSchema(…)\` instead`,
    );
  }
  const { module, name, options } = packages[kind];
  const installed = await importInstalled(module, { applicationFirst: true });
  const write = installed?.[name];
  if (typeof write !== 'function') throw unwritable(path, advice(kind, module));
  return () => (write as Write)(schema, options);
}

function kindOf(schema: StandardSchema): keyof typeof packages | undefined {
  const { vendor } = schema['~standard'];
  if (vendor === 'zod') return '_zod' in schema ? 'zod' : 'zod3';
  return vendor === 'valibot' ? 'valibot' : undefined;
}

/** Bundled into one file, an application has no packages to look into: what it can do instead is said as well. */
function advice(kind: keyof typeof packages, module: string): string {
  switch (kind) {
    case 'zod':
      return '`zod/v4/core` is not installed beside the schema of zod; write the schema with `zod`, not `zod/mini`';
    case 'zod3':
      return `a schema of zod 3 needs \`npm install ${module}\`; in a bundle pass \`jsonSchema(zodToJsonSchema(schema))\``;
    case 'valibot':
      return `a schema of Valibot needs \`npm install ${module}\`; in a bundle pass its \`toStandardJsonSchema(schema)\``;
  }
}

function unwritable(path: string, complaint: string, cause?: unknown): InvalidRequestError {
  return new InvalidRequestError(`\`${path}\`: ${complaint}`, { path, cause });
}
