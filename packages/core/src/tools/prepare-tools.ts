import type { Tool } from '../contract/chat-request.ts';
import { InvalidRequestError } from '../errors/errors.ts';
import { invalidField } from '../errors/invalid-field.ts';
import type { JsonSchema } from '../schema/json-keywords.ts';
import { toStrictSchema } from '../schema/strict-schema.ts';
import { toJsonSchema } from '../schema/to-json-schema.ts';
import { isRunnable, type RunnableTool } from './tool.ts';

export interface PreparedTool {
  /** As it is sent. */
  wire: Tool;
  /** Absent for a plain tool, which the caller runs. */
  runnable: RunnableTool | undefined;
  /** The schema as it was before it was written strictly, where it was. */
  strictOf: JsonSchema | undefined;
}

/**
 * The tools by their names, ready to be sent.
 * @throws InvalidRequestError for two of one name, or a schema that cannot be written as it is wanted
 */
export async function prepareTools(tools: readonly (RunnableTool | Tool)[]): Promise<Map<string, PreparedTool>> {
  if (!Array.isArray(tools) || tools.length === 0)
    throw invalidField('options.tools', 'must be a list of at least one tool');
  const prepared = await Promise.all(tools.map(prepare));
  const byName = new Map<string, PreparedTool>();
  for (const [at, tool] of prepared.entries()) {
    const name = nameOf(tool.wire, at);
    if (byName.has(name))
      throw new InvalidRequestError(`two tools have the name \`${name}\``, { path: `options.tools[${at}]` });
    byName.set(name, tool);
  }
  return byName;
}

async function prepare(tool: RunnableTool | Tool, at: number): Promise<PreparedTool> {
  if (!isRunnable(tool)) return { wire: tool, runnable: undefined, strictOf: undefined };
  const path = `options.tools[${at}].parameters`;
  const { name, description, parameters, strict } = tool;
  const schema = await toJsonSchema(parameters, path);
  if (schema.type !== undefined && schema.type !== 'object') {
    throw invalidField(path, 'must be the schema of an object: arguments have names');
  }
  const written = strict ? writeStrictly(schema, path) : schema;
  const wire: Tool = {
    type: 'function',
    function: {
      name,
      ...(description !== undefined && { description }),
      parameters: written as Record<string, unknown>,
      ...(strict !== undefined && { strict }),
    },
  };
  return { wire, runnable: tool, strictOf: strict ? schema : undefined };
}

function writeStrictly(schema: JsonSchema, path: string): JsonSchema {
  const written = toStrictSchema(schema);
  if (written.strict) return written.schema;
  throw invalidField(path, `cannot be strict: ${written.path || 'the schema'} ${written.why}`);
}

function nameOf(tool: Tool, at: number): string {
  const name = tool?.type === 'custom' ? tool.custom?.name : tool?.function?.name;
  if (typeof name === 'string') return name;
  throw new InvalidRequestError(
    'a tool must be made with `tool(…)`, or be of the form `{ type: "function", function: { name } }`',
    { path: `options.tools[${at}]` },
  );
}
