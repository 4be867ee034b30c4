import type { ProviderConfig } from './contract/call-options.ts';
import type { CompletionRequest } from './contract/chat-request.ts';
import { forEachPhase } from './policy/time-limits.ts';
import { describeFlaw } from './request/flaw.ts';
import { requestShape } from './request/request-shape.ts';
import { closed, either, fits, kind, number, optional, positive, record, type Shape, text } from './request/shape.ts';
import type { StandardSchema } from './schema/standard-schema.ts';

const milliseconds = optional(positive(number));
const unknownSetting = () => 'is not a setting';
const timeouts = closed(forEachPhase(milliseconds), unknownSetting);

const configFields: Record<keyof ProviderConfig, Shape> = {
  apiKey: optional(text),
  baseURL: optional(kind('an http or https address', isHttpAddress)),
  headers: optional(record(text)),
  timeout: optional(either(positive(number), timeouts)),
  limits: optional(record()), // looked at in full where they come into force
  transport: optional(kind('a function', (value) => typeof value === 'function')),
};

function isHttpAddress(value: unknown): boolean {
  return typeof value === 'string' && /^https?:/i.test(value) && URL.canParse(value);
}

/** What no field can tell by itself. */
function conversation(value: unknown): ReturnType<Shape> {
  const flaws = requestShape(value);
  if (flaws.length > 0) return flaws;
  const { prompt, messages } = value as CompletionRequest;
  if ((prompt === undefined) !== (messages === undefined)) return fits;
  return [{ path: ['messages'], value: messages, complaint: 'exactly one of `prompt` and `messages` is needed' }];
}

/** For requests that are loaded from a file or received. Follows Standard Schema, as every validator does. */
export const completionRequestSchema: StandardSchema<CompletionRequest> = toSchema(conversation);

/** For the settings of a provider, as they stand in a configuration file. */
export const providerConfigSchema: StandardSchema<ProviderConfig> = toSchema(closed(configFields, unknownSetting));

function toSchema<Output>(shape: Shape): StandardSchema<Output> {
  return {
    '~standard': {
      version: 1,
      vendor: 'anyllm',
      validate(value) {
        const flaws = shape(value);
        if (flaws.length === 0) return { value: value as Output };
        return { issues: flaws.map((flaw) => ({ message: describeFlaw(flaw), path: flaw.path })) };
      },
    },
  };
}

export type { StandardSchema } from './schema/standard-schema.ts';
