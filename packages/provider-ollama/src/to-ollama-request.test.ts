import { type ChatRequest, InvalidRequestError, type Warning } from '@anyllm/core/provider';
import { describe, expect, it } from 'vitest';
import { toOllamaRequest } from './to-ollama-request.ts';

function translate(
  request: Partial<ChatRequest>,
  stream = false,
): { body: Record<string, unknown>; warnings: Warning[] } {
  const warnings: Warning[] = [];
  const observer = { connected() {}, responded() {}, warn: (warning: Warning) => warnings.push(warning) };
  const whole = { model: 'llama3', messages: [{ role: 'user' as const, content: 'Hi' }], ...request };
  return { body: JSON.parse(JSON.stringify(toOllamaRequest(whole, stream, observer))), warnings };
}

it('nothing is sent that was not asked for, but whether to stream', () => {
  const messages = [{ role: 'user', content: 'Hi' }];
  expect(translate({}).body).toEqual({ model: 'llama3', messages, stream: false });
  expect(translate({}, true).body).toEqual({ model: 'llama3', messages, stream: true });
});

describe('a parameter', () => {
  it.each<[Partial<ChatRequest>, object]>([
    [{ temperature: 0 }, { options: { temperature: 0 } }],
    [{ top_p: 0.5 }, { options: { top_p: 0.5 } }],
    [{ seed: 7 }, { options: { seed: 7 } }],
    [{ presence_penalty: 1 }, { options: { presence_penalty: 1 } }],
    [{ frequency_penalty: -1 }, { options: { frequency_penalty: -1 } }],
    [{ max_tokens: 9 }, { options: { num_predict: 9 } }],
    [{ max_tokens: 9, max_completion_tokens: 5 }, { options: { num_predict: 5 } }],
    [{ stop: 'END' }, { options: { stop: ['END'] } }],
    [{ stop: ['a', 'b'] }, { options: { stop: ['a', 'b'] } }],
    [
      { logprobs: true, top_logprobs: 2 },
      { logprobs: true, top_logprobs: 2 },
    ],
    [{ reasoning_effort: 'none' }, { think: false }],
    [{ reasoning_effort: 'minimal' }, { think: 'low' }],
    [{ reasoning_effort: 'low' }, { think: 'low' }],
    [{ reasoning_effort: 'medium' }, { think: 'medium' }],
    [{ reasoning_effort: 'high' }, { think: 'high' }],
    [{ reasoning_effort: 'xhigh' }, { think: 'max' }],
    [{ reasoning_effort: 'max' }, { think: 'max' }],
    [{ response_format: { type: 'json_object' } }, { format: 'json' }],
    [{ response_format: { type: 'json_schema', json_schema: { name: 'x' } } }, { format: 'json' }],
    [
      {
        response_format: { type: 'json_schema', json_schema: { name: 'x', schema: { type: 'object' }, strict: true } },
      },
      { format: { type: 'object' } },
    ],
    [{ stream_options: { include_usage: true } }, {}],
  ])('%j is sent as %j', (request, expected) => {
    const { model: _, messages: __, stream: ___, ...rest } = translate(request).body;
    expect(rest).toEqual(expected);
  });
});

describe('tools', () => {
  const weather = { name: 'weather', description: 'Of today', parameters: { type: 'object', properties: {} } };

  it('are sent with only what Ollama reads', () => {
    const { body, warnings } = translate({ tools: [{ type: 'function', function: { ...weather, strict: false } }] });
    expect(body.tools).toEqual([{ type: 'function', function: weather }]);
    expect(warnings).toEqual([]);
  });

  it('take an empty object where they have no parameters', () => {
    const { body } = translate({ tools: [{ type: 'function', function: { name: 'now' } }] });
    expect(body.tools).toEqual([
      { type: 'function', function: { name: 'now', parameters: { type: 'object', properties: {} } } },
    ]);
  });

  it('are left out for the choice "none"', () => {
    expect(
      translate({ tools: [{ type: 'function', function: weather }], tool_choice: 'none' }).body,
    ).not.toHaveProperty('tools');
  });

  it('cannot be strict', () => {
    const { warnings } = translate({ tools: [{ type: 'function', function: { ...weather, strict: true } }] });
    expect(warnings).toEqual([
      {
        code: 'parameter_dropped',
        parameter: 'tools[0].function.strict',
        message: 'ollama has no `tools[0].function.strict`; it was left out',
      },
    ]);
  });
});

describe('provider_options.ollama', () => {
  const own = (ollama: Record<string, unknown>, request: Partial<ChatRequest> = {}) =>
    translate({ ...request, provider_options: { ollama, mistral: { safe_prompt: true } } }).body;

  it.each([
    [{ keep_alive: '5m' }, { keep_alive: '5m' }],
    [{ keep_alive: 0 }, { keep_alive: 0 }],
    [{ keep_alive: '300' }, { keep_alive: 300 }],
    [{ keep_alive: '-1' }, { keep_alive: -1 }],
    [{ think: true }, { think: true }],
    [
      { truncate: false, shift: false },
      { truncate: false, shift: false },
    ],
    [{ num_ctx: 8192, top_k: 1 }, { options: { num_ctx: 8192, top_k: 1 } }],
    [{ some_new_option: 1 }, { options: { some_new_option: 1 } }],
    [{ options: { num_ctx: 1 } }, { options: { num_ctx: 1 } }],
    [{ num_ctx: 1, options: { num_ctx: 2 } }, { options: { num_ctx: 2 } }],
    [{ think: undefined, num_ctx: undefined }, {}],
  ])('%j is sent as %j', (ollama, expected) => {
    const { model: _, messages: __, stream: ___, ...rest } = own(ollama);
    expect(rest).toEqual(expected);
  });

  it('wins over the parameters', () => {
    expect(own({ think: true, temperature: 1 }, { reasoning_effort: 'low', temperature: 0 })).toMatchObject({
      think: true,
      options: { temperature: 1 },
    });
  });

  it.each([{ model: 'x' }, { messages: [] }, { stream: true }, { options: 'x' }, { options: [] }])(
    '%j is refused',
    (ollama) => {
      const path = `provider_options.ollama.${Object.keys(ollama)[0]}`;
      expect(() => own(ollama)).toThrow(InvalidRequestError);
      expect(() => own(ollama)).toThrow(path);
    },
  );
});
