import fc from 'fast-check';

/** A value of the right type as often as one of any other. */
const lenient = <T>(right: fc.Arbitrary<T>) => fc.oneof(right, fc.jsonValue({ maxDepth: 1 }));
const fieldsLike = (shape: Record<string, fc.Arbitrary<unknown>>) =>
  lenient(
    fc.record(Object.fromEntries(Object.entries(shape).map(([name, value]) => [name, lenient(value)])), {
      requiredKeys: [],
    }),
  );
const listOf = (item: fc.Arbitrary<unknown>) => fc.array(item, { maxLength: 3 });

const anyCall = fieldsLike({
  index: fc.integer({ min: -1, max: 3 }),
  id: fc.constantFrom('', 'null', 'a', 'b'),
  type: fc.constantFrom('function', 'custom', ''),
  function: fieldsLike({
    name: fc.constantFrom('', 'f', 'g'),
    arguments: fc.constantFrom('', '{', '}', '{}', '{"x":1}'),
  }),
  custom: fieldsLike({ name: fc.string(), input: fc.string() }),
});
const anyDelta = fieldsLike({
  role: fc.constantFrom('assistant', ''),
  content: fc.oneof(
    fc.string(),
    listOf(
      fieldsLike({
        type: fc.constantFrom('text', 'thinking'),
        text: fc.string(),
        thinking: listOf(fc.jsonValue()),
        signature: fc.string(),
      }),
    ),
  ),
  refusal: fc.string(),
  reasoning: fc.oneof(fc.string(), fieldsLike({ content: fc.string() })),
  reasoning_details: listOf(fieldsLike({ type: fc.string(), text: fc.string(), signature: fc.string() })),
  tool_calls: listOf(anyCall),
  function_call: fieldsLike({ name: fc.string(), arguments: fc.string() }),
  annotations: listOf(fc.jsonValue()),
  audio: fieldsLike({ id: fc.string(), data: fc.string(), transcript: fc.string() }),
});
/** A chunk or a whole answer as a server may send it, right or wrong in any place. */
export const anyChunk: fc.Arbitrary<unknown> = fieldsLike({
  id: fc.string(),
  created: fc.double(),
  model: fc.string(),
  choices: listOf(
    fieldsLike({
      index: fc.nat(2),
      delta: anyDelta,
      message: anyDelta,
      messages: listOf(anyDelta),
      finish_reason: fc.constantFrom(null, '', 'stop', 'length', 'tool_calls'),
      logprobs: fieldsLike({ content: listOf(fc.jsonValue()), refusal: listOf(fc.jsonValue()) }),
    }),
  ),
  usage: fieldsLike({
    prompt_tokens: fc.nat(),
    completion_tokens: fc.nat(),
    total_tokens: fc.nat(),
    prompt_tokens_details: fieldsLike({ cached_tokens: fc.nat() }),
  }),
  service_tier: fc.string(),
});
