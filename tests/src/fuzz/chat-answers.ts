import fc from 'fast-check';

// Right answers of the three dialects, of whatever a server may say at once: texts, reasoning, calls, counts.

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const count = fc.nat({ max: 1_000 });
const name = fc.constantFrom('f', 'g', 'get_weather');
const some = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const list = <T>(value: fc.Arbitrary<T>, minLength = 0) => fc.array(value, { minLength, maxLength: 3 });

const token = {
  token: text,
  logprob: fc.double({ min: -9, max: 0, noNaN: true }),
  bytes: fc.option(list(fc.nat(255))),
};
const tokens = list(fc.record({ ...token, top_logprobs: list(fc.record(token)) }));
const usage = fc.record({
  prompt_tokens: count,
  completion_tokens: count,
  total_tokens: count,
  prompt_tokens_details: some(fc.record({ cached_tokens: count, audio_tokens: some(count) })),
  completion_tokens_details: some(fc.record({ reasoning_tokens: count })),
});
const toolCall = fc.oneof(
  fc.record({
    index: fc.nat({ max: 2 }),
    id: text,
    type: fc.constant('function'),
    function: fc.record({ name, arguments: fc.json({ maxDepth: 1 }) }),
  }),
  fc.record({
    index: fc.nat({ max: 2 }),
    id: text,
    type: fc.constant('custom'),
    custom: fc.record({ name, input: text }),
  }),
);
const said = {
  role: fc.constant('assistant'),
  content: fc.oneof(fc.option(text), list(fc.record({ type: fc.constant('text'), text }))),
  refusal: some(fc.option(text)),
  tool_calls: some(list(toolCall)),
  reasoning_content: some(text),
  reasoning_details: some(list(fc.record({ type: fc.constant('reasoning.text'), text, signature: some(text) }))),
  annotations: some(list(fc.record({ type: fc.constant('url_citation'), url_citation: fc.record({ url: text }) }))),
  audio: some(fc.record({ id: text, data: text, transcript: text, expires_at: count })),
};
const thought = {
  ...said,
  content: list(
    fc.oneof(
      fc.record({ type: fc.constant('text'), text }),
      fc.record({
        type: fc.constant('thinking'),
        thinking: list(fc.record({ type: fc.constant('text'), text })),
        signature: some(text),
        closed: fc.boolean(),
      }),
    ),
  ),
};
const head = {
  id: text,
  created: fc.constant(1_767_323_045),
  model: text,
  system_fingerprint: some(text),
  service_tier: some(fc.constantFrom('default', 'flex')),
};
const finishReason = fc.constantFrom('stop', 'length', 'tool_calls', 'content_filter', 'novel');
const logprobs = some(fc.record({ content: fc.option(tokens), refusal: some(fc.option(tokens)) }));

function openAIShape(speech: Record<string, fc.Arbitrary<unknown>>) {
  const index = fc.nat({ max: 1 });
  const whole = fc.record({
    ...head,
    object: fc.constant('chat.completion'),
    choices: list(fc.record({ index, message: fc.record(speech), finish_reason: finishReason, logprobs }), 1),
    usage: some(usage),
  });
  const chunk = fc.record({
    ...head,
    object: fc.constant('chat.completion.chunk'),
    choices: list(fc.record({ index, delta: fc.record(speech), finish_reason: fc.option(finishReason), logprobs })),
    usage: some(fc.option(usage)),
  });
  return { whole, chunk };
}

const line = (done: boolean) =>
  fc.record({
    model: text,
    created_at: fc.constant('2026-01-02T03:04:05.123456789Z'),
    message: fc.record({
      role: fc.constant('assistant'),
      content: text,
      thinking: some(text),
      tool_calls: some(
        list(
          fc.record({
            id: some(text),
            function: fc.record({
              index: some(count),
              name,
              arguments: fc.dictionary(name, fc.jsonValue({ maxDepth: 1 })),
            }),
          }),
        ),
      ),
    }),
    logprobs: some(tokens),
    done: fc.constant(done),
    ...(done && { done_reason: finishReason, prompt_eval_count: count, eval_count: count }),
  });

/** A whole answer, and a piece of a streamed one. */
export const answers = {
  openai: openAIShape(said),
  mistral: openAIShape(thought),
  ollama: { whole: line(true), chunk: fc.boolean().chain(line) },
};
