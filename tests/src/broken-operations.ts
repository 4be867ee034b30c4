import type { ImageEvent, ProviderModel, ProviderOperations } from '@anyllm/core/provider';
import { createVendor } from '@anyllm/provider-openai-compatible';
import { type BrokenProvider, broken, type Create, contextWith, never } from './break-provider.ts';

/** Its ranks are changed. */
const ranking =
  (replace: (rerank: ProviderOperations['rerank']) => ProviderOperations['rerank']): Create =>
  (config) => {
    const good = createVendor('openai-compatible', config);
    return { ...good, rerank: replace(good.rerank as ProviderOperations['rerank']) };
  };

/** Events one by one, whether they come so or together. */
export async function* eventsOf<Event>(stream: AsyncIterable<Event | readonly Event[]>): AsyncGenerator<Event> {
  for await (const batch of stream) yield* [batch].flat() as Event[];
}

async function* sketchesAsPicture(
  stream: AsyncIterable<ImageEvent | readonly ImageEvent[]>,
): AsyncGenerator<ImageEvent> {
  let b64_json = '';
  try {
    for await (const event of eventsOf(stream)) {
      b64_json = event.b64_json;
      yield event;
    }
  } catch {
    yield { type: 'completed', b64_json };
  }
}

/** Its models are changed. */
const listing = (change: (model: ProviderModel) => ProviderModel) =>
  broken(({ listModels }) => ({
    async listModels(request, context) {
      const { data } = await listModels(request, context);
      return { data: data.map(change) };
    },
  }));

/** What is wrong beside completions. */
export const brokenOperations: Record<string, BrokenProvider> = {
  'gives verdicts as they come to hand': {
    caughtBy: 'moderation/verdicts',
    saying: /strictly deep-equal/,
    create: broken(({ moderate }) => ({
      async moderate(request, context) {
        const { results, ...answer } = await moderate(request, context);
        return { ...answer, results: results.toReversed() };
      },
    })),
  },
  'judges a picture by its caption': {
    caughtBy: 'moderation/picture',
    saying: /the picture was not sent/,
    create: broken(({ moderate }) => ({
      moderate({ input = [], ...request }, context) {
        const texts = input.map((each) => (typeof each === 'string' ? each : each.type === 'text' ? each.text : ''));
        return moderate({ ...request, input: [texts.join('')] }, context);
      },
    })),
  },
  'numbers ranks as they come': {
    caughtBy: 'rerank/order',
    saying: /strictly deep-equal/,
    create: ranking((rerank) => async (request, context) => {
      const { results, ...answer } = await rerank(request, context);
      return { ...answer, results: results.map((rank, index) => ({ ...rank, index })) };
    }),
  },
  'keeps the first ranks in place of the best': {
    caughtBy: 'rerank/top-n',
    saying: /strictly deep-equal/,
    create: ranking((rerank) => async (request, context) => {
      const { results, ...answer } = await rerank(request, context);
      return { ...answer, results: results.slice(0, request.top_n) };
    }),
  },
  'loses the addresses of pictures': {
    caughtBy: 'images/pictures',
    saying: /strictly deep-equal/,
    create: broken(({ generateImage }) => ({
      async generateImage(request, context) {
        const { data, ...answer } = await generateImage(request, context);
        return { ...answer, data: data.filter(({ b64_json }) => b64_json) };
      },
    })),
  },
  'takes the last sketch for the picture': {
    caughtBy: 'images/streamed-cut',
    saying: /had to fail/,
    create: broken(({ streamImage }) => ({
      streamImage: (request, context) => sketchesAsPicture(streamImage(request, context)),
    })),
  },
  'reads a picture as text': {
    caughtBy: 'images/edit-request',
    saying: /island\.png was not sent/,
    create: broken(({ editImage }) => ({
      async editImage({ images, ...request }, context) {
        const [image = new File([], '')] = images;
        const { name, type } = image as File;
        return editImage({ ...request, images: [new File([await image.text()], name, { type })] }, context);
      },
    })),
  },
  'forgets the mask': {
    caughtBy: 'images/edit-request',
    saying: /sand\.png was not sent/,
    create: broken(({ editImage }) => ({
      editImage: ({ mask: _, ...request }, context) => editImage(request, context),
    })),
  },
  'sends pictures without their names': {
    caughtBy: 'images/edit-request',
    saying: /island\.png lost its name/,
    create: broken(({ editImage }) => ({
      editImage: ({ images, ...request }, context) =>
        editImage(
          { ...request, images: images.map((image) => new File([image], 'blob', { type: image.type })) },
          context,
        ),
    })),
  },
  'calls the last sketch of an edit the picture': {
    caughtBy: 'images/edit-streamed-cut',
    saying: /had to fail/,
    create: broken(({ streamImageEdit }) => ({
      streamImageEdit: (request, context) => sketchesAsPicture(streamImageEdit(request, context)),
    })),
  },
  'reads sound as text': {
    caughtBy: 'audio/speech-bytes',
    saying: /bytes are not those that were sent/,
    create: broken(({ speak }) => ({
      async *speak(request, context) {
        for await (const chunk of eventsOf(speak(request, context)))
          yield chunk.type === 'audio' ? { ...chunk, audio: Buffer.from(Buffer.from(chunk.audio).toString()) } : chunk;
      },
    })),
  },
  'takes a cut sound for a whole one': {
    caughtBy: 'audio/speech-cut',
    saying: /had to fail/,
    create: broken(({ speak }) => ({
      async *speak(request, context) {
        try {
          yield* speak(request, context);
        } catch {
          yield { type: 'end' };
        }
      },
    })),
  },
  'goes on listening after an abort': {
    caughtBy: 'audio/transcription-abort',
    saying: /does not happen .*the provider closes its socket/,
    create: broken(({ transcribe }) => ({
      transcribe: (request, context) => transcribe(request, contextWith(context, { signal: never })),
    })),
  },
  'shortens what was heard': {
    caughtBy: 'audio/transcription-streamed',
    saying: /strictly equal/,
    create: broken(({ streamTranscription }) => ({
      async *streamTranscription(request, context) {
        for await (const event of eventsOf(streamTranscription(request, context)))
          yield event.type === 'transcript.text.delta' ? { ...event, delta: event.delta.trim() } : event;
      },
    })),
  },
  'estimates a count of tokens': {
    caughtBy: 'token-counts/count',
    saying: /strictly equal/,
    create: broken(() => ({
      countTokens: async (request) => ({ input_tokens: JSON.stringify(request).length >> 2, raw: {} }),
    })),
  },
  'counts the messages without their tools': {
    caughtBy: 'token-counts/conversation',
    saying: /"dig_for_treasure" was not sent/,
    create: broken(({ countTokens }) => ({
      countTokens: ({ tools: _, ...request }, context) => countTokens(request, context),
    })),
  },
  'drops events of a response': {
    caughtBy: 'responses/events',
    saying: /strictly equal/,
    create: broken(({ streamResponse }) => ({
      async *streamResponse(request, context) {
        let count = 0;
        for await (const event of eventsOf(streamResponse(request, context)))
          if (event.type !== 'response.output_text.delta' || count++ !== 2) yield event;
      },
    })),
  },
  'takes an error for an empty response': {
    caughtBy: 'responses/errors',
    saying: /had to fail/,
    create: broken(({ respond }) => ({
      respond: (request, context) =>
        respond(request, context).catch(() => ({
          ...{ id: 'resp_1', object: 'response', created_at: 1, status: 'completed', model: request.model, output: [] },
          ...{ incomplete_details: null, error: null },
        })),
    })),
  },
  'takes an error for no models': {
    caughtBy: 'models/errors',
    saying: /had to fail/,
    create: broken(({ listModels }) => ({
      listModels: (request, context) => listModels(request, context).catch(() => ({ data: [] })),
    })),
  },
  'shortens ids of models': {
    caughtBy: 'models/rows',
    saying: /strictly deep-equal/,
    create: listing((model) => ({ ...model, id: model.id.replace(/^.*\//, '') })),
  },
  'tells milliseconds': {
    caughtBy: 'models/created',
    saying: /strictly equal/,
    create: listing(({ created = 0, ...model }) => ({ ...model, created: created * 1_000 })),
  },
};
