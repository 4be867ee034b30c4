import type { Provider } from '../contract/provider.ts';
import { invalidField } from '../errors/invalid-field.ts';
import { installedProviders } from '../late-parts.ts';
import { findProvider } from '../registry/find-provider.ts';
import { registeredProviderIds } from '../registry/registry.ts';
import { parseModelId, providerIdPattern } from '../request/model-id.ts';
import type { ClientRuntime } from './client-runtime.ts';
import type { ClientSettings } from './create-client.ts';

/**
 * What is set for a provider that the client does not have would silently not be in force, and a fallback to one would
 * show only when it is needed. To be called when the settings are known to be well formed.
 * @throws InvalidRequestError with the path of the setting
 */
export function checkProviderNames(settings: ClientSettings): void {
  const ids = settings.providers?.map(({ id }) => id);
  for (const { path, id } of [...setFor(settings), ...modelsIn(settings)]) {
    if (ids?.includes(id) === false) {
      throw invalidField(path, `is for no provider of this client; it has ${ids.join(', ')}`);
    }
  }
}

/**
 * The same for a client that takes the registered and installed providers: they are known when the first call is made.
 * @throws InvalidRequestError from each call, until there is a provider for whatever is set
 */
export function findForSettings(settings: ClientSettings): ClientRuntime['find'] {
  let unchecked = [...setFor(settings)];
  return (id) => {
    const registered = registeredProviderIds();
    unchecked = unchecked.filter((named) => !registered.includes(named.id));
    return unchecked.length === 0 ? findProvider(id) : findAfterCheck(id);
  };

  async function findAfterCheck(id: string): Promise<Provider> {
    const { mayBeInstalled } = await installedProviders();
    const lacking = unchecked.find((named) => !mayBeInstalled(named.id));
    if (!lacking) return findProvider(id);
    const advice = 'check the name, or import its package before the first call';
    throw invalidField(lacking.path, `is for no provider that is registered or installed; ${advice}`);
  }
}

interface Named {
  path: string;
  /** Of the provider. */
  id: string;
}

function* setFor({ limits = {}, settings = {} }: ClientSettings): Generator<Named> {
  for (const [name, byProvider] of Object.entries({ limits, settings })) {
    for (const [id, given] of Object.entries(byProvider)) {
      if (given === undefined) continue;
      const path = `${name}.${id}`;
      if (!providerIdPattern.test(id)) throw invalidField(path, 'is for no provider; their ids are like `mistral`');
      yield { path, id };
    }
  }
}

/** The name of a balance is of no provider, and whether a model may be lacking is for the fallbacks' own `when` to say. */
function* modelsIn({ fallbacks = [], balance = {} }: ClientSettings): Generator<Named> {
  for (const [name, { models }] of Object.entries(balance)) {
    for (const [at, { model }] of models.entries()) yield toNamed(`balance.${name}.models[${at}].model`, model);
  }
  if ('when' in fallbacks) return;
  const [path, models] = 'models' in fallbacks ? ['fallbacks.models', fallbacks.models] : ['fallbacks', fallbacks];
  for (const [at, model] of models.entries()) {
    if (!Object.hasOwn(balance, model)) yield toNamed(`${path}[${at}]`, model);
  }
}

function toNamed(path: string, model: string): Named {
  try {
    return { path, id: parseModelId(model).provider };
  } catch {
    throw invalidField(path, 'must be a model id, as `mistral/mistral-small-latest`');
  }
}
