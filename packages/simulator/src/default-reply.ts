import type { ChatQuestion } from './chat-question.ts';
import { jsonFromSchema } from './json-from-schema.ts';
import type { Reply } from './reply.ts';
import { splitTokens } from './tokens.ts';

/** The scripted reply, completed by a sensible answer when it says nothing itself. */
export function completeReply(reply: Reply, question: ChatQuestion): Reply {
  return hasContent(reply) ? reply : { ...defaultReply(question), ...reply };
}

function hasContent(reply: Reply): boolean {
  return [reply.text, reply.tokens, reply.reasoning, reply.toolCalls, reply.refusal, reply.choices].some(
    (content) => content !== undefined,
  );
}

function defaultReply(question: ChatQuestion): Reply {
  const tool = toolToCall(question);
  if (tool) return { toolCalls: [{ name: tool.name, arguments: jsonFromSchema(tool.parameters ?? {}) as object }] };
  const reasoning = question.thinks ? 'The question is clear. I repeat it.' : undefined;
  return { ...(reasoning && { reasoning }), ...upTo(question.maxTokens, defaultText(question)) };
}

// A model calls a tool when it has to, and this one also when it is spoken of.
function toolToCall({ tools, forcedTool, lastRole, lastText }: ChatQuestion) {
  if (lastRole !== 'user') return undefined;
  if (forcedTool === true) return tools[0];
  return tools.find(({ name }) => (forcedTool ? name === forcedTool : lastText.includes(name)));
}

function defaultText({ format, lastRole, lastText }: ChatQuestion): string {
  if (format === 'json') return JSON.stringify({ answer: lastText });
  if (format) return JSON.stringify(jsonFromSchema(format));
  // What the assistant began (Mistral's `prefix`) is repeated and continued.
  if (lastRole === 'assistant') return `${lastText} and so on.`;
  if (lastRole === 'tool') return `The tool answered: ${lastText}`;
  return `You asked: "${lastText}". This is a simulated answer; no model was called.`;
}

function upTo(maxTokens: number | undefined, text: string): Reply {
  const tokens = [...splitTokens(text)];
  if (maxTokens === undefined || tokens.length <= maxTokens) return { tokens };
  return { tokens: tokens.slice(0, maxTokens), finishReason: 'length' };
}
