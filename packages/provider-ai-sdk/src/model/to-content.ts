import type { CompletionMessage, ToolCall } from '@anyllm/core';
import type { ModelContent, ToolCallContent } from '../specification.ts';
import { toReasoningMetadata } from './chunk-translator.ts';
import { toSource } from './to-source.ts';

/** The pieces of a whole answer, in the order in which they would have been streamed. */
export function toContent(message: CompletionMessage): ModelContent[] {
  const { reasoning = '', reasoning_details, content, refusal, annotations = [], tool_calls = [] } = message;
  const text = `${content ?? ''}${refusal ?? ''}`;
  const pieces: ModelContent[] = [];
  if (reasoning || reasoning_details)
    pieces.push({ type: 'reasoning', text: reasoning, ...toReasoningMetadata(reasoning_details) });
  if (text !== '') pieces.push({ type: 'text', text });
  return [...pieces, ...annotations.flatMap((annotation) => toSource(annotation) ?? []), ...tool_calls.map(toToolCall)];
}

function toToolCall(call: ToolCall): ToolCallContent {
  const [toolName, input] =
    call.type === 'function'
      ? [call.function.name, call.function.arguments]
      : [call.custom.name, JSON.stringify(call.custom.input)];
  return { type: 'tool-call', toolCallId: call.id, toolName, input };
}
