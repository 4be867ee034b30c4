import type {
  BatchLimits,
  BatchToCreate,
  ProviderBatch,
  ProviderBatches,
  ProviderBatchRow,
  ProviderContext,
} from '@anyllm/core/provider';
import { encodeForm } from '../../http/form.ts';
import { type ObjectAnswer, requestObject } from '../../http/request-object.ts';
import { requestStream } from '../../http/request-stream.ts';
import type { Endpoint, EndpointRequest } from '../endpoint.ts';
import type { ChatTranslation } from '../openai-compatible.ts';
import type { WireBody } from '../quirks.ts';
import { toCompletion } from '../to-completion.ts';
import { type Fields, fieldsOf, textOf } from '../wire-fields.ts';
import { BatchLineDecoder } from './batch-line-decoder.ts';
import { openAIBatchWire } from './openai-batch-wire.ts';

/** What differs between vendors that take a file of requests and give files of answers. Default: OpenAI's own way. */
export interface BatchWire {
  limits: BatchLimits;
  /** Where the batches are, below the base URL. */
  path: string;
  /** A line of the input file. */
  toLine(custom_id: string, body: WireBody): object;
  /** What a batch is made from, without the fields that the caller adds. */
  toBody(batch: BatchToCreate): WireBody;
  /** Undefined when the object is no batch. */
  toBatch(wire: Fields): ProviderBatch | undefined;
  /** The query of a page; `after` is what the page before it gave as `next`. */
  toQuery(after: string | undefined): Record<string, string>;
  /** What leads to the page after this one. */
  toNext(page: Fields, after: string | undefined): string | undefined;
}

/** Batches as OpenAI has them: a file is uploaded, and files with the answers and the failures come of it. */
export function createOpenAIBatches(
  provider: string,
  endpoint: Endpoint,
  chat: ChatTranslation,
  wire: BatchWire = openAIBatchWire,
): ProviderBatches {
  return {
    limits: wire.limits,
    toLine: ({ custom_id, request }, context) => wire.toLine(custom_id, chat.toBody(request, context)),

    async upload({ file }, context) {
      const form = encodeForm([
        ['purpose', 'batch'],
        ['file', file],
      ]);
      const { fields, unreadable } = await ask({ path: 'files', form }, context);
      const id = textOf(fields.id);
      if (id === '') throw unreadable('names no file');
      return { id };
    },
    create(batch, context) {
      const body = { ...wire.toBody(batch), ...batch.provider_options?.[provider] };
      return askForBatch({ path: wire.path, body }, context);
    },
    retrieve: ({ id }, context) => askForBatch({ method: 'GET', path: pathOf(id) }, context),
    cancel: ({ id }, context) => askForBatch({ path: `${pathOf(id)}/cancel` }, context),

    async list({ after }, context) {
      const path = `${wire.path}?${new URLSearchParams(wire.toQuery(after))}`;
      const { fields: page, unreadable } = await ask({ method: 'GET', path }, context);
      if (!Array.isArray(page.data)) throw unreadable('holds no list');
      const data = page.data.map((row) => {
        const batch = wire.toBatch(fieldsOf(row) ?? {});
        if (!batch) throw unreadable('lists something else than batches');
        return batch;
      });
      const next = wire.toNext(page, after);
      return { data, ...(next !== undefined && { next }) };
    },

    read({ file_id }, context) {
      const path = `files/${encodeURIComponent(file_id)}/content`;
      const request = { model: '', method: 'GET', path, headers: { accept: '*/*' } } as const;
      return requestStream(endpoint(request, context), context, () => decoderFor(context));
    },
  };

  function pathOf(id: string): string {
    return `${wire.path}/${encodeURIComponent(id)}`;
  }

  function ask(request: Omit<EndpointRequest, 'model'>, context: ProviderContext): Promise<ObjectAnswer> {
    return requestObject(endpoint({ model: '', ...request }, context), context);
  }

  async function askForBatch(
    request: Omit<EndpointRequest, 'model'>,
    context: ProviderContext,
  ): Promise<ProviderBatch> {
    const { fields, unreadable } = await ask(request, context);
    const batch = wire.toBatch(fields);
    if (!batch) throw unreadable('is no batch');
    return batch;
  }

  function decoderFor(context: ProviderContext): BatchLineDecoder {
    return new BatchLineDecoder({
      provider,
      apiKey: context.apiKey,
      toOutcome(body, requestId) {
        const warnings: ProviderBatchRow['warnings'] = [];
        const observer = {
          connected() {},
          responded() {},
          warn: (warning: (typeof warnings)[0]) => void warnings.push(warning),
        };
        const translation = chat.translation(textOf(body.model), inRow(context, observer), requestId);
        return { outcome: toCompletion(body, translation), warnings };
      },
    });
  }
}

/** What is told of a row's answer is the row's. */
function inRow(context: ProviderContext, observer: ProviderContext['observer']): ProviderContext {
  const { signal, apiKey, baseURL, headers, transport, clock } = context;
  return { signal, apiKey, baseURL, headers, transport, clock, observer };
}
