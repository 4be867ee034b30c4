import type { ChatCompletion } from '@anyllm/core';
import { AuthenticationError } from '@anyllm/core/provider';
import { type BrokenProvider, broken, changing, contextWith, receiving, sending } from './break-provider.ts';

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

/** What is wrong with a provider whatever it is asked. */
export const brokenProviders: Record<string, BrokenProvider> = {
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
  'retries by itself': {
    caughtBy: 'errors/one-attempt',
    saying: /asked more than once/,
    create: broken((good) => ({
      complete: (request, context) => good.complete(request, context).catch(() => good.complete(request, context)),
    })),
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
