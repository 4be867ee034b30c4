import type { ProviderConfig } from '../contract/call-options.ts';
import type { ProviderOperations } from '../contract/operations.ts';
import type { Capabilities, Connection, Provider } from '../contract/provider.ts';
import { atCaller } from '../errors/at-caller.ts';
import { InvalidRequestError } from '../errors/errors.ts';
import { assertProvider } from './assert-provider.ts';
import { checkConfig } from './check-config.ts';

/** What an author writes: the contract, with everything that has a default optional. */
export interface ProviderDefinition<Id extends string> extends Partial<ProviderOperations> {
  id: Id;
  name?: string;
  capabilities?: Partial<Capabilities>;
  connection?: Connection;
  config?: ProviderConfig;
  /** Asks for the whole answer. */
  complete: Provider['complete'];
  /** Asks for the answer as it is written; see `Provider`. */
  stream: Provider['stream'];
}

const noCapabilities: Capabilities = {
  parameters: [],
  content: [],
  responseFormats: [],
  toolChoices: [],
  customTools: false,
  reasoning: false,
};

/** For a provider that is not reached over the network. */
const noConnection: Connection = { baseURL: { env: [], default: 'http://localhost' } };

/**
 * Makes a provider from its definition.
 * @throws InvalidRequestError when the definition lacks a member, its id is not a provider name, or a setting is wrong
 */
export function defineProvider<const Id extends string>(definition: ProviderDefinition<Id>): Provider<Id> {
  if (typeof definition !== 'object' || definition === null)
    throw new InvalidRequestError('a definition must be an object', { path: 'provider' });
  const { id, name = id, capabilities, connection = noConnection, config = {} } = definition;
  const provider: Provider<Id> = {
    ...definition,
    specification: 1,
    name,
    capabilities: { ...noCapabilities, ...capabilities },
    connection,
    config,
  };
  try {
    assertProvider(provider);
    checkConfig(config, 'config');
    return provider;
  } catch (error) {
    throw atCaller(error, defineProvider);
  }
}
