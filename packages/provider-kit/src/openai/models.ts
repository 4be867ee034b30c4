import type { Asked, ListModelsParameters, ModelPage, ProviderContext, ProviderModel } from '@anyllm/core/provider';
import { requestObject } from '../http/request-object.ts';
import { toModelCapabilities } from '../models/to-model-capabilities.ts';
import type { Endpoint } from './endpoint.ts';
import { countOf, type Fields, fieldsOf, objectsOf, textOf } from './wire-fields.ts';

/** The list of models as OpenAI has it, in one page, and with what compatible servers tell besides. */
export function createModels(endpoint: Endpoint) {
  return async ({ model }: Asked<ListModelsParameters>, context: ProviderContext): Promise<ModelPage> => {
    const request = endpoint({ model, method: 'GET', path: 'models' }, context);
    const { fields, unreadable } = await requestObject(request, context, 'data');
    const rows = fields.data ?? fields.models;
    if (!Array.isArray(rows)) throw unreadable('has no list of models');
    return { data: objectsOf(rows).flatMap(toModel) };
  };
}

/** A row without an id cannot be asked for. */
function toModel(row: Fields): ProviderModel[] {
  const id = textOf(row.id) || textOf(row.name);
  if (id === '') return [];
  const created = firstCount(row.created);
  const owner = textOf(row.owned_by) || textOf(row.organization);
  const name = textOf(row.display_name) || textOf(row.name);
  const context = firstCount(row.context_length, row.max_context_length, row.context_window, row.max_model_len);
  const output = firstCount(row.max_output_tokens, fieldsOf(row.top_provider)?.max_completion_tokens);
  const capabilities = toModelCapabilities(row);
  return [
    {
      id,
      ...(created !== undefined && { created }),
      ...(owner !== '' && { owned_by: owner }),
      ...(name !== '' && name !== id && { name }),
      ...(context !== undefined && { context_length: context }),
      ...(output !== undefined && { max_output_tokens: output }),
      ...(capabilities && { capabilities }),
      raw: row,
    },
  ];
}

/** The first that is a number above zero, which stands for unknown, as a whole one. */
function firstCount(...values: unknown[]): number | undefined {
  const counts = values.map((value) => countOf(Math.floor(typeof value === 'number' ? value : 0)));
  return counts.find((count) => count !== undefined && count > 0);
}
