import type { ProviderConfig } from '../contract/call-options.ts';
import type { ProviderOperations } from '../contract/operations.ts';
import type { Capabilities, Connection, Provider } from '../contract/provider.ts';
import { InvalidRequestError } from '../errors/errors.ts';
import { assertProvider } from './assert-provider.ts';

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
 * @throws InvalidRequestError when the definition lacks a member or its id is not a provider name
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
  assertProvider(provider);
  assertConfig(provider);
  return provider;
}

const configNames: Record<keyof Required<ProviderConfig>, true> = {
  apiKey: true,
  baseURL: true,
  headers: true,
  limits: true,
  timeout: true,
  transport: true,
};

/** A misspelt setting would silently not be in force. */
function assertConfig({ id, config }: Provider): void {
  const unknown = Object.keys(config).find((name) => !Object.hasOwn(configNames, name));
  if (unknown === undefined) return;
  const known = Object.keys(configNames).join(', ');
  throw new InvalidRequestError(`${id}: \`${unknown}\` is not a setting; known are ${known}`, {
    path: `config.${unknown}`,
  });
}
