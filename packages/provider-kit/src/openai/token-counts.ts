import type { Asked, CountTokensParameters, ProviderContext, ProviderTokenCount } from '@anyllm/core/provider';
import { requestObject } from '../http/request-object.ts';
import type { Endpoint } from './endpoint.ts';
import { toOpenAIMessages } from './to-openai-messages.ts';
import { toResponsesInput, toResponsesTools } from './to-responses-input.ts';
import { countOf } from './wire-fields.ts';

export type CountTokens = (
  request: Asked<CountTokensParameters>,
  context: ProviderContext,
) => Promise<ProviderTokenCount>;

/** By OpenAI's `POST /responses/input_tokens`. */
export function createResponsesCounts(provider: string, endpoint: Endpoint): CountTokens {
  return async ({ model, messages, input, tools, provider_options }, context) => {
    const body = {
      model,
      input: messages ? toResponsesInput(provider, messages) : input,
      ...(tools && { tools: toResponsesTools(tools) }),
      ...provider_options?.[provider],
    };
    const request = endpoint({ model, path: 'responses/input_tokens', body }, context);
    const { fields, unreadable } = await requestObject(request, context);
    const input_tokens = countOf(fields.input_tokens);
    if (input_tokens === undefined) throw unreadable('has no count of tokens');
    return { input_tokens, raw: fields };
  };
}

/** By vLLM's `POST /tokenize`, which is beside its `/v1`. */
export function createVllmCounts(provider: string, endpoint: Endpoint): CountTokens {
  return async ({ model, messages, input, tools, provider_options }, context) => {
    const asked = messages ? { messages: toOpenAIMessages(messages) } : { prompt: input };
    const body = { model, ...asked, ...(tools && { tools }), ...provider_options?.[provider] };
    const request = endpoint({ model, path: 'tokenize', atRoot: true, body }, context);
    const { fields, unreadable } = await requestObject(request, context);
    const input_tokens = countOf(fields.count);
    const max_model_len = countOf(fields.max_model_len);
    if (input_tokens === undefined) throw unreadable('has no count of tokens');
    return { input_tokens, ...(max_model_len !== undefined && { max_model_len }), raw: fields };
  };
}

/** By llama.cpp's `POST /tokenize`, of messages after `POST /apply-template`; both are beside its `/v1`. */
export function createLlamacppCounts(provider: string, endpoint: Endpoint): CountTokens {
  return async ({ model, messages, input, tools, provider_options }, context) => {
    const ask = (path: string, asked: object) => {
      const body = { ...asked, ...provider_options?.[provider] };
      return requestObject(endpoint({ model, path, atRoot: true, body }, context), context);
    };
    let content: unknown = input;
    if (messages) {
      const body = { messages: toOpenAIMessages(messages), ...(tools && { tools }) };
      const { fields, unreadable } = await ask('apply-template', body);
      if (typeof fields.prompt !== 'string') throw unreadable('has no prompt');
      content = fields.prompt;
    }
    const { fields, unreadable } = await ask('tokenize', { content, add_special: true, parse_special: true });
    if (!Array.isArray(fields.tokens)) throw unreadable('has no list of tokens');
    return { input_tokens: fields.tokens.length, raw: fields };
  };
}
