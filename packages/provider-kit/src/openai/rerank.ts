import type {
  Asked,
  ProviderContext,
  ProviderRanking,
  Rank,
  RerankParameters,
  RerankUsage,
} from '@anyllm/core/provider';
import { requestObject } from '../http/request-object.ts';
import type { Endpoint } from './endpoint.ts';
import { toUsage } from './to-usage.ts';
import { countOf, type Fields, fieldsOf, textOf } from './wire-fields.ts';

/** What differs between the servers that rerank. */
export interface RerankQuirks {
  /** Below the base URL. Default `rerank`. */
  path?: string;
  /** How `top_n` is called. */
  topField?: 'top_n' | 'top_k';
  /** Whether `max_tokens_per_doc` is known; elsewhere it is left out with a warning. Default `false`. */
  takesMaxTokens?: boolean;
  /** What is sent besides: `{ return_documents: false }` where the documents would come back unasked. */
  body?: Readonly<Record<string, unknown>>;
}

/** Documents in the order of a query, as Cohere, Jina, Voyage, vLLM and llama.cpp have it. */
export function createRerank(provider: string, endpoint: Endpoint, quirks: RerankQuirks = {}) {
  return async (request: Asked<RerankParameters>, context: ProviderContext): Promise<ProviderRanking> => {
    const { path = 'rerank' } = quirks;
    const { model } = request;
    const wire = endpoint({ model, path, body: toBody(provider, request, context, quirks) }, context);
    const { fields, unreadable } = await requestObject(wire, context, 'results');
    const rows = fields.results ?? fields.data;
    if (!Array.isArray(rows)) throw unreadable('has no list of results');
    const usage = toRerankUsage(fields);
    return {
      ...(typeof fields.id === 'string' && { id: fields.id }),
      model: textOf(fields.model) || model,
      results: rows.map((row) => {
        const rank = toRank(fieldsOf(row));
        if (rank) return rank;
        throw unreadable('holds a result without index or score');
      }),
      ...(usage && { usage }),
    };
  };
}

function toBody(
  provider: string,
  { model, query, documents, top_n, max_tokens_per_doc, provider_options }: Asked<RerankParameters>,
  { observer }: ProviderContext,
  { topField = 'top_n', takesMaxTokens = false, body }: RerankQuirks,
): Fields {
  const cuts = max_tokens_per_doc !== undefined;
  if (cuts && !takesMaxTokens) {
    const message = '`max_tokens_per_doc` is not supported; it was left out';
    observer.warn({ code: 'parameter_dropped', parameter: 'max_tokens_per_doc', message });
  }
  return {
    ...{ model, query, documents },
    ...(top_n !== undefined && { [topField]: top_n }),
    ...(cuts && takesMaxTokens && { max_tokens_per_doc }),
    ...body,
    ...provider_options?.[provider],
  };
}

/** Servers of the style of Hugging Face's call it `score`. */
function toRank(row: Fields | undefined): Rank | undefined {
  const { index, relevance_score = row?.score } = row ?? {};
  const place = countOf(index);
  const fits = place !== undefined && typeof relevance_score === 'number' && Number.isFinite(relevance_score);
  return fits ? { index: place, relevance_score } : undefined;
}

/** Cohere bills by searches, the others by tokens. */
function toRerankUsage({ usage: wire, meta }: Fields): RerankUsage | undefined {
  const counted = fieldsOf(wire);
  const prompt = countOf(counted?.prompt_tokens);
  const total = countOf(toUsage(counted)?.total_tokens);
  const searches = countOf(fieldsOf(fieldsOf(meta)?.billed_units)?.search_units ?? counted?.search_units);
  const usage: RerankUsage = {
    ...(prompt !== undefined && { prompt_tokens: prompt }),
    ...(total !== undefined && { total_tokens: total }),
    ...(searches !== undefined && { search_units: searches }),
  };
  return Object.keys(usage).length > 0 ? usage : undefined;
}
