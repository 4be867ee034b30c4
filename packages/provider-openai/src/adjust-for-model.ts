import { type ChatRequest, type ProviderContext, UnsupportedParameterError } from '@anyllm/core/provider';
import type { WireBody } from '@anyllm/provider-kit/openai';
import { isReasoningModel, samplesWithoutReasoning, takesStop } from './reasoning-model.ts';

const sampling = ['temperature', 'top_p'];
const penalties = ['frequency_penalty', 'presence_penalty', 'logit_bias'];

/** Without these the caller would get something else than they asked for. */
const meaning = new Set(['logprobs', 'top_logprobs', 'stop']);

/**
 * What some models refuse with a 400: tuning is left out with a warning, log probabilities and stop sequences are
 * refused before the network. Source: OpenAI's guides to reasoning models and to web search, and the note on `stop` in
 * the API reference.
 */
export function adjustForModel(body: WireBody, request: ChatRequest, context: ProviderContext): WireBody {
  for (const parameter of refusedBy(request)) {
    if (!(parameter in body)) continue;
    if (meaning.has(parameter)) throw unsupported(request.model, parameter);
    delete body[parameter];
    const message = `${request.model} does not take \`${parameter}\`; it was left out`;
    context.observer.warn({ code: 'parameter_dropped', parameter, message });
  }
  return body;
}

function refusedBy({ model, reasoning_effort }: ChatRequest): string[] {
  if (/-search-preview/.test(model)) return [...sampling, ...penalties];
  if (!isReasoningModel(model)) return [];
  const stop = takesStop(model) ? [] : ['stop'];
  if (reasoning_effort === 'none' && samplesWithoutReasoning(model)) return [...penalties, ...stop];
  return [...sampling, ...penalties, 'logprobs', 'top_logprobs', ...stop];
}

function unsupported(model: string, parameter: string): UnsupportedParameterError {
  const message = `openai: ${model} reasons before it answers and has no \`${parameter}\``;
  return new UnsupportedParameterError(message, { provider: 'openai', model, parameter });
}
