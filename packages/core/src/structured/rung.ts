import type { Tool } from '../contract/chat-request.ts';
import type { Capabilities, ChatRequest } from '../contract/provider.ts';
import type { StructuredOutputMode } from '../contract/structured-output.ts';
import type { JsonSchema } from '../schema/json-keywords.ts';
import { answerTool } from './answer-tool.ts';

/** One way to have an answer by a schema. */
export interface Rung {
  mode: StructuredOutputMode;
  strict: boolean;
}

/** The schema as it is asked for. */
export interface AskedSchema {
  /** At most 64 letters, digits, `_` and `-`. */
  name: string;
  json: JsonSchema;
  /** For strict servers; absent where strict mode cannot say it. */
  strict?: JsonSchema | undefined;
}

/** The ways that a provider has, the surest first. The last one, mere words, is open with every model. */
export function rungsFor(
  { parameters, responseFormats, toolChoices }: Capabilities,
  { tools, tool_choice }: Pick<ChatRequest, 'tools' | 'tool_choice'>,
  strict: boolean,
): Rung[] {
  const formats = parameters.includes('response_format') ? responseFormats : [];
  const forcesTools = ['tools', 'tool_choice'].every((name) => parameters.includes(name as 'tools'));
  // Beside tools of the caller's own the model must stay free to call one of those.
  const ownTools = (tools?.length ?? 0) > 0 || tool_choice !== undefined;
  const open: Record<StructuredOutputMode, boolean> = {
    json_schema: formats.includes('json_schema'),
    tool: forcesTools && toolChoices.includes('named') && !ownTools,
    json_object: formats.includes('json_object'),
    instruction: true,
  };
  const modes = Object.keys(open) as StructuredOutputMode[];
  return modes
    .filter((mode) => open[mode])
    .map((mode) => ({ mode, strict: strict && (mode === 'json_schema' || mode === 'tool') }));
}

/** The request as it is asked in this way. */
export function toRungRequest(request: ChatRequest, { mode, strict }: Rung, asked: AskedSchema): ChatRequest {
  const schema = (strict && asked.strict) || asked.json;
  switch (mode) {
    case 'json_schema': {
      const { name } = asked;
      return { ...request, response_format: { type: 'json_schema', json_schema: { name, schema, strict } } };
    }
    case 'tool': {
      const tool: Tool = {
        type: 'function',
        function: { name: answerTool, description: 'Gives the answer.', parameters: schema, ...(strict && { strict }) },
      };
      return { ...request, tools: [tool], tool_choice: { type: 'function', function: { name: answerTool } } };
    }
    case 'json_object':
      return { ...withInstruction(request, schema), response_format: { type: 'json_object' } };
    case 'instruction':
      return withInstruction(request, schema);
  }
}

/** In the first system message where there is one, since some models take a single one only. */
function withInstruction({ messages, ...request }: ChatRequest, schema: JsonSchema): ChatRequest {
  const instruction =
    'Answer with a single JSON object that fits the following JSON Schema, and with nothing else: ' +
    `no explanation and no Markdown.\n\n${JSON.stringify(schema)}`;
  const [first, ...others] = messages;
  if (first?.role !== 'system' || typeof first.content !== 'string') {
    return { ...request, messages: [{ role: 'system', content: instruction }, ...messages] };
  }
  return { ...request, messages: [{ ...first, content: `${first.content}\n\n${instruction}` }, ...others] };
}
