import * as z from 'zod/mini';
import en from 'zod/v4/locales/en.js';
import type { ProviderConfig } from './contract/call-options.ts';
import type { CompletionRequest } from './contract/chat-request.ts';
import { requestSchema } from './request/request-schema.ts';
import type { StandardSchema } from './schema/standard-schema.ts';

const milliseconds = z.number().check(z.positive());
const timeouts = z.strictObject({
  total: z.optional(milliseconds),
  attempt: z.optional(milliseconds),
  connect: z.optional(milliseconds),
  headers: z.optional(milliseconds),
  firstToken: z.optional(milliseconds),
  idle: z.optional(milliseconds),
});

const configSchema = z.strictObject({
  apiKey: z.optional(z.string()),
  baseURL: z.optional(z.string().check(z.url({ protocol: /^https?$/ }))),
  headers: z.optional(z.record(z.string(), z.string())),
  timeout: z.optional(z.union([milliseconds, timeouts])),
  transport: z.optional(z.custom<ProviderConfig['transport']>((value) => typeof value === 'function')),
});

const wholeRequestSchema = requestSchema.check(
  z.refine(({ prompt, messages }) => (prompt === undefined) !== (messages === undefined), {
    error: 'exactly one of `prompt` and `messages` is needed',
    path: ['messages'],
  }),
);

// Without a locale every issue would read "Invalid input".
z.config(en());

/** For requests that are loaded from a file or received. Follows Standard Schema, as every validator does. */
export const completionRequestSchema: StandardSchema<CompletionRequest> = wholeRequestSchema as never;

/** For the settings of a provider, as they stand in a configuration file. */
export const providerConfigSchema: StandardSchema<ProviderConfig> = configSchema as never;

export type { StandardSchema } from './schema/standard-schema.ts';
