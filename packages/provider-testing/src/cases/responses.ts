import assert from 'node:assert/strict';
import type { CallOptions, ResponsesEvent } from '@anyllm/core';
import type { Bench } from '../bench/bench.ts';
import { type CaseOf, casesOf } from '../case.ts';
import { textOf } from '../contents.ts';
import type { ContentChoice } from '../scenario.ts';
import { eventsOf, operationCases, streamCases } from './operation-cases.ts';

const input = 'Where is the treasure?';

const needs: CaseOf['needs'] = (_, __, { respond }) => respond !== undefined;
const needsStream: CaseOf['needs'] = (_, __, { streamResponse }) => streamResponse !== undefined;

const respond = (bench: Bench, options?: CallOptions) =>
  bench.client.responses({ model: bench.model, input }, bench.limited(options));

const open = (bench: Bench, options?: CallOptions) =>
  bench.client.responses({ model: bench.model, input, stream: true }, bench.limited(options));

const read = (bench: Bench, options?: CallOptions): Promise<ResponsesEvent[]> => eventsOf(open(bench, options));

const saidBy = (bench: Bench) => textOf(bench.content('response').choices[0] as ContentChoice);

export const responsesCases = casesOf(
  'responses',
  {
    name: 'whole',
    why: 'Programs that know the Responses API find the text, the end and the usage where it has them.',
    needs,
    answers: { say: 'response' },
    async run(bench) {
      const { object, status, output_text, usage } = await respond(bench);
      const { prompt, completion } = bench.content('response').usage ?? {};
      assert.deepEqual([object, status, output_text], ['response', 'completed', saidBy(bench)]);
      assert.deepEqual([usage?.input_tokens, usage?.output_tokens], [prompt, completion]);
      assert.ok((await bench.received()).text.includes(input), 'the input was not sent');
    },
  },
  {
    name: 'events',
    why: 'Programs build an answer up by the order of its events: one that is lost or early spoils all after it.',
    needs: needsStream,
    answers: { say: 'response' },
    async run(bench) {
      const events = await read(bench);
      const numbers = events.map(({ sequence_number }) => Number(sequence_number));
      const inOrder = numbers.toSorted((a, b) => a - b);
      assert.deepEqual(numbers, inOrder, 'the events changed places');
      assert.equal(new Set(numbers).size, numbers.length, 'an event came twice');
      assert.equal(events[0]?.type, 'response.created');
      const deltas = events.map((event) => (event.type === 'response.output_text.delta' ? String(event.delta) : ''));
      assert.equal(deltas.join(''), saidBy(bench));
      assert.deepEqual(events.map(({ type }) => type === 'response.completed').indexOf(true), events.length - 1);
    },
  },
  {
    name: 'streamed',
    why: 'The last event brings the whole response, which is the same as one that was not streamed.',
    needs: needsStream,
    answers: { say: 'response' },
    async run(bench) {
      const { status, output_text, usage } = await (await open(bench)).response();
      const { prompt, completion } = bench.content('response').usage ?? {};
      assert.deepEqual([status, output_text], ['completed', saidBy(bench)]);
      assert.deepEqual([usage?.input_tokens, usage?.output_tokens], [prompt, completion]);
    },
  },
  ...operationCases({ say: 'response', needs, ask: respond }),
  ...streamCases({ prefix: 'streamed-', say: 'response', needs: needsStream, ask: read }),
);
