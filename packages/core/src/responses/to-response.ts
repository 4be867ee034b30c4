import type { ChunkChoice, Usage } from '../contract/chat-completion.ts';
import type {
  ProviderResponse,
  ResponsesOutputItem,
  ResponsesParameters,
  ResponsesUsage,
} from '../contract/responses.ts';

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

function toResponsesUsage(usage: Usage | undefined): ResponsesUsage | null {
  if (!usage) return null;
  const { prompt_tokens, completion_tokens, total_tokens, prompt_tokens_details, completion_tokens_details } = usage;
  const written = prompt_tokens_details?.cache_write_tokens;
  return {
    input_tokens: prompt_tokens,
    input_tokens_details: {
      cached_tokens: prompt_tokens_details?.cached_tokens ?? 0,
      ...(written !== undefined && { cache_write_tokens: written }),
    },
    output_tokens: completion_tokens,
    output_tokens_details: { reasoning_tokens: completion_tokens_details?.reasoning_tokens ?? 0 },
    total_tokens,
  };
}
