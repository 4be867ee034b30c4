import type { ChatCompletionChunk } from '@anyllm/core';
import type { Provider } from '@anyllm/core/provider';
import { createMistral } from '@anyllm/provider-mistral';
import {
  type BrokenProvider,
  broken,
  changing,
  chunksOf,
  contextWith,
  never,
  reading,
  receiving,
  sending,
} from './break-provider.ts';

const finish: ChatCompletionChunk = {
  ...{ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'm' },
  choices: [{ index: 0, delta: {}, finish_reason: 'stop' }],
};

/** What is wrong with the way in which a stream is read, or left. */
export const brokenStreams: Record<string, BrokenProvider> = {
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
};
