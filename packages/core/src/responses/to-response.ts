import type { ChunkChoice, Usage } from '../contract/chat-completion.ts';
import type { ProviderResponse, ResponsesOutputItem, ResponsesParameters } from '../contract/responses.ts';
import { toResponsesUsage } from './usage.ts';

/** How far a response has come. */
export interface ResponseState {
  id: string;
  created: number;
  model: string;
  output: ResponsesOutputItem[];
  /** Absent until the answer is over. */
  finish?: ChunkChoice['finish_reason'];
  usage?: Usage | undefined;
  serviceTier?: string | undefined;
}

/** A response as its vendor would write it: also what was asked is repeated. */
export function toResponse(asked: ResponsesParameters, state: ResponseState): ProviderResponse {
  const { id, created, model, output, finish, usage, serviceTier } = state;
  const reason = finish && incompleteReasons[finish];
  return {
    id,
    object: 'response',
    created_at: created,
    status: finish ? (reason ? 'incomplete' : 'completed') : 'in_progress',
    error: null,
    incomplete_details: reason ? { reason } : null,
    ...echo(asked),
    model,
    output: [...output],
    ...(serviceTier !== undefined && { service_tier: serviceTier }),
    usage: toResponsesUsage(usage),
  };
}

const incompleteReasons: Partial<Record<string, string>> = {
  length: 'max_output_tokens',
  content_filter: 'content_filter',
};

function echo(asked: ResponsesParameters): Record<string, unknown> {
  const { reasoning, text, user, safety_identifier } = asked;
  return {
    background: false,
    instructions: asked.instructions ?? null,
    max_output_tokens: asked.max_output_tokens ?? null,
    max_tool_calls: null,
    metadata: asked.metadata ?? {},
    parallel_tool_calls: asked.parallel_tool_calls ?? true,
    previous_response_id: null,
    reasoning: { effort: reasoning?.effort ?? null, summary: null },
    store: false,
    temperature: asked.temperature ?? null,
    text: { format: { type: 'text' }, ...text },
    tool_choice: asked.tool_choice ?? 'auto',
    tools: asked.tools ?? [],
    top_logprobs: 0,
    top_p: asked.top_p ?? null,
    truncation: 'disabled',
    ...(user !== undefined && { user }),
    ...(safety_identifier && { safety_identifier }),
  };
}
