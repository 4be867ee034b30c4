import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseModelId } from './model-id.ts';

test.each([
  ['openai/gpt-4o', 'openai', 'gpt-4o'],
  ['openai:gpt-4o', 'openai', 'gpt-4o'],
  ['ollama/llama3:8b', 'ollama', 'llama3:8b'],
  ['ollama:llama3:8b', 'ollama', 'llama3:8b'],
  ['openrouter:meta/llama', 'openrouter', 'meta/llama'],
  ['openrouter/meta/llama', 'openrouter', 'meta/llama'],
  [' OpenAI / gpt-4o ', 'openai', 'gpt-4o'],
  ['openai/GPT 4', 'openai', 'GPT 4'],
  ['openai//x', 'openai', '/x'],
  ['a-1/x', 'a-1', 'x'],
  ['7/x', '7', 'x'],
])('%o is the provider %s and the model %s', (id, provider, model) => {
  expect(parseModelId(id)).toEqual({ provider, model });
});

test.each([
  ['openai/gpt-4o', 'gpt-4o'],
  ['openai:gpt-4o', 'gpt-4o'],
  ['OPENAI/gpt-4o', 'gpt-4o'],
  ['gpt-4o', 'gpt-4o'],
  ['mistral/x', 'mistral/x'],
  ['openai-like/x', 'openai-like/x'],
  ['ft:gpt-4o:org', 'ft:gpt-4o:org'],
  ['openai/openai/x', 'openai/x'],
  ['openai', 'openai'],
])('with the provider named, %o is the model %s', (id, model) => {
  expect(parseModelId(id, ' OpenAI ')).toEqual({ provider: 'openai', model });
});

test.each([
  ['', undefined],
  [' ', undefined],
  ['gpt-4o', undefined],
  ['/', undefined],
  ['/x', undefined],
  [':x', undefined],
  ['openai/', undefined],
  ['openai: ', undefined],
  ['../x', undefined],
  ['@scope/x', undefined],
  ['open ai/x', undefined],
  ['öpenai/x', undefined],
  ['-a/x', undefined],
  ['a_b/x', undefined],
  ['a.b/x', undefined],
  ['', 'openai'],
  ['openai/', 'openai'],
])('%o with the provider %o is refused', (id, provider) => {
  expect(() => parseModelId(id, provider)).toThrow(expect.objectContaining({ code: 'invalid_request', path: 'model' }));
});

test.each(['', '../x', 'a/b', 5, null])('the provider %j is refused where it stands', (provider) => {
  const refused = expect.objectContaining({ code: 'invalid_request', path: 'options.provider' });
  expect(() => parseModelId('x', provider as string)).toThrow(refused);
});

test('the messages say what to write', () => {
  const messageOf = (id: string, provider?: string) => {
    try {
      return parseModelId(id, provider);
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect([
    messageOf('gpt-4o'),
    messageOf('openai/'),
    messageOf('../x'),
    messageOf('x', 'Open AI'),
    messageOf(`${'x'.repeat(200)}`),
    messageOf('two\nlines'),
  ]).toMatchInlineSnapshot(`
    [
      "model id "gpt-4o": it names no provider; write \`provider/model\`, as \`mistral/mistral-small-latest\`",
      "model id "openai/": the part after the provider is empty",
      "".." is not a provider name (at most 64 letters, digits and hyphens, as \`openai\`)",
      ""Open AI" is not a provider name (at most 64 letters, digits and hyphens, as \`openai\`)",
      "model id "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…": it names no provider; write \`provider/model\`, as \`mistral/mistral-small-latest\`",
      "model id "two\\nlines": it names no provider; write \`provider/model\`, as \`mistral/mistral-small-latest\`",
    ]
  `);
});

test('whatever is accepted names a provider that could be a package, and a model', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.option(fc.string(), { nil: undefined }), (id, named) => {
      let parsed: ReturnType<typeof parseModelId>;
      try {
        parsed = parseModelId(id, named);
      } catch (error) {
        expect(error).toMatchObject({
          code: 'invalid_request',
          path: expect.stringMatching(/^(model|options.provider)$/),
        });
        return;
      }
      expect(parsed.provider).toMatch(/^[a-z0-9][a-z0-9-]{0,63}$/);
      expect(parsed.model.trim()).not.toBe('');
      expect(id).toContain(parsed.model);
    }),
  );
});

test('provider and model joined by either separator come apart again', () => {
  const provider = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,20}$/);
  const model = fc.string({ minLength: 1 }).filter((text) => text.trim() === text);
  fc.assert(
    fc.property(provider, fc.constantFrom('/', ':'), model, (provider, separator, model) => {
      expect(parseModelId(`${provider}${separator}${model}`)).toEqual({ provider, model });
      expect(parseModelId(`${provider}${separator}${model}`, provider)).toEqual({ provider, model });
    }),
  );
});
