import type { Capabilities } from '@anyllm/core/provider';
import type { Quirks } from './quirks.ts';

/** All of the OpenAI chat shape; a server that has less says so. */
export const openAICapabilities: Capabilities = {
  parameters: [
    'temperature',
    'top_p',
    'stop',
    'seed',
    'frequency_penalty',
    'presence_penalty',
    'logit_bias',
    'logprobs',
    'top_logprobs',
    'n',
    'tools',
    'tool_choice',
    'parallel_tool_calls',
    'response_format',
    'reasoning_effort',
    'user',
  ],
  content: ['image_url', 'image_data'],
  responseFormats: ['json_object', 'json_schema'],
  toolChoices: ['none', 'required', 'named'],
  customTools: false,
  reasoning: true,
};

/** What is declared, less what the quirks take away. */
export function toCapabilities(own: Partial<Capabilities> = {}, quirks: Quirks = {}): Capabilities {
  const { dropParams = [], structuredOutputs } = quirks;
  const declared = {
    ...openAICapabilities,
    ...(structuredOutputs && { responseFormats: responseFormats[structuredOutputs] }),
    ...own,
  };
  const parameters = declared.parameters.filter((name) => !dropParams.includes(name));
  return {
    ...declared,
    parameters,
    ...(!parameters.includes('response_format') && { responseFormats: [] }),
    ...(!parameters.includes('tool_choice') && { toolChoices: [] }),
    ...(!parameters.includes('tools') && { customTools: false }),
  };
}

const responseFormats: Record<NonNullable<Quirks['structuredOutputs']>, Capabilities['responseFormats']> = {
  json_schema: ['json_object', 'json_schema'],
  json_object: ['json_object'],
  none: [],
};
