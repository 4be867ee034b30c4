import assert from 'node:assert/strict';
import type { Message } from '@anyllm/core';
import { typedFailureOf } from '../bench/failure.ts';
import { casesOf } from '../case.ts';
import { textOf } from '../contents.ts';
import { contentSamples } from './content-samples.ts';
import { meaningSamples, parameterSamples } from './parameter-samples.ts';

export const completionCases = casesOf(
  'completion',
  {
    name: 'text',
    why: 'The text of an answer is what users pay for: not a character of it may be lost or changed.',
    async run(bench) {
      const answer = await bench.complete();
      const [choice] = bench.content('text').choices;
      assert.equal(answer.text, choice && textOf(choice));
      assert.equal(answer.choices.length, 1);
      assert.equal(answer.choices[0]?.index, 0);
      assert.equal(answer.choices[0]?.message.role, 'assistant');
      assert.equal(answer.choices[0]?.finish_reason, 'stop');
    },
  },
  {
    name: 'shape',
    why: 'Answers are stored and compared across vendors: the common fields have to be there, whoever answered.',
    async run(bench) {
      const answer = await bench.complete();
      assert.equal(answer.object, 'chat.completion');
      assert.ok(answer.id.length > 0, 'there is no id');
      assert.ok(answer.model.length > 0, 'there is no model');
      const daysOff = Math.abs(Date.now() / 1000 - answer.created) / 86_400;
      assert.ok(daysOff < 36_500 && Number.isInteger(answer.created), '`created` is not a time in seconds');
    },
  },
  {
    name: 'conversation',
    why: 'A message that is left out or out of order changes what the model is asked, and nobody sees it.',
    async run(bench) {
      const messages: Message[] = [
        { role: 'system', content: 'first-words' },
        { role: 'user', content: 'second-words' },
        { role: 'assistant', content: 'third-words' },
        { role: 'user', content: [{ type: 'text', text: 'fourth-words' }] },
      ];
      await bench.bothWays(async (ask) => void (await ask({ messages })));
      for (const { text } of bench.requests) {
        const places = ['first', 'second', 'third', 'fourth'].map((word) => text.indexOf(`${word}-words`));
        assert.ok(!places.includes(-1), 'a message did not reach the server');
        // Protocols that put the system prompt beside the messages may put it last.
        assert.deepEqual(
          places.slice(1),
          places.slice(1).toSorted((a, b) => a - b),
          'the messages are out of order',
        );
      }
    },
  },
  {
    name: 'special-characters',
    why: 'Quotes, line ends and characters beyond the basic plane are where hand-made encodings break.',
    async run(bench) {
      const prompt = 'a "quoted" \\ backslash\nand 👩‍🚀 \u2028 跨越';
      await bench.complete({ prompt });
      const sent = JSON.stringify(JSON.parse((await bench.received()).text));
      assert.ok(sent.includes(JSON.stringify(prompt).slice(1, -1)), 'the prompt did not reach the server unchanged');
    },
  },
  {
    name: 'model',
    why: 'A wrong model id answers as well, only worse or dearer.',
    async run(bench) {
      await bench.bothWays(async (ask) => void (await ask()));
      const id = bench.model.slice(bench.provider.id.length + 1);
      for (const { text, path } of bench.requests) {
        assert.ok(
          text.includes(JSON.stringify(id)) || path.includes(encodeURIComponent(id)),
          'the model id was not sent',
        );
      }
    },
  },
  {
    name: 'key-and-headers',
    why: 'A key or a header that does not arrive fails only in production, against the real vendor.',
    async run(bench) {
      await bench.bothWays(async (ask) => void (await ask({}, { headers: { 'X-Suite': 'passed-on' } })));
      for (const { headers, path } of bench.requests) {
        assert.equal(headers['x-suite'], 'passed-on', "the caller's header was not sent");
        if (!bench.provider.connection.apiKey) continue;
        const sent = JSON.stringify(headers) + path;
        assert.ok(sent.includes(String(bench.provider.config.apiKey)), 'the key was not sent');
      }
    },
  },
  {
    name: 'keys-apart',
    why: 'Programs serve many customers with one provider object: no call may go out under the key of another.',
    needs: (_, { apiKey }) => apiKey !== undefined,
    async run(bench) {
      const calls = Array.from({ length: 8 }, (_, at) => ({ prompt: `prompt-${at}.`, apiKey: `key-number-${at}.` }));
      await Promise.all(calls.map(({ prompt, apiKey }) => bench.complete({ prompt }, { apiKey })));
      for (const { text, headers, path } of bench.requests) {
        const at = /prompt-(\d)\./.exec(text)?.[1];
        assert.ok((JSON.stringify(headers) + path).includes(`key-number-${at}.`), 'a call went out under a wrong key');
      }
    },
  },
  {
    name: 'request-unchanged',
    why: 'Callers keep their messages, and retries and fallbacks send them again: a provider that adds to them spoils both.',
    async run(bench) {
      const messages: Message[] = [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
      ];
      const before = structuredClone(messages);
      await bench.bothWays(async (ask) => {
        await ask({ messages });
        assert.deepEqual(messages, before, "the caller's messages were changed");
      });
    },
  },
  {
    name: 'finish-length',
    why: 'Whoever does not learn that an answer was cut off takes a half for the whole.',
    answers: { say: 'length' },
    run: (bench) =>
      bench.bothWays(async (ask) => assert.equal((await ask({ max_tokens: 3 })).choices[0]?.finish_reason, 'length')),
  },
  {
    name: 'max-tokens',
    why: 'A bound that does not arrive costs money.',
    run: (bench) =>
      bench.bothWays(async (ask) => {
        await ask({ max_tokens: 4_321 });
        assert.match((await bench.received(bench.requests.length - 1)).text, /:\s*4321\b/, '`max_tokens` was not sent');
      }),
  },
  {
    name: 'choices',
    why: 'Several choices are compared with each other: one that is missing or mixed up falsifies the comparison.',
    needs: ({ parameters }) => parameters.includes('n'),
    answers: { say: 'choices' },
    async run(bench) {
      const expected = bench.content('choices').choices.map(textOf);
      await bench.bothWays(async (ask) => {
        const { choices } = await ask({ n: expected.length });
        assert.deepEqual(
          choices.map(({ text }) => text),
          expected,
        );
        assert.deepEqual(
          choices.map(({ index }) => index),
          expected.map((_, at) => at),
        );
      });
    },
  },
  {
    name: 'parameters-declared',
    why: 'A parameter that is declared and does not arrive is ignored in silence.',
    needs: ({ parameters }) => parameters.some((name) => name in parameterSamples),
    async run(bench) {
      for (const [name, { request, sent }] of Object.entries(parameterSamples)) {
        if (!bench.capabilities.parameters.includes(name as never)) continue;
        const { meta } = await bench.complete(request);
        assert.deepEqual(
          meta.warnings.filter(({ code }) => code === 'parameter_dropped'),
          [],
          `\`${name}\` was dropped`,
        );
        const { text } = await bench.received(bench.requests.length - 1);
        assert.ok(text.includes(sent), `\`${name}\` did not reach the server`);
      }
    },
  },
  {
    name: 'parameters-undeclared',
    why: 'What only tunes an answer is left out with a warning, so that one request suits many vendors.',
    async run(bench) {
      for (const [name, { request, sent }] of Object.entries(parameterSamples)) {
        if (name in meaningSamples || bench.capabilities.parameters.includes(name as never)) continue;
        const before = bench.requests.length;
        const { meta } = await bench.complete(request);
        const warned = meta.warnings.some(({ parameter }) => parameter === name);
        assert.ok(warned, `there is no warning that \`${name}\` was left out`);
        const { text } = await bench.received(before);
        assert.ok(!text.includes(sent), `\`${name}\` was sent, though it is not declared`);
      }
    },
  },
  {
    name: 'meaning-undeclared',
    why: 'What changes the meaning of an answer must not be left out: the caller would get something else than asked for.',
    answers: [],
    async run(bench) {
      for (const [name, request] of Object.entries(meaningSamples)) {
        if (bench.capabilities.parameters.includes(name as never)) continue;
        await bench.bothWays(async (ask) => void (await typedFailureOf(ask(request), 'unsupported_parameter')));
        bench.assertUnasked();
      }
    },
  },
  {
    name: 'content-declared',
    why: 'A picture that does not arrive is answered all the same, by a guess.',
    needs: ({ content }) => content.length > 0,
    async run(bench) {
      for (const kind of bench.capabilities.content) {
        const { part, sent } = contentSamples[kind];
        await bench.complete({ messages: [{ role: 'user', content: [{ type: 'text', text: 'What is it?' }, part] }] });
        const { text } = await bench.received(bench.requests.length - 1);
        assert.ok(text.includes(sent), `the content part \`${kind}\` did not reach the server`);
      }
    },
  },
  {
    name: 'content-undeclared',
    why: 'What a vendor cannot see has to be refused before it costs anything.',
    answers: [],
    async run(bench) {
      for (const [kind, { part }] of Object.entries(contentSamples)) {
        if (bench.capabilities.content.includes(kind as never)) continue;
        const messages: Message[] = [{ role: 'user', content: [{ type: 'text', text: 'What is it?' }, part] }];
        await bench.bothWays(async (ask) => void (await typedFailureOf(ask({ messages }), 'unsupported_parameter')));
        bench.assertUnasked();
      }
    },
  },
  {
    name: 'concurrent',
    why: 'Calls run side by side: state that is shared between them mixes up the answers of strangers.',
    answers: { say: 'long-text' },
    async run(bench) {
      const [choice] = bench.content('long-text').choices;
      const answers = await Promise.all(
        Array.from({ length: 12 }, (_, at) => (at % 2 ? bench.fold() : bench.complete())),
      );
      for (const { text } of answers) assert.equal(text, choice && textOf(choice));
      assert.equal(bench.requests.length, answers.length);
    },
  },
);
