import type { WireBody } from '@anyllm/provider-kit/openai';

type WireMessage = Record<string, unknown>;

/** Groq refuses the names of those who speak. */
export function withoutNames(body: WireBody): WireBody {
  return { ...body, messages: (body.messages as WireMessage[]).map(({ name: _, ...message }) => message) };
}

/** DeepSeek refuses a turn with tool calls that says nothing of its reasoning, as that of another model; empty will do. */
export function withReasoningContent(body: WireBody): WireBody {
  return { ...body, messages: (body.messages as WireMessage[]).map(withReasoning) };
}

function withReasoning(message: WireMessage): WireMessage {
  return message.tool_calls ? { reasoning_content: '', ...message } : message;
}
