import assert from 'node:assert/strict';
import type { ChatCompletion, FunctionToolCall, Message, Tool, ToolChoice } from '@anyllm/core';
import type { Capabilities } from '@anyllm/core/provider';
import type { Bench } from '../bench/bench.ts';
import { typedFailureOf } from '../bench/failure.ts';
import { type CaseOf, casesOf } from '../case.ts';
import type { ContentName, Layout } from '../scenario.ts';

const parameters = {
  type: 'object',
  properties: { city: { type: 'string' }, days: { type: 'integer' } },
  required: ['city'],
};
const tools: Tool[] = [
  { type: 'function', function: { name: 'get_weather', description: 'suite-description', parameters } },
];
const has = ({ parameters }: Capabilities) => parameters.includes('tools');

/** The calls of an answer are those that the server made, in their order. */
function assertCalls(answer: ChatCompletion, bench: Bench, name: ContentName): FunctionToolCall[] {
  const expected = bench.content(name).choices[0]?.toolCalls ?? [];
  const message = answer.choices[0]?.message;
  const calls = (message?.tool_calls ?? []) as FunctionToolCall[];
  assert.deepEqual(
    calls.map(({ function: called }) => called.name),
    expected.map((call) => call.name),
  );
  const parsed = calls.map(({ function: called }) => JSON.stringify(JSON.parse(called.arguments)));
  assert.deepEqual(
    parsed,
    expected.map((call) => JSON.stringify(call.arguments)),
  );
  assert.equal(answer.choices[0]?.finish_reason, 'tool_calls');
  assert.ok(
    calls.every(({ id, type }) => id !== '' && type === 'function'),
    'a call has no id or type',
  );
  assert.equal(new Set(calls.map(({ id }) => id)).size, calls.length, 'two calls have one id');
  return calls;
}

const streamed: Record<string, { layout: Layout; why: string }> = {
  streamed: { layout: {}, why: 'Arguments come in fragments that are JSON only when they are put together.' },
  'streamed-one-byte': {
    layout: { chunkBytes: 1 },
    why: 'Fragments of arguments are cut in the middle of a character like anything else.',
  },
  'streamed-at-once': {
    layout: { eventsPerPacket: 10_000 },
    why: 'The fragments of several calls in one read still belong to several calls.',
  },
};

const streamedCases = Object.entries(streamed).map(
  ([name, { layout, why }]): CaseOf => ({
    name,
    why,
    needs: has,
    answers: { say: 'parallel-tool-calls', layout },
    async run(bench) {
      assertCalls(await bench.fold({ tools }), bench, 'parallel-tool-calls');
    },
  }),
);

const choices: Record<'none' | 'required' | 'named', ToolChoice> = {
  none: 'none',
  required: 'required',
  named: { type: 'function', function: { name: 'get_weather' } },
};

export const toolCases = casesOf(
  'tools',
  {
    name: 'definition',
    why: 'A model calls only what it has been told of, and calls it wrongly when the schema is missing.',
    needs: has,
    async run(bench) {
      await bench.bothWays(async (ask) => void (await ask({ tools })));
      for (const { text } of bench.requests) {
        for (const part of ['get_weather', 'suite-description', '"city"']) {
          assert.ok(text.includes(part), `${part} of the tool was not sent`);
        }
      }
    },
  },
  {
    name: 'call',
    why: 'Name, id and arguments are what a program acts upon.',
    needs: has,
    answers: { say: 'tool-call' },
    async run(bench) {
      const answer = await bench.complete({ tools });
      assertCalls(answer, bench, 'tool-call');
      assert.equal(answer.text, '');
    },
  },
  {
    name: 'parallel',
    why: 'Calls of one tool that are merged into one do half of the work, on arguments that are no JSON.',
    needs: has,
    answers: { say: 'parallel-tool-calls' },
    async run(bench) {
      assertCalls(await bench.complete({ tools }), bench, 'parallel-tool-calls');
    },
  },
  ...streamedCases,
  {
    name: 'no-arguments',
    why: 'A call without arguments is written as `{}`, as nothing at all or not at all: callers parse it in any case.',
    needs: has,
    answers: { say: 'tool-call-without-arguments' },
    run: (bench) =>
      bench.bothWays(async (ask) => void assertCalls(await ask({ tools }), bench, 'tool-call-without-arguments')),
  },
  {
    name: 'chunks',
    why: 'Programs that act on fragments need the name and the id with the first one of a call, and once.',
    needs: has,
    answers: { say: 'parallel-tool-calls' },
    async run(bench) {
      const seen = new Set<number>();
      for await (const { choices } of await bench.stream({ tools })) {
        for (const { index, id, function: called } of choices[0]?.delta.tool_calls ?? []) {
          const isFirst = !seen.has(index);
          assert.equal(Boolean(id), isFirst, 'the id does not stand in the first fragment alone');
          assert.equal(Boolean(called?.name), isFirst, 'the name does not stand in the first fragment alone');
          seen.add(index);
        }
      }
      assert.equal(seen.size, bench.content('parallel-tool-calls').choices[0]?.toolCalls?.length);
    },
  },
  {
    name: 'round-trip',
    why: 'The results go back with the calls that they belong to: swapped, the model reasons from false facts.',
    needs: has,
    answers: [{ say: 'parallel-tool-calls' }, { say: 'text' }],
    async run(bench) {
      const question: Message = { role: 'user', content: 'How is the weather?' };
      const first = await bench.complete({ tools, messages: [question] });
      const calls = assertCalls(first, bench, 'parallel-tool-calls');
      const results = calls.map(
        ({ id }, at): Message => ({ role: 'tool', tool_call_id: id, content: `result-${at}.` }),
      );
      const { text } = await bench.complete({
        tools,
        messages: [question, first.choices[0]?.message as Message, ...results],
      });
      assert.ok(text !== '', 'there is no answer to the results');
      const sent = (await bench.received(1)).text;
      const places = calls.map((_, at) => sent.indexOf(`result-${at}.`));
      assert.ok(!places.includes(-1), 'a result was not sent');
      assert.deepEqual(
        places,
        places.toSorted((a, b) => a - b),
        'the results are out of order',
      );
    },
  },
  {
    name: 'choices-declared',
    why: 'A tool choice that does not arrive leaves to chance whether the tool is called.',
    needs: (capabilities) => has(capabilities) && capabilities.toolChoices.length > 0,
    async run(bench) {
      for (const kind of bench.capabilities.toolChoices) {
        const { meta } = await bench.complete({ tools, tool_choice: choices[kind] });
        assert.deepEqual(meta.warnings, [], `the choice \`${kind}\` is declared and was not passed on as it is`);
        const [withChoice, without] = [
          bench.requests.at(-1)?.text,
          (await bench.complete({ tools })) && bench.requests.at(-1)?.text,
        ];
        assert.notEqual(withChoice, without, `the choice \`${kind}\` changes nothing in the request`);
      }
    },
  },
  {
    name: 'choices-undeclared',
    why: 'A tool choice that the vendor lacks has to be refused: without it the answer is another.',
    needs: has,
    answers: [],
    async run(bench) {
      for (const [kind, tool_choice] of Object.entries(choices)) {
        if (bench.capabilities.toolChoices.includes(kind as never)) continue;
        await typedFailureOf(bench.complete({ tools, tool_choice }), 'unsupported_parameter');
        bench.assertUnasked();
      }
    },
  },
  {
    name: 'undeclared',
    why: 'Tools that the vendor lacks have to be refused: an answer in prose is not what the program waits for.',
    needs: (capabilities) => !has(capabilities),
    answers: [],
    async run(bench) {
      await bench.bothWays(async (ask) => void (await typedFailureOf(ask({ tools }), 'unsupported_parameter')));
      bench.assertUnasked();
    },
  },
  {
    name: 'custom-undeclared',
    why: 'A tool of a type that the vendor does not know must not be sent as another.',
    needs: (capabilities) => !capabilities.customTools,
    answers: [],
    async run(bench) {
      const custom: Tool[] = [{ type: 'custom', custom: { name: 'run_code' } }];
      await typedFailureOf(bench.complete({ tools: custom }), 'unsupported_parameter');
      bench.assertUnasked();
    },
  },
);
