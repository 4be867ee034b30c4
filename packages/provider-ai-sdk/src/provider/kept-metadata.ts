import type { ReasoningDetail } from '@anyllm/core/provider';
import type { ProviderMetadata } from '../specification.ts';

/**
 * What their vendors want to get back in the next turn: signatures of reasoning, ids of texts, signatures of tool
 * calls. A message here has one place for it, `reasoning_details`, so all of it is kept there.
 */
export type KeptMetadata = KeptReasoning | KeptText | KeptToolCall;

interface Kept extends ReasoningDetail {
  provider_metadata?: ProviderMetadata;
}

export interface KeptReasoning extends Kept {
  type: 'ai-sdk.reasoning';
  /** Which of several pieces of reasoning. */
  index: number;
  text: string;
}

export interface KeptText extends Kept {
  type: 'ai-sdk.text';
}

export interface KeptToolCall extends Kept {
  type: 'ai-sdk.tool-call';
  tool_call_id: string;
}

export function isKept(detail: ReasoningDetail): detail is KeptMetadata {
  return ['ai-sdk.reasoning', 'ai-sdk.text', 'ai-sdk.tool-call'].includes(detail.type);
}
