import { type ChatRequest, type ProviderContext, UnsupportedParameterError } from '@anyllm/core/provider';
import type { WireBody } from '@anyllm/provider-kit/openai';
import { isReasoningModel, samplesWithoutReasoning } from './reasoning-model.ts';

const sampling = ['temperature', 'top_p'];
const penalties = ['frequency_penalty', 'presence_penalty', 'logit_bias'];

/**
 * What some models refuse with a 400: tuning is left out with a warning, log probabilities are refused before the
 * network. Source: OpenAI's guides to reasoning models and to web search.
 */
export function adjustForModel(body: WireBody, request: ChatRequest, context: ProviderContext): WireBody {
  for (const parameter of refusedBy(request)) {
    if (!(parameter in body)) continue;
    if (parameter === 'logprobs' || parameter === 'top_logprobs') throw noLogprobs(request.model, parameter);
    delete body[parameter];
    const message = `${request.model} does not take \`${parameter}\`; it was left out`;
    context.observer.warn({ code: 'parameter_dropped', parameter, message });
  }
  return body;
}

function refusedBy({ model, reasoning_effort }: ChatRequest): string[] {
  if (/-search-preview/.test(model)) return [...sampling, ...penalties];
  if (!isReasoningModel(model)) return [];
  if (reasoning_effort === 'none' && samplesWithoutReasoning(model)) return penalties;
  return [...sampling, ...penalties, 'logprobs', 'top_logprobs'];
}

function noLogprobs(model: string, parameter: string): UnsupportedParameterError {
  const message = `openai: ${model} reasons and gives no log probabilities (\`${parameter}\`)`;
  return new UnsupportedParameterError(message, { provider: 'openai', model, parameter });
}
