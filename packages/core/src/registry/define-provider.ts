import type { ProviderConfig } from '../contract/call-options.ts';
import type { ProviderOperations } from '../contract/operations.ts';
import type { Capabilities, Connection, Provider } from '../contract/provider.ts';
import { InvalidRequestError } from '../errors/errors.ts';
import { providerIdPattern } from '../request/model-id.ts';

/** What an author writes: the contract, with everything that has a default optional. */
export interface ProviderDefinition<Id extends string> extends Partial<ProviderOperations> {
  id: Id;
  name?: string;
  capabilities?: Partial<Capabilities>;
  connection?: Connection;
  config?: ProviderConfig;
  complete: Provider['complete'];
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
  if (typeof config !== 'object' || config === null) throw wrong('config', `${id}: the settings must be an object`);
  const unknown = Object.keys(config).find((name) => !Object.hasOwn(configNames, name));
  if (unknown === undefined) return;
  const known = Object.keys(configNames).join(', ');
  throw wrong(`config.${unknown}`, `${id}: \`${unknown}\` is not a setting; known are ${known}`);
}

/** @throws InvalidRequestError that names what is wrong with the object */
export function assertProvider(value: unknown): asserts value is Provider {
  if (typeof value !== 'object' || value === null) throw wrong('provider', 'a provider must be an object');
  const { specification, id, complete, stream, capabilities, connection } = value as Partial<Provider>;
  if (typeof id !== 'string' || !providerIdPattern.test(id)) {
    throw wrong('id', `a provider's \`id\` must match ${providerIdPattern.source}`);
  }
  if (specification !== 1) {
    throw wrong(
      'specification',
      `provider ${id} follows contract version ${String(specification)}, this core version 1`,
    );
  }
  if (typeof complete !== 'function') throw wrong('complete', `provider ${id} lacks \`complete()\``);
  if (typeof stream !== 'function') throw wrong('stream', `provider ${id} lacks \`stream()\``);
  if (!capabilities || !connection) throw wrong('capabilities', `provider ${id} was not made with \`defineProvider\``);
}

function wrong(path: string, message: string): InvalidRequestError {
  return new InvalidRequestError(message, { path });
}
