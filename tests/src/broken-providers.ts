import type { ChatCompletion, ChatCompletionChunk } from '@anyllm/core';
import {
  AuthenticationError,
  type ChatRequest,
  type ChunkBatch,
  type Provider,
  type ProviderConfig,
  type ProviderContext,
  type ProviderEmbeddings,
  type ProviderModel,
  type ProviderOperations,
  type Transport,
} from '@anyllm/core/provider';
import { createUndiciTransport } from '@anyllm/provider-kit';
import { createMistral } from '@anyllm/provider-mistral';
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
const changing = (chunk: (chunk: ChatCompletionChunk) => void, whole: (whole: Whole) => void = () => {}) =>
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
const sending = (change: (request: ChatRequest, context: ProviderContext) => [ChatRequest, ProviderContext]) =>
  broken((good) => ({
    complete: (request, context) => good.complete(...change(request, context)),
    stream: (request, context) => good.stream(...change(request, context)),
  }));

/** The stream is read in another way. */
const reading = (read: (open: () => AsyncGenerator<ChatCompletionChunk>) => AsyncIterable<ChunkBatch>) =>
  broken((good) => ({
    stream: (request, context) => read(() => chunksOf(good.stream(request, context))),
  }));

/** The bytes are changed on their way in. */
const receiving = (change: (bytes: Uint8Array) => Uint8Array): Create => {
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

async function* chunksOf(stream: AsyncIterable<ChunkBatch>): AsyncGenerator<ChatCompletionChunk> {
  for await (const batch of stream) yield* [batch].flat() as ChatCompletionChunk[];
}

export const never = new AbortController().signal;

/** A context's members are getters, which a spread would not copy. */
export const contextWith = (context: ProviderContext, members: Partial<ProviderContext>): ProviderContext => {
  const { signal, apiKey, baseURL, headers, transport, clock, observer } = context;
  return { signal, apiKey, baseURL, headers, transport, clock, observer, ...members };
};

const finish: ChatCompletionChunk = {
  ...{ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'm' },
  choices: [{ index: 0, delta: {}, finish_reason: 'stop' }],
};

function noUsage(answer: { usage?: ChatCompletion['usage'] | null }): void {
  delete answer.usage;
}

function usageTwice({ usage }: { usage?: ChatCompletion['usage'] | null }): void {
  if (!usage) return;
  usage.prompt_tokens *= 2;
  usage.completion_tokens *= 2;
  usage.total_tokens *= 2;
}

type Fields = Record<string, unknown>;

/** Copies every field, the one that is none too. */
function deepMerge(target: Fields, source: Fields): void {
  for (const [name, value] of Object.entries(source)) {
    const into = target[name] ?? {};
    if (value instanceof Object) deepMerge(into as Fields, value as Fields);
    target[name] = value instanceof Object ? into : value;
  }
}

/** A module's memory, where none should be. */
let rememberedKey: string | undefined;

/** Its vectors are changed. */
const embedding = (change: (answer: ProviderEmbeddings) => ProviderEmbeddings) =>
  broken(({ embed }) => ({
    embed: async (request, context) => change(await embed(request, context)),
  }));

/** Its models are changed. */
const listing = (change: (model: ProviderModel) => ProviderModel) =>
  broken(({ listModels }) => ({
    async listModels(request, context) {
      const { data } = await listModels(request, context);
      return { data: data.map(change) };
    },
  }));

export const brokenProviders: Record<string, BrokenProvider> = {
  'numbers vectors as they come': {
    caughtBy: 'embeddings/vectors',
    saying: /strictly deep-equal/,
    create: embedding((answer) => ({ ...answer, data: answer.data.map((row, index) => ({ ...row, index })) })),
  },
  'drops a vector': {
    caughtBy: 'embeddings/vectors',
    saying: /asked for 3 embeddings, got 2/,
    create: embedding((answer) => ({ ...answer, data: answer.data.slice(0, -1) })),
  },
  'fills up vectors that are missing': {
    caughtBy: 'embeddings/row-missing',
    saying: /had to fail/,
    create: embedding((answer) => {
      const { data } = answer;
      const filler = { object: 'embedding' as const, index: data.length, embedding: [0, 0, 0] };
      return data.length === 3 ? { ...answer, data: [...data, filler] } : answer;
    }),
  },
  'loses the usage of embeddings': {
    caughtBy: 'embeddings/usage',
    saying: /there is no usage/,
    create: embedding(({ usage, ...answer }) => answer),
  },
  'makes up a usage of embeddings': {
    caughtBy: 'embeddings/usage-unstated',
    saying: /strictly equal/,
    create: embedding((answer) => ({ usage: { prompt_tokens: 0, total_tokens: 0 }, ...answer })),
  },
  'goes on embedding after an abort': {
    caughtBy: 'embeddings/abort',
    saying: /does not happen .*the provider closes its socket/,
    create: broken(({ embed }) => ({
      embed: (request, context) => embed(request, contextWith(context, { signal: never })),
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
  'drops the last chunk': {
    caughtBy: 'usage/streamed',
    saying: /there is no usage/,
    create: reading(async function* (open) {
      let held: ChatCompletionChunk | undefined;
      for await (const chunk of open()) {
        if (held) yield held;
        held = chunk;
      }
    }),
  },
  'drops the last chunk of each read': {
    caughtBy: 'streaming/at-once',
    saying: /strictly equal/,
    create: broken((good) => ({
      async *stream(request, context) {
        for await (const batch of good.stream(request, context)) {
          const chunks = [batch].flat() as ChatCompletionChunk[];
          yield chunks.length > 3 ? chunks.toSpliced(2, 1) : chunks;
        }
      },
    })),
  },
  'merges parallel tool calls': {
    caughtBy: 'tools/streamed',
    saying: /strictly deep-equal/,
    create: changing(({ choices }) => {
      for (const call of choices[0]?.delta.tool_calls ?? []) call.index = 0;
    }),
  },
  'forgets results of tools': {
    caughtBy: 'tools/round-trip',
    saying: /tool messages responding/,
    create: sending((request, context) => [
      {
        ...request,
        messages: request.messages.filter(
          (message, at, all) => message.role !== 'tool' || all[at - 1]?.role !== 'tool',
        ),
      },
      context,
    ]),
  },
  'ignores the signal': {
    caughtBy: 'cancellation/waiting-for-headers',
    saying: /does not happen .*the provider closes its socket/,
    create: sending((request, context) => [request, contextWith(context, { signal: never })]),
  },
  'leaks the socket on break': {
    caughtBy: 'cancellation/break',
    saying: /in place of closing its socket|the provider closes its socket/,
    create: broken((good) => ({
      stream(request, context) {
        const iterator = good.stream(request, contextWith(context, { signal: never }))[Symbol.asyncIterator]();
        return { [Symbol.asyncIterator]: () => ({ next: () => iterator.next() }) };
      },
    })),
  },
  'looks at the signal only between chunks': {
    caughtBy: 'cancellation/amid-stall',
    saying: /does not happen .*the provider closes its socket/,
    create: broken((good) => ({
      async *stream(request, context) {
        for await (const chunk of good.stream(request, contextWith(context, { signal: never }))) {
          context.signal.throwIfAborted();
          yield chunk;
        }
      },
    })),
  },
  'retries by itself': {
    caughtBy: 'errors/one-attempt',
    saying: /asked more than once/,
    create: broken((good) => ({
      complete: (request, context) => good.complete(request, context).catch(() => good.complete(request, context)),
    })),
  },
  'swallows an error inside the stream': {
    caughtBy: 'streaming/error-event',
    saying: /had to fail/,
    create: reading(async function* (open) {
      try {
        yield* open();
      } catch (error) {
        if ((error as { code?: string }).code !== 'provider') throw error;
        yield finish;
      }
    }),
  },
  'takes a cut stream for a whole one': {
    caughtBy: 'streaming/cut-in-good-order',
    saying: /had to fail/,
    create: reading(async function* (open) {
      let finished = false;
      for await (const chunk of open()) {
        finished ||= chunk.choices.some(({ finish_reason }) => finish_reason !== null);
        yield chunk;
      }
      if (!finished) yield finish;
    }),
  },
  'loses usage': { caughtBy: 'usage/whole', saying: /there is no usage/, create: changing(noUsage, noUsage) },
  'counts usage twice': { caughtBy: 'usage/streamed', saying: /prompt tokens/, create: changing(usageTwice) },
  'makes zeros of missing usage': {
    caughtBy: 'usage/unstated',
    saying: /strictly equal/,
    create: changing(
      () => {},
      (whole) => {
        whole.usage ??= { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };
      },
    ),
  },
  'leaks the key': {
    caughtBy: 'security/secrets-refused',
    saying: /the key stands in the error/,
    create: broken((good) => ({
      complete: (request, context) =>
        good.complete(request, context).catch(() => {
          throw new AuthenticationError(`refused with the key ${context.apiKey}`);
        }),
    })),
  },
  'carries the request on its errors': {
    caughtBy: 'security/secrets-refused',
    saying: /the prompt stands in the error/,
    create: broken((good) => ({
      complete: (request, context) =>
        good.complete(request, context).catch((error) => {
          throw Object.assign(error, { request });
        }),
    })),
  },
  'prints what it sends': {
    caughtBy: 'security/nothing-printed',
    saying: /the prompt was printed/,
    create: sending((request, context) => {
      console.debug(JSON.stringify(request.messages));
      return [request, context];
    }),
  },
  'follows redirects': {
    caughtBy: 'security/redirect-307',
    saying: /the redirect was followed/,
    create: broken((good) => ({
      async complete(request, context) {
        const { url, redirected } = await fetch(context.baseURL);
        const baseURL = redirected ? new URL(url).origin : context.baseURL;
        return good.complete(request, contextWith(context, { baseURL }));
      },
    })),
  },
  'merges what comes into an object': {
    caughtBy: 'security/polluting-answers',
    saying: /changed the prototype/,
    create: receiving((bytes) => {
      deepMerge({}, JSON.parse(Buffer.from(bytes).toString()));
      return bytes;
    }),
  },
  'keeps bytes without limit': {
    caughtBy: 'security/endless-line',
    saying: /bytes of one line were read/,
    create: receiving((bytes) => (bytes.length < 8_192 ? bytes : new Uint8Array())), // as if it waited for the end of the line
  },
  'throws errors of its own': {
    caughtBy: 'errors/authentication',
    saying: /expected authentication, got provider/,
    create: broken((good) => ({
      complete: (request, context) =>
        good.complete(request, context).catch((error) => {
          throw new Error(`HTTP ${error.status}`);
        }),
    })),
  },
  'keeps a global timer': {
    caughtBy: 'cancellation/nothing-held',
    saying: /without Timeout/,
    create: broken(() => {
      setTimeout(() => {}, 20_000);
      return {};
    }),
  },
  'does not tell that it is connected': {
    caughtBy: 'deadlines/headers',
    saying: /the time limit passes/,
    create: sending((request, context) => {
      const { observer } = context;
      const deaf = { connected() {}, responded: observer.responded.bind(observer), warn: observer.warn.bind(observer) };
      return [request, contextWith(context, { observer: deaf })];
    }),
  },
  'takes keep-alives for content': {
    caughtBy: 'deadlines/idle-with-keep-alives',
    saying: /the time limit passes/,
    create: receiving((bytes) =>
      Buffer.from(
        Buffer.from(bytes)
          .toString()
          .replaceAll(/^: keep-alive$/gm, 'data: {"choices":[{"index":0,"delta":{"content":"."}}]}'),
      ),
    ),
  },
  'decodes each packet by itself': {
    caughtBy: 'streaming/mid-code-point',
    saying: /strictly equal/,
    create: receiving((bytes) => Buffer.from(Buffer.from(bytes).toString())),
  },
  'mixes up choices': {
    caughtBy: 'streaming/choices',
    saying: /strictly deep-equal/,
    create: changing(({ choices }) => {
      for (const choice of choices) if (choice.index > 0) choice.index = 3 - choice.index;
    }),
  },
  'reads ahead of its reader': {
    caughtBy: 'streaming/back-pressure',
    saying: /bytes that nobody had asked for/,
    create: reading(async function* (open) {
      const ahead: ChatCompletionChunk[] = [];
      let done = false;
      const source = open();
      void (async () => {
        for await (const chunk of source) ahead.push(chunk);
        done = true;
      })().catch(() => {
        done = true;
      });
      while (!done || ahead.length > 0) {
        const chunk = ahead.shift();
        if (chunk) yield chunk;
        else await new Promise((resolve) => setTimeout(resolve, 1));
      }
    }),
  },
  'waits for the whole stream': {
    caughtBy: 'streaming/early',
    saying: /opens with its first content/,
    create: reading(async function* (open) {
      const all: ChatCompletionChunk[] = [];
      for await (const chunk of open()) all.push(chunk);
      yield all;
    }),
  },
  'loses reasoning': {
    caughtBy: 'reasoning/streamed',
    saying: /strictly deep-equal/,
    simulate: 'mistral',
    create: (config) => {
      const good: Provider = createMistral(config);
      return {
        ...good,
        async *stream(request, context) {
          for await (const chunk of chunksOf(good.stream(request, context))) {
            for (const { delta } of chunk.choices) delete delta.reasoning;
            yield chunk;
          }
        },
      };
    },
  },
  'changes the request': {
    caughtBy: 'completion/request-unchanged',
    saying: /messages were changed/,
    create: sending((request, context) => {
      for (const message of request.messages) if (Array.isArray(message.content)) message.content = 'Hi';
      return [request, context];
    }),
  },
  'does not send what it declares': {
    caughtBy: 'completion/parameters-declared',
    saying: /`seed` did not reach the server/,
    create: sending(({ seed: _, ...request }, context) => [request, context]),
  },
  "forgets the caller's headers": {
    caughtBy: 'completion/key-and-headers',
    saying: /caller's header was not sent/,
    create: sending((request, context) => [request, contextWith(context, { headers: {} })]),
  },
  'remembers the first key': {
    caughtBy: 'completion/keys-apart',
    saying: /under a wrong key/,
    create: sending((request, context) => {
      rememberedKey ??= context.apiKey;
      return [request, contextWith(context, { apiKey: rememberedKey })];
    }),
  },
  'says that every answer is whole': {
    caughtBy: 'completion/finish-length',
    saying: /strictly equal/,
    create: changing(
      ({ choices }) => {
        for (const choice of choices) choice.finish_reason &&= 'stop';
      },
      ({ choices }) => {
        for (const choice of choices) choice.finish_reason = 'stop';
      },
    ),
  },
};
