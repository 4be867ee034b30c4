import assert from 'node:assert/strict';
import type { ResponseFormat } from '@anyllm/core';
import type { Capabilities } from '@anyllm/core/provider';
import { typedFailureOf } from '../bench/failure.ts';
import { type CaseOf, casesOf } from '../case.ts';
import { textOf } from '../contents.ts';

const schema = {
  type: 'object',
  properties: { city: { type: 'string', description: 'suite-city' }, days: { type: 'integer' } },
  required: ['city', 'days'],
  additionalProperties: false,
};

const formats = {
  json_object: { type: 'json_object' },
  json_schema: { type: 'json_schema', json_schema: { name: 'suite_answer', schema, strict: true } },
} as const satisfies Record<string, ResponseFormat>;

type Form = keyof typeof formats;

const prompt = 'The weather, as JSON.';

const has = (form: Form) => (capabilities: Capabilities) =>
  capabilities.parameters.includes('response_format') && capabilities.responseFormats.includes(form);

function declared(form: Form, why: string): CaseOf {
  return {
    name: form.replace('_', '-'),
    why,
    needs: has(form),
    answers: { say: 'json' },
    async run(bench) {
      const [choice] = bench.content('json').choices;
      await bench.bothWays(async (ask) => {
        const { text } = await ask({ prompt, response_format: formats[form] });
        assert.deepEqual(JSON.parse(text), JSON.parse(choice ? textOf(choice) : ''));
      });
      for (const request of bench.requests) {
        assert.match(request.text, form === 'json_schema' ? /suite-city/ : /json/, 'the format was not sent');
      }
    },
  };
}

function undeclared(form: Form, why: string): CaseOf {
  return {
    name: `${form.replace('_', '-')}-undeclared`,
    why,
    needs: (capabilities) => !has(form)(capabilities),
    answers: [],
    async run(bench) {
      const request = { prompt, response_format: formats[form] };
      await bench.bothWays(async (ask) => void (await typedFailureOf(ask(request), 'unsupported_parameter')));
      bench.assertUnasked();
    },
  };
}

export const structuredOutputCases = casesOf(
  'structured-output',
  declared(
    'json_object',
    'Programs parse what comes: the wish for JSON has to arrive, and the JSON to come back whole.',
  ),
  declared('json_schema', 'A schema that does not arrive is kept only by luck.'),
  undeclared('json_object', 'Prose in place of JSON breaks the program behind it: refuse it before it is paid for.'),
  undeclared('json_schema', 'JSON of any shape is not JSON of this shape: refuse it before it is paid for.'),
);
