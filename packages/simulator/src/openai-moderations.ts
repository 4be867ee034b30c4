import { type Exchange, isObject, jsonAnswer, type WholeAnswer } from './answer.ts';
import { OPENAI_CATEGORIES, textOfContent, verdictOn } from './moderation.ts';
import { openaiError, openaiHeaders } from './openai-errors.ts';
import type { JsonObject } from './recorded-request.ts';
import type { ReplyError } from './reply.ts';

/** `POST /moderations`: a result for each text, a single one for parts. */
export function openaiModerations(exchange: Exchange, { model, input }: JsonObject): WholeAnswer {
  const error = check(input);
  if (error) return openaiError(exchange, error);
  const inputs = [input].flat();
  const hasParts = inputs.some(isObject);
  const results = hasParts ? [toResult(textOfContent(inputs), inputs)] : inputs.map((text) => toResult(String(text)));
  const answer = { id: `modr-${exchange.random.text(24)}`, model: model ?? 'omni-moderation-latest', results };
  return jsonAnswer(200, openaiHeaders(exchange), answer);
}

function check(input: unknown): ReplyError | undefined {
  if (input === undefined) return { message: "Missing required parameter: 'input'.", param: 'input' };
  const inputs = [input].flat();
  const pictures = inputs.filter((part) => isObject(part) && part.type === 'image_url');
  if (pictures.length > 1) return { message: 'Too many images: at most one is allowed.', param: 'input' };
  const fits = inputs.length > 0 && (inputs.every((each) => typeof each === 'string') || inputs.every(isObject));
  return fits ? undefined : { message: "'$.input' is invalid. Please check the API reference." };
}

/** Pictures count for some of the categories. */
function toResult(text: string, parts: readonly unknown[] = []): object {
  const { categories, category_scores } = verdictOn(text, OPENAI_CATEGORIES);
  const seen = parts.some((part) => isObject(part) && part.type === 'image_url');
  const types = OPENAI_CATEGORIES.map((name) => [
    name,
    seen && /^(self-harm|sexual$|violence)/.test(name) ? ['text', 'image'] : ['text'],
  ]);
  return {
    flagged: Object.values(categories).includes(true),
    categories,
    category_scores,
    category_applied_input_types: Object.fromEntries(types),
  };
}
