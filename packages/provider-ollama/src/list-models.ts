import type { Asked, ListModelsParameters, ModelPage, ProviderContext, ProviderModel } from '@anyllm/core/provider';
import { requestObject, toModelCapabilities } from '@anyllm/provider-kit';

type Fields = Record<string, unknown>;

/** `/api/tags`: what is on the machine. The server of an empty one says `null`. */
export async function listModels({ model }: Asked<ListModelsParameters>, context: ProviderContext): Promise<ModelPage> {
  const request = { provider: 'ollama', model, method: 'GET', path: 'api/tags' } as const;
  const { fields, unreadable } = await requestObject(request, context);
  const { models } = fields;
  if (!Array.isArray(models) && models !== null) throw unreadable('has no list of models');
  return { data: (models ?? []).flatMap((row) => toModel(Object(row))) };
}

function toModel(row: Fields): ProviderModel[] {
  const id = [row.model, row.name].find((name) => typeof name === 'string') ?? '';
  if (id === '') return [];
  const created = typeof row.modified_at === 'string' ? Math.floor(Date.parse(row.modified_at) / 1000) : 0;
  const { context_length: context } = Object(row.details) as Fields;
  const capabilities = toModelCapabilities(row);
  return [
    {
      id,
      ...(created > 0 && { created }),
      owned_by: id.includes('/') ? id.slice(0, id.indexOf('/')) : 'library',
      ...(Number.isSafeInteger(context) && Number(context) > 0 && { context_length: Number(context) }),
      ...(capabilities && { capabilities }),
      raw: row,
    },
  ];
}
