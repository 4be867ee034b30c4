import type { StreamEvent } from './answer.ts';
import type { Choice, ToolCall } from './choice.ts';
import { HEXADECIMAL, type Random } from './random.ts';
import type { JsonObject } from './recorded-request.ts';

/** One step of an answer of the Responses API; the last step of an item brings it whole. */
export interface ItemStep {
  kind: StreamEvent['kind'];
  payload: JsonObject;
  item?: object;
}

interface Context {
  random: Random;
  body: JsonObject;
}

/** The items of an answer, step by step: what was thought, said and called. */
export function* toResponseItems(choice: Choice, { random, body }: Context): Generator<ItemStep> {
  const cut = choice.finishReason === 'length' || choice.finishReason === 'content_filter';
  const newId = (prefix: string) => `${prefix}_${random.text(48, HEXADECIMAL)}`;
  let index = 0;
  const thoughts = [...choice.reasoning()];
  if (thoughts.length > 0) yield* reasoning(newId('rs'), index++, thoughts, body);
  if (choice.refusal !== undefined) yield* refusal(newId('msg'), index++, choice.refusal);
  else if (choice.toolCalls.length === 0) yield* message(newId('msg'), index++, choice.tokens(), cut);
  else yield* messageBesideCalls(newId, () => index++, choice);
  for (const call of choice.toolCalls) yield* functionCall(newId('fc'), index++, call);
}

/** Text beside calls is optional: no token, no message. */
function* messageBesideCalls(
  newId: (prefix: string) => string,
  next: () => number,
  choice: Choice,
): Generator<ItemStep> {
  const tokens = [...choice.tokens()];
  if (tokens.length > 0) yield* message(newId('msg'), next(), tokens, false);
}

function* reasoning(id: string, output_index: number, tokens: string[], body: JsonObject): Generator<ItemStep> {
  const include = Array.isArray(body.include) ? body.include : [];
  const encrypted = include.includes('reasoning.encrypted_content') ? { encrypted_content: `gAAAA${id}` } : {};
  const at = { item_id: id, output_index, summary_index: 0 };
  yield added(output_index, { id, type: 'reasoning', summary: [], ...encrypted });
  const part = (text: string) => ({ type: 'summary_text', text });
  yield step('start', { type: 'response.reasoning_summary_part.added', ...at, part: part('') });
  for (const delta of tokens) yield step('token', { type: 'response.reasoning_summary_text.delta', ...at, delta });
  const text = tokens.join('');
  yield step('finish', { type: 'response.reasoning_summary_text.done', ...at, text });
  yield step('finish', { type: 'response.reasoning_summary_part.done', ...at, part: part(text) });
  yield done(output_index, { id, type: 'reasoning', summary: [part(text)], ...encrypted });
}

function* message(id: string, output_index: number, tokens: Iterable<string>, cut: boolean): Generator<ItemStep> {
  const at = { item_id: id, output_index, content_index: 0 };
  const head = { id, type: 'message', role: 'assistant' };
  const part = (text: string) => ({ type: 'output_text', annotations: [], logprobs: [], text });
  yield added(output_index, { ...head, status: 'in_progress', content: [] });
  yield step('start', { type: 'response.content_part.added', ...at, part: part('') });
  let text = '';
  for (const delta of tokens) {
    text += delta;
    yield step('token', { type: 'response.output_text.delta', ...at, delta, logprobs: [] });
  }
  yield step('finish', { type: 'response.output_text.done', ...at, text, logprobs: [] });
  yield step('finish', { type: 'response.content_part.done', ...at, part: part(text) });
  yield done(output_index, { ...head, status: cut ? 'incomplete' : 'completed', content: [part(text)] });
}

function* refusal(id: string, output_index: number, text: string): Generator<ItemStep> {
  const at = { item_id: id, output_index, content_index: 0 };
  const head = { id, type: 'message', role: 'assistant' };
  yield added(output_index, { ...head, status: 'in_progress', content: [] });
  yield step('start', { type: 'response.content_part.added', ...at, part: { type: 'refusal', refusal: '' } });
  yield step('token', { type: 'response.refusal.delta', ...at, delta: text });
  yield step('finish', { type: 'response.refusal.done', ...at, refusal: text });
  yield step('finish', { type: 'response.content_part.done', ...at, part: { type: 'refusal', refusal: text } });
  yield done(output_index, { ...head, status: 'completed', content: [{ type: 'refusal', refusal: text }] });
}

function* functionCall(id: string, output_index: number, call: ToolCall): Generator<ItemStep> {
  const at = { item_id: id, output_index };
  const head = { id, type: 'function_call', call_id: call.id, name: call.name };
  yield added(output_index, { ...head, status: 'in_progress', arguments: '' });
  for (const delta of call.fragments)
    yield step('token', { type: 'response.function_call_arguments.delta', ...at, delta });
  yield step('finish', { type: 'response.function_call_arguments.done', ...at, arguments: call.arguments });
  yield done(output_index, { ...head, status: 'completed', arguments: call.arguments });
}

function added(output_index: number, item: object): ItemStep {
  return step('start', { type: 'response.output_item.added', output_index, item });
}

function done(output_index: number, item: object): ItemStep {
  return { ...step('finish', { type: 'response.output_item.done', output_index, item }), item };
}

function step(kind: StreamEvent['kind'], payload: JsonObject): ItemStep {
  return { kind, payload };
}
