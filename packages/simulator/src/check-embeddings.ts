import type { JsonObject } from './recorded-request.ts';
import type { ReplyError } from './reply.ts';
import { countTokens } from './tokens.ts';

/** Why OpenAI refuses the input of a request for embeddings. */
export function checkOpenaiEmbeddings({ model, input, dimensions }: JsonObject): ReplyError | undefined {
  if (input === undefined) return { message: "Missing required parameter: 'input'.", param: 'input' };
  const inputs = Array.isArray(input) && typeof input[0] !== 'number' ? input : [input];
  const isEmpty = inputs.length === 0 || inputs.includes('') || (Array.isArray(input) && input.length === 0);
  if (isEmpty) return { message: "'$.input' is invalid. Please check the API reference." };
  if (inputs.length > 2_048)
    return { message: `'$.input' is invalid: array too long, ${inputs.length} of at most 2048 items.` };
  const tokens = inputs.map((each) => (typeof each === 'string' ? countTokens(each) : [each].flat().length));
  if (tokens.some((count) => count > 8_192))
    return {
      code: 'context_length_exceeded',
      message: `This model's maximum context length is 8192 tokens, however you requested ${Math.max(...tokens)} tokens.`,
    };
  const total = tokens.reduce((sum, count) => sum + count, 0);
  if (total > 300_000)
    return { type: 'max_tokens_per_request', message: `Requested ${total} tokens, max 300000 tokens per request` };
  if (dimensions !== undefined && /ada-002/.test(String(model)))
    return { message: 'This model does not support specifying dimensions.' };
  return undefined;
}

/** Why Mistral refuses a well-formed request for embeddings. */
export function checkMistralEmbeddings({ model, input, output_dimension }: JsonObject): ReplyError | undefined {
  const texts = [input].flat().map(String);
  if (texts.reduce((sum, text) => sum + countTokens(text), 0) > 16_384)
    return {
      type: 'invalid_request_prompt',
      code: '3210',
      message: 'Too many tokens overall, split into more batches.',
    };
  if (output_dimension !== undefined && /^mistral-embed/.test(String(model)))
    return { type: 'invalid_request_error', message: 'This model does not support output_dimension.' };
  return undefined;
}
