import { isObject, type StreamEvent } from './answer.ts';
import { asArray } from './chat-question.ts';
import { isTagged, type OpenaiQuirks, type ThinkTags } from './openai-quirks.ts';
import type { JsonObject } from './recorded-request.ts';

/** A whole answer as a server with these quirks writes it. Changes the object that it is given. */
export function deviateWhole(body: JsonObject, quirks: OpenaiQuirks): JsonObject {
  for (const choice of choicesOf(body)) {
    const message = choice.message as JsonObject;
    if (isTagged(quirks.reasoning)) putInTags(message, quirks.reasoning);
    deviateMessage(message, quirks);
    deviateChoice(choice, quirks);
  }
  moveUsage(body, body.usage, quirks);
  deviateIdentity(body, quirks);
  return body;
}

/**
 * The chunks of a stream as a server with these quirks writes them.
 * @param usage the token counts so far
 */
export function* deviateStream(
  events: Iterable<StreamEvent>,
  quirks: OpenaiQuirks,
  usage: () => unknown,
): Generator<StreamEvent> {
  const said = new Map<unknown, Said>();
  let counted: StreamEvent | undefined;
  for (const event of events) {
    if (event.kind === 'terminator') {
      if (counted) yield counted;
      yield event;
      continue;
    }
    if (event.kind === 'usage' && quirks.usage) continue;
    const chunk = JSON.parse(event.data) as JsonObject;
    if (event.kind === 'start' && quirks.filterResults) yield filterResults(chunk);
    if (event.kind === 'finish' && quirks.usage === 'after-finish') counted = usageAfterFinish(chunk, usage());
    if (event.kind === 'finish' || quirks.usage === 'every-chunk') placeUsage(chunk, usage(), quirks);
    const [choice] = choicesOf(chunk);
    const pieces = choice && isTagged(quirks.reasoning) ? tagged(chunk, choice, quirks.reasoning, said) : [chunk];
    for (const piece of pieces) yield { kind: event.kind, data: JSON.stringify(deviateChunk(piece, quirks, said)) };
  }
}

/** What a choice has said so far. */
interface Said {
  text: string;
  opened: boolean;
  closed: boolean;
}

function saidBy(choice: JsonObject, said: Map<unknown, Said>): Said {
  const known = said.get(choice.index) ?? { text: '', opened: false, closed: false };
  said.set(choice.index, known);
  return known;
}

function deviateChunk(chunk: JsonObject, quirks: OpenaiQuirks, said: Map<unknown, Said>): JsonObject {
  for (const choice of choicesOf(chunk)) {
    const so = saidBy(choice, said);
    const delta = choice.delta as JsonObject;
    so.text += delta.content ?? '';
    deviateMessage(delta, quirks);
    for (const call of asArray(delta.tool_calls).filter(isObject)) deviateCall(call, quirks);
    if (choice.finish_reason !== null) deviateLast(choice, so.text, quirks);
    deviateChoice(choice, quirks);
  }
  deviateIdentity(chunk, quirks);
  return chunk;
}

function choicesOf(chunk: JsonObject): JsonObject[] {
  return asArray(chunk.choices).filter(isObject);
}

function deviateMessage(message: JsonObject, { reasoning, content, role, toolIds, toolArguments }: OpenaiQuirks): void {
  const text = message.reasoning_content;
  if (typeof text === 'string' && reasoning && reasoning !== 'twice') delete message.reasoning_content;
  if (typeof text === 'string' && reasoning && !isTagged(reasoning)) Object.assign(message, underName(text, reasoning));
  if (content === 'parts' && typeof message.content === 'string') {
    message.content = [{ type: 'text', text: message.content }];
  }
  if (role === 'every') message.role = 'assistant';
  if (role === 'empty') message.role = '';
  if (role === 'never') delete message.role;
  for (const call of asArray(message.tool_calls).filter(isObject)) {
    if (toolIds === 'missing') delete call.id;
    if (toolArguments === 'object') parseArguments(call.function as JsonObject);
  }
}

function underName(text: string, reasoning: Exclude<OpenaiQuirks['reasoning'], ThinkTags | undefined>): object {
  if (typeof reasoning === 'object') return { [reasoning.field]: text };
  switch (reasoning) {
    case 'reasoning_details':
      return { reasoning_details: [{ type: 'reasoning.text', text, index: 0 }] };
    case 'object':
      return { reasoning: { content: text } };
    case 'twice':
      return { reasoning: text };
    default:
      return { [reasoning]: text };
  }
}

function parseArguments(called: JsonObject): void {
  if (typeof called.arguments === 'string') called.arguments = JSON.parse(called.arguments || '{}');
}

function deviateCall(call: JsonObject, { toolIndex }: OpenaiQuirks): void {
  if (toolIndex === 'missing') delete call.index;
  if (toolIndex === 'zero') call.index = 0;
}

function deviateLast(choice: JsonObject, content: string, { lastDelta }: OpenaiQuirks): void {
  if (!lastDelta) return;
  delete choice.delta;
  if (lastDelta === 'message') choice.message = { role: 'assistant', content };
}

function deviateChoice(choice: JsonObject, { choiceIndex, unfinished }: OpenaiQuirks): void {
  if (choiceIndex === 'missing') delete choice.index;
  if (choice.finish_reason !== null) return;
  if (unfinished === 'missing') delete choice.finish_reason;
  if (unfinished === 'empty') choice.finish_reason = '';
}

function deviateIdentity(body: JsonObject, { identity }: OpenaiQuirks): void {
  if (identity === 'odd') Object.assign(body, { object: 'chat.completions', created: `${body.created}.5` });
  if (identity === 'empty') Object.assign(body, { id: '', object: '', created: 0, model: '' });
  if (identity === 'missing') for (const name of ['id', 'object', 'created', 'model']) delete body[name];
}

function placeUsage(chunk: JsonObject, usage: unknown, quirks: OpenaiQuirks): void {
  if (quirks.usage === 'finish' || quirks.usage === 'every-chunk') chunk.usage = usage;
  else if (quirks.usage !== 'after-finish') moveUsage(chunk, usage, quirks);
}

function moveUsage(body: JsonObject, usage: unknown, quirks: OpenaiQuirks): void {
  const [choice] = choicesOf(body);
  if (quirks.usage === 'x_groq') body.x_groq = { id: 'req_1', usage };
  if (quirks.usage === 'choice' && choice) choice.usage = usage;
  if (quirks.usage === 'none' || quirks.usage === 'x_groq' || quirks.usage === 'choice') delete body.usage;
}

/** OpenRouter's: a choice is there, and has lost its finish reason. */
function usageAfterFinish(chunk: JsonObject, usage: unknown): StreamEvent {
  const choices = [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }];
  return { kind: 'usage', data: JSON.stringify({ ...chunk, choices, usage }) };
}

function filterResults(chunk: JsonObject): StreamEvent {
  const empty = {
    id: '',
    object: '',
    created: 0,
    model: '',
    choices: [],
    prompt_filter_results: [{ prompt_index: 0 }],
  };
  return { kind: 'start', data: JSON.stringify({ ...chunk, ...empty }) };
}

function putInTags(message: JsonObject, { open, close }: ThinkTags): void {
  if (typeof message.reasoning_content !== 'string') return;
  message.content = `${open}${message.reasoning_content}${message.content ? close : ''}${message.content ?? ''}`;
}

/** The chunk with its reasoning as content. A tag that it brings is cut in two. */
function tagged(chunk: JsonObject, choice: JsonObject, tags: ThinkTags, said: Map<unknown, Said>): JsonObject[] {
  const so = saidBy(choice, said);
  const { reasoning_content: reasoning, ...delta } = choice.delta as JsonObject;
  const isReasoning = typeof reasoning === 'string';
  const tag = isReasoning ? !so.opened && tags.open : Boolean(delta.content) && so.opened && !so.closed && tags.close;
  if (isReasoning) so.opened = true;
  else if (delta.content) so.closed = true;
  const text = isReasoning ? reasoning : delta.content;
  const pieces = tag ? [tag.slice(0, 2), tag.slice(2) + text] : [text];
  return pieces.map((content) => ({
    ...chunk,
    choices: [{ ...choice, delta: { ...delta, ...(content !== undefined && { content }) } }],
  }));
}
