import type { ChatCompletionChunk } from '@anyllm/core';
import type {
  ChatRequest,
  ChunkBatch,
  Provider,
  ProviderConfig,
  ProviderContext,
  ProviderOperations,
  Transport,
} from '@anyllm/core/provider';
import { createUndiciTransport } from '@anyllm/provider-kit';
import { createOpenAI } from '@anyllm/provider-openai';

type Whole = Awaited<ReturnType<Provider['complete']>>;
export type Create = (config: ProviderConfig) => Provider;

/** A provider with one thing wrong with it, the case that has to notice, and what it has to say. */
export interface BrokenProvider {
  caughtBy: string;
  saying: RegExp;
  create: Create;
  /** Default: openai. */
  simulate?: 'mistral';
}

type Good = Provider & Omit<ProviderOperations, 'rerank'>;

/** A good provider of which some members are replaced. */
export const broken =
  (replace: (good: Good, config: ProviderConfig) => Partial<Provider>): Create =>
  (config) => {
    const good = createOpenAI(config) as Good;
    return { ...good, ...replace(good, config) };
  };

/** What comes back is changed. */
export const changing = (chunk: (chunk: ChatCompletionChunk) => void, whole: (whole: Whole) => void = () => {}) =>
  broken((good) => ({
    async complete(request, context) {
      const answer = await good.complete(request, context);
      whole(answer);
      return answer;
    },
    async *stream(request, context) {
      for await (const each of chunksOf(good.stream(request, context))) {
        chunk(each);
        yield each;
      }
    },
  }));

/** What goes out is changed. */
export const sending = (change: (request: ChatRequest, context: ProviderContext) => [ChatRequest, ProviderContext]) =>
  broken((good) => ({
    complete: (request, context) => good.complete(...change(request, context)),
    stream: (request, context) => good.stream(...change(request, context)),
  }));

/** The stream is read in another way. */
export const reading = (read: (open: () => AsyncGenerator<ChatCompletionChunk>) => AsyncIterable<ChunkBatch>) =>
  broken((good) => ({
    stream: (request, context) => read(() => chunksOf(good.stream(request, context))),
  }));

/** The bytes are changed on their way in. */
export const receiving = (change: (bytes: Uint8Array) => Uint8Array): Create => {
  const good = createUndiciTransport();
  const transport: Transport = (request, handler) =>
    good(request, {
      onConnected: () => handler.onConnected(),
      onResponse: (status, headers) => handler.onResponse(status, headers),
      onData: (bytes) => handler.onData(change(bytes)),
      onEnd: () => handler.onEnd(),
      onError: (error) => handler.onError(error),
    });
  return (config) => createOpenAI({ ...config, transport });
};

export async function* chunksOf(stream: AsyncIterable<ChunkBatch>): AsyncGenerator<ChatCompletionChunk> {
  for await (const batch of stream) yield* [batch].flat() as ChatCompletionChunk[];
}

export const never = new AbortController().signal;

/** A context's members are getters, which a spread would not copy. */
export const contextWith = (context: ProviderContext, members: Partial<ProviderContext>): ProviderContext => {
  const { signal, apiKey, baseURL, headers, transport, clock, observer } = context;
  return { signal, apiKey, baseURL, headers, transport, clock, observer, ...members };
};
