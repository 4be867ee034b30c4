import type { ClientRuntime } from '../client/client-runtime.ts';
import { systemClock } from '../clock.ts';
import type { CallOptions } from '../contract/call-options.ts';
import type { ListedModel, ModelPage } from '../contract/models.ts';
import { ResponseParseError } from '../errors/errors.ts';
import { invalidField } from '../errors/invalid-field.ts';
import { parseProviderId } from '../request/model-id.ts';
import type { ListModelsOptions } from './list-models.ts';
import { runOperation } from './run-operation.ts';

/** What `listModels` does, page after page. */
export async function* readModels(
  runtime: ClientRuntime,
  provider: string,
  options: ListModelsOptions,
): AsyncGenerator<ListedModel, undefined> {
  if ((Object(options) as CallOptions).provider !== undefined) {
    throw invalidField('options.provider', 'must be left out: the provider is the first argument');
  }
  const whole = { startedAt: systemClock.now(), bill: runtime.policy.spending?.openBill() };
  const prefix = parseProviderId(provider, 'provider');
  const seen = new Set<string>();
  let after: string | undefined;
  do {
    const page: ModelPage = await runOperation(
      runtime,
      {
        member: 'listModels',
        label: 'lists of models are',
        pick: ({ listModels }) => listModels,
        parameters: after === undefined ? {} : { after },
        whole,
      },
      { ...options, provider },
    );
    for (const row of page.data) {
      if (seen.has(row.id)) continue; // Mistral has a row for each alias
      seen.add(row.id);
      yield { ...row, object: 'model', model: `${prefix}/${row.id}` };
    }
    if (page.next !== undefined && page.next === after) throw circling(prefix);
    after = page.next;
  } while (after !== undefined);
}

function circling(provider: string): ResponseParseError {
  return new ResponseParseError(`${provider}: a page of the models names itself as the next`, { provider });
}
