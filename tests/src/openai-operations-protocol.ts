import type { Content, Protocol, ProtocolAnswer, ProtocolEvent, ReceivedRequest } from '@anyllm/provider-testing';
import { toBatchAnswer } from './openai-batches-protocol.ts';
import { openAIProtocol } from './openai-protocol.ts';

/** What OpenAI has beside chat completions, in the words of the same author. */
export const openAIOperationsProtocol: Protocol = {
  ...openAIProtocol,
  isStream: ({ text }) => /"stream"\s*:\s*true|name="stream"\s+true/.test(text),
  whole: (scenario, request) =>
    scenario.content.error ? openAIProtocol.whole(scenario, request) : toWhole(scenario.content, request),
  stream: ({ content }, request) => toEvents(content, request),
};

function toWhole(content: Content, request: ReceivedRequest): ProtocolAnswer {
  const { batches, choices, images, moderations, ranking, speech, tokenCount, transcription, usage } = content;
  if (batches) return toBatchAnswer(batches, request);
  if (images) return { body: { created: 1_700_000_000, data: images } };
  if (moderations) return { body: { results: moderations.map(toVerdict) } };
  if (ranking) return { body: { results: ranking.map(({ index, score }) => ({ index, relevance_score: score })) } };
  if (speech) return { headers: { 'content-type': 'audio/mpeg' }, body: Buffer.concat(speech) };
  if (tokenCount !== undefined) return { body: { input_tokens: tokenCount } };
  if (transcription) return { body: { text: transcription.join('') } };
  return { body: toResponse([...(choices[0]?.tokens ?? [])].join(''), usage) };
}

function toVerdict({ categories, scores }: NonNullable<Content['moderations']>[number]): object {
  return { flagged: Object.values(categories).includes(true), categories, category_scores: scores };
}

function toResponse(text: string, usage: Content['usage']): object {
  return {
    ...{ id: 'resp_1', object: 'response', created_at: 1_700_000_000, status: 'completed', model: 'acme-1' },
    output: [{ id: 'msg_1', type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] }],
    usage: usage && { input_tokens: usage.prompt, output_tokens: usage.completion, total_tokens: 34 },
  };
}

function toEvents({ choices, images, transcription, usage }: Content, { path }: ReceivedRequest): ProtocolEvent[] {
  if (images) {
    const kind = path.endsWith('/edits') ? 'image_edit' : 'image_generation';
    return images.map(({ b64_json }, partial_image_index) => {
      const isLast = partial_image_index === images.length - 1;
      return event(`${kind}.${isLast ? 'completed' : 'partial_image'}`, { b64_json, partial_image_index });
    });
  }
  if (transcription) {
    const deltas = transcription.map((delta) => event('transcript.text.delta', { delta }));
    return [...deltas, event('transcript.text.done', { text: transcription.join('') }, false)];
  }
  const tokens = [...(choices[0]?.tokens ?? [])];
  const at = { item_id: 'msg_1', output_index: 0, content_index: 0 };
  const steps: [type: string, fields: object][] = [
    ['response.created', { response: { ...toResponse('', undefined), status: 'in_progress', output: [] } }],
    ...tokens.map((delta): [string, object] => ['response.output_text.delta', { ...at, delta }]),
    ['response.completed', { response: toResponse(tokens.join(''), usage) }],
  ];
  return steps.map(([type, fields], sequence_number) =>
    event(type, { sequence_number, ...fields }, type.endsWith('.delta')),
  );
}

function event(type: string, fields: object, isToken = true): ProtocolEvent {
  return { isToken, text: `data: ${JSON.stringify({ type, ...fields })}\n\n` };
}
