import type { ProviderEmbeddings } from '@anyllm/core/provider';
import { type BrokenProvider, broken, contextWith, never } from './break-provider.ts';

/** Its vectors are changed. */
const embedding = (change: (answer: ProviderEmbeddings) => ProviderEmbeddings) =>
  broken(({ embed }) => ({
    embed: async (request, context) => change(await embed(request, context)),
  }));

/** What is wrong with embeddings. */
export const brokenEmbeddings: Record<string, BrokenProvider> = {
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
};
