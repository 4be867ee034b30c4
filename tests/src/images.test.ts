import {
  ContentFilterError,
  type ImageEvent,
  InvalidRequestError,
  ProviderError,
  ResponseParseError,
  StreamInterruptedError,
  TimeoutError,
  UnsupportedParameterError,
} from '@anyllm/core';
import type { Reply } from '@anyllm/simulator';
import { describe, expect, test } from 'vitest';
import { eventually, failure, simulate } from './simulated.ts';

const model = 'openai/gpt-image-1';
const drawing = { model, prompt: 'a red kite' } as const;
const png = new File([Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 1)], 'kite.png', { type: 'image/png' });
const edit = { ...drawing, images: png } as const;

async function all(stream: AsyncIterable<ImageEvent>): Promise<ImageEvent[]> {
  const events: ImageEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

test('a prompt becomes pictures, with usage and an account of the call', async () => {
  const { client, simulator } = await simulate();
  const { data, usage, size, meta } = await client.imageGeneration({ ...drawing, n: 2, size: '1536x1024' });
  expect(data.map(({ b64_json }) => Buffer.from(b64_json ?? '', 'base64').toString('latin1', 1, 4))).toEqual([
    'PNG',
    'PNG',
  ]);
  expect({ size, usage }).toMatchObject({ size: '1536x1024', usage: { output_tokens: 8320 } });
  expect(meta).toMatchObject({ provider: 'openai', model: 'gpt-image-1', warnings: [] });
  expect(simulator.requests[0]?.body).toEqual({ model: 'gpt-image-1', prompt: 'a red kite', n: 2, size: '1536x1024' });
});

test('pictures of older models are at an address', async () => {
  const { client } = await simulate();
  const { data } = await client.imageGeneration({ ...drawing, model: 'openai/dall-e-3' });
  expect(data[0]).toMatchObject({ url: expect.stringMatching(/^https:/), revised_prompt: expect.any(String) });
});

test('sketches come before the picture, when they are there', async () => {
  const { client, simulator } = await simulate({ script: { latency: { tokenMs: 100 } } });
  const stream = await client.imageGeneration({ ...drawing, stream: true, partial_images: 2 });
  const [first, second, last] = await all(stream);
  expect([first, second]).toMatchObject([
    { type: 'partial_image', partial_image_index: 0 },
    { type: 'partial_image', partial_image_index: 1 },
  ]);
  expect(last).toMatchObject({ type: 'completed', b64_json: expect.any(String), usage: { output_tokens: 4160 } });
  expect(stream.meta.totalMs - (stream.meta.firstTokenMs ?? 0)).toBeGreaterThan(60);
  expect(simulator.requests[0]?.headers.accept).toBe('text/event-stream');
});

test.each([
  ['one goes as `image`', png, ['image']],
  ['several go as `image[]`', [png, png], ['image[]', 'image[]']],
])('pictures are made of pictures: %s', async (_, images, names) => {
  const { client, simulator } = await simulate();
  const { data } = await client.imageEdit({ ...edit, images, mask: png, n: 1, input_fidelity: 'high' });
  expect(data).toHaveLength(1);
  const { form = [] } = simulator.requests[0] ?? {};
  const files = form.filter(({ filename }) => filename !== undefined);
  expect(files.map(({ name }) => name)).toEqual([...names, 'mask']);
  expect(files.map(({ filename, type }) => [filename, type])).toContainEqual(['kite.png', 'image/png']);
  expect(form.map(({ name }) => name)).toEqual(expect.arrayContaining(['model', 'prompt', 'n', 'input_fidelity']));
  const stream = await client.imageEdit({ ...edit, images, stream: true });
  expect((await all(stream)).map(({ type }) => type)).toEqual(['completed']);
});

test('a picture of many megabytes is one event, read in linear time', async () => {
  const b64_json = 'A'.repeat(24 * 1024 * 1024);
  const { client } = await simulate({ script: { events: [{ type: 'image_generation.completed', b64_json }] } });
  const events = await all(await client.imageGeneration({ ...drawing, stream: true }));
  expect((events[0] as { b64_json: string }).b64_json.length).toBe(b64_json.length);
});

test('a server that does not stream is understood', async () => {
  const { client } = await simulate({ script: { body: { created: 1, data: [{ b64_json: 'AAAA' }] } } });
  const events = await all(await client.imageGeneration({ ...drawing, stream: true }));
  expect(events).toEqual([{ type: 'completed', b64_json: 'AAAA' }]);
});

describe('rules of single models', () => {
  test('bytes need not be asked for where nothing else comes', async () => {
    const { client, simulator } = await simulate();
    const { meta } = await client.imageGeneration({ ...drawing, response_format: 'b64_json' });
    expect(meta.warnings).toMatchObject([{ code: 'parameter_dropped', parameter: 'response_format' }]);
    expect(simulator.requests[0]?.body).not.toHaveProperty('response_format');
  });

  test.each([
    [{ ...drawing, response_format: 'url' }, 'response_format'],
    [{ ...drawing, model: 'openai/dall-e-3', stream: true }, 'stream'],
  ] as const)('%j is refused before the network', async (request, parameter) => {
    const { client, simulator } = await simulate();
    const error = await failure(client.imageGeneration(request as typeof drawing));
    expect(error).toBeInstanceOf(UnsupportedParameterError);
    expect(error).toMatchObject({ parameter, provider: 'openai' });
    expect(simulator.requests).toEqual([]);
  });

  test('what only the vendor knows is sent as it is', async () => {
    const { client, simulator } = await simulate();
    await client.imageGeneration({ ...drawing, provider_options: { openai: { user: 'u' }, mistral: { x: 1 } } });
    expect(simulator.requests[0]?.body).toMatchObject({ user: 'u' });
    expect(simulator.requests[0]?.body).not.toHaveProperty('provider_options');
  });
});

describe('bad input', () => {
  test.each([
    [{ model }, 'prompt'],
    [{ ...drawing, prompt: '' }, 'prompt'],
    [{ ...drawing, n: 11 }, 'n'],
    [{ ...drawing, n: 2, stream: true }, 'n'],
    [{ ...drawing, partial_images: 1 }, 'partial_images'],
    [{ ...drawing, background: 'blue' }, 'background'],
    [{ ...drawing, steps: 3 }, 'steps'],
  ])('%j is refused with the path of the wrong field', async (request, path) => {
    const { client, simulator } = await simulate();
    const error = await failure(client.imageGeneration(request as never));
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(error).toMatchObject({ path });
    expect(simulator.requests).toEqual([]);
  });

  test.each([
    ['no picture', { images: [] }, 'images'],
    ['a path', { images: ['kite.png'] }, 'images[0]'],
    ['an empty file', { images: [png, new Blob([])] }, 'images[1]'],
    ['a mask that is no file', { mask: 3 }, 'mask'],
  ])('%s is refused', async (_, wrong, path) => {
    const { client } = await simulate();
    const error = await failure(client.imageEdit({ ...edit, ...wrong } as never));
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(error).toMatchObject({ path });
  });

  test('a provider without images refuses before the network', async () => {
    const { client, simulator } = await simulate();
    const error = await failure(client.imageGeneration({ ...drawing, model: 'mistral/m' }));
    expect(error).toBeInstanceOf(UnsupportedParameterError);
    expect((error as Error).message).toBe('mistral: images are not supported (the provider has no `generateImage`)');
    expect(simulator.requests).toEqual([]);
  });
});

describe('failures', () => {
  const blocked = {
    code: 'moderation_blocked',
    type: 'image_generation_user_error',
    message: 'Your request was rejected by the safety system.',
  };

  test.each([
    ['whole', {}, { error: { status: 400, ...blocked } }],
    ['streamed', { stream: true, partial_images: 2 }, { fault: { kind: 'error-event', atToken: 0, error: blocked } }],
  ] as const)('what the vendor blocks is a ContentFilterError, %s', async (_, asked, script) => {
    const { client } = await simulate({ script: script as Reply });
    const error = await failure(client.imageGeneration({ ...drawing, ...asked } as typeof drawing));
    expect(error).toBeInstanceOf(ContentFilterError);
    expect(error).toMatchObject({ provider: 'openai', retryable: false });
  });

  test.each<[string, Reply]>([
    ['an empty body', { fault: { kind: 'empty-body' } }],
    ['a web page', { fault: { kind: 'html' } }],
    ['half of the JSON', { fault: { kind: 'truncated-json' } }],
    ['no picture', { body: { created: 1, data: [] } }],
    ['a picture without bytes', { body: { created: 1, data: [{ revised_prompt: 'x' }] } }],
    ['other JSON', { body: '[]' }],
  ])('%s is a ResponseParseError, and is not asked for again', async (_, script) => {
    const { client, simulator } = await simulate({ script });
    expect(await failure(client.imageGeneration(drawing, { retries: 2 }))).toBeInstanceOf(ResponseParseError);
    expect(simulator.requests).toHaveLength(1);
  });

  test.each<[string, Reply]>([
    ['an empty body', { fault: { kind: 'empty-body' } }],
    ['a web page', { fault: { kind: 'html' } }],
    ['other JSON', { body: { created: 1 } }],
    ['events of other kinds', { events: [{ type: 'keepalive' }] }],
    ['an event that is not JSON', { fault: { kind: 'malformed-event', atToken: 0 } }],
  ])('in place of a stream %s is a ResponseParseError', async (_, script) => {
    const { client } = await simulate({ script });
    const error = await failure(client.imageGeneration({ ...drawing, stream: true, partial_images: 1 }));
    expect(error).toBeInstanceOf(ResponseParseError);
  });

  test.each<[string, Reply]>([
    ['without its last event', { fault: { kind: 'no-finish' } }],
    ['cut in an event', { fault: { kind: 'cut', atToken: 1, by: 'fin' } }],
    ['with half of its last event', { fault: { kind: 'truncated-json' } }],
    ['with an error in it', { fault: { kind: 'error-event', atToken: 1 } }],
  ])('a stream %s is a StreamInterruptedError', async (_, script) => {
    const { client } = await simulate({ script });
    const stream = await client.imageGeneration({ ...drawing, stream: true, partial_images: 2 });
    expect(await failure(all(stream))).toBeInstanceOf(StreamInterruptedError);
  });

  test.each([429, 500, 503])('what is billed is asked for again after %i', async (status) => {
    const { client, simulator } = await simulate({ script: [{ status, headers: { 'retry-after-ms': '1' } }] });
    const { meta } = await client.imageEdit(edit, { retries: 1 });
    expect(meta.attempts.map((attempt) => attempt.status)).toEqual([status, 200]);
    const [first, second] = simulator.requests;
    expect(second?.form?.map(({ bytes }) => bytes)).toEqual(first?.form?.map(({ bytes }) => bytes));
  });

  test.each([
    ['headers', { kind: 'silence' }],
    ['attempt', { kind: 'silence-after-headers' }],
  ] as const)('what is billed is not asked for again after a time-out (%s)', async (phase, fault) => {
    const { client, simulator } = await simulate({ script: [{ fault }] });
    const error = await failure(client.imageGeneration(drawing, { retries: 2, timeout: { [phase]: 400 } }));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({ phase });
    expect(simulator.requests).toHaveLength(1);
  });

  test('but it is where the caller says so', async () => {
    const { client } = await simulate({ script: [{ fault: { kind: 'silence' } }] });
    const retries = { attempts: 2, baseMs: 1, shouldRetry: () => true };
    const { meta } = await client.imageGeneration(drawing, { retries, timeout: { headers: 200 } });
    expect(meta.attempts).toHaveLength(2);
  });

  test('a fallback answers where the first model fails', async () => {
    const { client, simulator } = await simulate({ script: [{ status: 500 }] });
    const { meta } = await client.imageGeneration({ ...drawing, model: [model, 'openai/dall-e-2'] });
    expect(meta.model).toBe('dall-e-2');
    expect(simulator.requests).toHaveLength(2);
  });

  test('an unknown path is told', async () => {
    const { client } = await simulate({ script: { status: 404 } });
    expect(await failure(client.imageGeneration(drawing))).toBeInstanceOf(ProviderError);
  });
});

describe('leaving', () => {
  test('an abort closes the socket, whole and streamed, and rejects with its reason', async () => {
    const { client, simulator } = await simulate({ script: { latency: { headersMs: 5_000 } } });
    for (const stream of [false, true]) {
      const controller = new AbortController();
      const pending = failure(
        client.imageGeneration({ ...drawing, stream } as typeof drawing, { signal: controller.signal }),
      );
      await simulator.waitFor(stream ? 2 : 1);
      controller.abort('enough');
      expect(await pending).toBe('enough');
    }
    await eventually(() => simulator.requests.every(({ aborted }) => aborted));
  });

  test('an abort in any turn after the call leaves nothing behind', async () => {
    const { client, simulator } = await simulate({ script: { latency: { headersMs: 5_000 } } });
    for (let turns = 0; turns < 12; turns++) {
      const controller = new AbortController();
      const pending = failure(
        client.imageGeneration({ ...drawing, stream: true } as typeof drawing, { signal: controller.signal }),
      );
      for (let turn = 0; turn < turns; turn++) await null;
      controller.abort('enough');
      expect(await pending).toBe('enough');
    }
    await eventually(() => simulator.sockets.open === 0);
  });

  test('a break closes the socket', async () => {
    const { client, simulator } = await simulate({ script: { latency: { tokenMs: 3_000 } } });
    for await (const event of await client.imageGeneration({ ...drawing, stream: true, partial_images: 3 })) {
      expect(event.type).toBe('partial_image');
      break;
    }
    await eventually(() => simulator.requests[0]?.aborted === true);
  });
});
