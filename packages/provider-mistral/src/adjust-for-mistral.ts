import type { AttemptObserver, ChatRequest, FunctionTool, ProviderContext } from '@anyllm/core/provider';
import type { WireBody } from '@anyllm/provider-kit/openai';
import { isReasoningModel } from './reasoning-model.ts';

/** Values that Mistral knows in another form. The fields themselves are those of OpenAI. */
export function adjustForMistral(body: WireBody, request: ChatRequest, { observer }: ProviderContext): WireBody {
  const { tools, tool_choice, response_format, prediction } = request;
  return {
    ...body,
    ...(tools && { tools: (tools as FunctionTool[]).map(toTool) }),
    ...(tool_choice === 'required' && { tool_choice: 'any' }),
    ...(response_format && { response_format: toResponseFormat(response_format) }),
    ...(prediction && { prediction: { type: prediction.type, content: joinText(prediction.content) } }),
    ...toReasoningEffort(request, observer),
    ...toServiceTier(request, observer),
  };
}

/** `parameters` is required, and `strict` is never null. */
function toTool({ type, function: { name, description, parameters, strict } }: FunctionTool): object {
  return {
    type,
    function: {
      name,
      ...(description !== undefined && { description }),
      parameters: parameters ?? { type: 'object', properties: {} },
      ...(typeof strict === 'boolean' && { strict }),
    },
  };
}

function toResponseFormat(format: NonNullable<ChatRequest['response_format']>): object {
  if (format.type !== 'json_schema') return { type: format.type };
  const { strict, schema = { type: 'object' }, ...named } = format.json_schema;
  return {
    type: format.type,
    json_schema: { ...named, schema, ...(typeof strict === 'boolean' && { strict }) },
  };
}

function joinText(content: string | { text: string }[]): string {
  return typeof content === 'string' ? content : content.map((part) => part.text).join('');
}

/** There is only all or nothing today: the values between, which the type lists, are answered with 400. */
function toReasoningEffort({ model, reasoning_effort: effort }: ChatRequest, observer: AttemptObserver): object {
  if (effort === undefined) return {};
  const parameter = 'reasoning_effort';
  if (!isReasoningModel(model)) {
    observer.warn({
      code: 'parameter_dropped',
      parameter,
      message: `${model} does not take \`${parameter}\`; it was left out`,
    });
    return { reasoning_effort: undefined };
  }
  const sent = effort === 'none' ? 'none' : 'high';
  if (sent !== effort) {
    const message = `mistral knows only the efforts none and high; ${sent} was sent for ${effort}`;
    observer.warn({ code: 'parameter_adjusted', parameter, message });
  }
  return { reasoning_effort: sent };
}

/** Mistral's own words, and OpenAI's where they mean the same. */
const serviceTiers: Record<string, string> = {
  auto: 'auto',
  default: 'standard_only',
  standard_only: 'standard_only',
};

function toServiceTier({ service_tier }: ChatRequest, observer: AttemptObserver): object {
  if (service_tier === undefined) return {};
  const sent = Object.hasOwn(serviceTiers, service_tier) ? serviceTiers[service_tier] : undefined;
  if (sent === undefined) {
    const message = `mistral has no service tier ${service_tier}; it was left out`;
    observer.warn({ code: 'parameter_dropped', parameter: 'service_tier', message });
  }
  return { service_tier: sent };
}
