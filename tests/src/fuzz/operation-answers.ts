import fc from 'fast-check';
import { answers } from './chat-answers.ts';

// Right answers of the operations beside chat.

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const count = fc.nat({ max: 1_000 });
const seconds = fc.integer({ min: 1_700_000_000, max: 1_800_000_000 });
const some = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const list = <T>(value: fc.Arbitrary<T>, minLength = 0) => fc.array(value, { minLength, maxLength: 3 });

const number = fc.double({ min: -1, max: 1, noNaN: true });
const vector = fc.oneof(
  fc.array(number, { minLength: 1, maxLength: 4 }),
  fc.array(number, { minLength: 1, maxLength: 4 }).map((floats) => Buffer.from(Float32Array.from(floats).buffer).toString('base64')), // biome-ignore format: one line
);
const rowOf = (index: number) =>
  fc.record({ object: fc.constant('embedding'), index: fc.constant(index), embedding: vector });

/** Of two texts. */
const vectors = fc.record({
  object: fc.constant('list'),
  model: text,
  data: fc.tuple(rowOf(0), rowOf(1)),
  usage: some(fc.record({ prompt_tokens: count, total_tokens: count })),
});
const ollamaVectors = fc.record({
  model: text,
  embeddings: fc.tuple(...[0, 1].map(() => fc.array(number, { minLength: 1, maxLength: 4 }))),
  prompt_eval_count: some(count),
});

const openAIModels = fc.record({
  object: fc.constant('list'),
  data: list(
    fc.record({
      id: text,
      created: seconds,
      owned_by: some(text),
      display_name: some(text),
      context_length: some(count),
      max_output_tokens: some(count),
      type: some(fc.constantFrom('chat', 'language', 'image')),
      top_provider: some(fc.record({ max_completion_tokens: count })),
      supported_parameters: some(list(fc.constantFrom('tools', 'reasoning'))),
      architecture: some(fc.record({ input_modalities: list(fc.constantFrom('text', 'image')) })),
    }),
  ),
});
const mistralModels = fc.record({
  object: fc.constant('list'),
  data: list(
    fc.record({
      id: text,
      created: seconds,
      owned_by: text,
      name: some(text),
      max_context_length: count,
      capabilities: fc.record({ completion_chat: fc.boolean(), vision: fc.boolean(), function_calling: fc.boolean() }),
    }),
  ),
});
const ollamaModels = fc.record({
  models: list(
    fc.record({
      name: text,
      model: text,
      modified_at: fc.constant('2026-01-02T03:04:05.123456789+01:00'),
      details: fc.record({ family: text, context_length: some(count) }),
      capabilities: some(list(fc.constantFrom('completion', 'tools', 'insert', 'thinking'))),
    }),
  ),
});

const categories = ['violence', 'self-harm/intent', 'pii'];
const ofCategories = <T>(value: fc.Arbitrary<T>) => fc.dictionary(fc.constantFrom(...categories), value);
const verdict = {
  categories: ofCategories(fc.option(fc.boolean())),
  category_scores: ofCategories(fc.double({ min: 0, max: 1, noNaN: true })),
};
const types = ofCategories(list(fc.constantFrom('text', 'image')));
const openAIVerdict = fc.record({ flagged: fc.boolean(), ...verdict, category_applied_input_types: some(types) });
const openAIVerdicts = fc.record({ id: text, model: text, results: fc.tuple(openAIVerdict, openAIVerdict) });
const mistralVerdicts = fc.record({
  id: text,
  model: text,
  results: fc.tuple(fc.record(verdict), fc.record(verdict)),
});

const openAIBatch = fc.record({
  id: fc.constant('batch_1'),
  object: fc.constant('batch'),
  status: fc.constantFrom('completed', 'expired', 'cancelled'),
  created_at: seconds,
  completed_at: some(seconds),
  expires_at: some(seconds),
  request_counts: fc.record({ total: count, completed: count, failed: count }),
  errors: some(fc.record({ data: list(fc.record({ message: text, code: text, line: count })) })),
  metadata: some(fc.option(fc.dictionary(text, text))),
  output_file_id: fc.constant('file-1'),
  error_file_id: fc.option(fc.constant('file-2')),
});
const mistralBatch = fc.record({
  id: fc.constant('batch_1'),
  status: fc.constantFrom('SUCCESS', 'TIMEOUT_EXCEEDED', 'CANCELLED'),
  model: text,
  created_at: seconds,
  completed_at: some(seconds),
  total_requests: count,
  succeeded_requests: count,
  failed_requests: count,
  errors: list(fc.record({ message: text, count })),
  metadata: some(fc.option(fc.dictionary(text, text))),
  output_file: fc.constant('file-1'),
  error_file: fc.option(fc.constant('file-2')),
});

/** Of a file of answers. */
const batchLine = fc.record({
  id: text,
  custom_id: text,
  response: fc.option(
    fc.record({
      status_code: fc.constantFrom(200, 400, 429),
      request_id: text,
      body: fc.oneof(answers.openai.whole, fc.record({ error: fc.record({ message: text, code: text }) })),
    }),
  ),
  error: fc.option(fc.record({ code: fc.constantFrom('batch_expired', 'x'), message: text })),
});

export const operationAnswers = {
  ...{ vectors, ollamaVectors },
  ...{ openAIModels, mistralModels, ollamaModels },
  ...{ openAIVerdicts, mistralVerdicts },
  ...{ openAIBatch, mistralBatch, batchLine },
};
