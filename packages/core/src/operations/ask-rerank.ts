import type { ClientRuntime } from '../client/client-runtime.ts';
import type { CallOptions } from '../contract/call-options.ts';
import type { ProviderRanking, RerankRequest, RerankResult } from '../contract/rerank.ts';
import { checkRequest } from '../request/check-request.ts';
import { closed, either, flag, integer, list, nonEmpty, object, optional, positive, text } from '../request/shape.ts';
import { modelField, providerOptionsField, unknownParameter } from './request-fields.ts';
import { runOperation } from './run-operation.ts';

const someText = nonEmpty(text);

const shape = closed(
  {
    model: modelField,
    query: someText,
    documents: nonEmpty(list(either(someText, object({ text: someText })))),
    top_n: optional(positive(integer)),
    return_documents: optional(flag),
    max_tokens_per_doc: optional(positive(integer)),
    provider_options: providerOptionsField,
  },
  unknownParameter,
);

/** What `rerank` does. */
export async function askRerank(
  runtime: ClientRuntime,
  request: RerankRequest,
  options?: CallOptions,
): Promise<RerankResult> {
  checkRequest(shape, request);
  const { model, return_documents = false, ...rest } = request;
  const documents = request.documents.map((document) => (typeof document === 'string' ? document : document.text));
  const wanted = Math.min(request.top_n ?? documents.length, documents.length);
  const operation = { member: 'rerank', label: 'rerankings are', models: model } as const;
  const answer = await runOperation(
    runtime,
    {
      ...operation,
      pick: ({ rerank }) => rerank,
      parameters: { ...rest, documents },
      tokens: Math.ceil(documents.reduce((sum, { length }) => sum + length, request.query.length) / 4),
      complain: (answer: ProviderRanking) => complaintOf(answer, documents.length, wanted),
    },
    options,
  );
  const best = answer.results.toSorted((a, b) => b.relevance_score - a.relevance_score || a.index - b.index);
  const results = best.slice(0, wanted).map(({ index, relevance_score }) => ({
    index,
    relevance_score,
    ...(return_documents && { document: { text: documents[index] as string } }),
  }));
  return { object: 'list', ...answer, results };
}

function complaintOf({ results }: ProviderRanking, documents: number, wanted: number): string | undefined {
  const indexes = new Set(results.map(({ index }) => index));
  const stranger = [...indexes].find((index) => !Number.isInteger(index) || index < 0 || index >= documents);
  if (stranger !== undefined) return `of ${documents} documents it ranks number ${stranger}`;
  if (indexes.size < results.length) return 'it ranks a document twice';
  return results.length < wanted ? `asked to rank ${wanted} documents, got ${results.length}` : undefined;
}
