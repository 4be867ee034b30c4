import type { Capabilities, Provider, ProviderConfig } from '@anyllm/core/provider';
import type { DialectName } from '@anyllm/simulator';
import type { Group } from './case.ts';
import type { Responder } from './responder/responder.ts';

/** Which provider is tested, and against what. */
export interface SuiteSettings {
  /** Makes the provider under test, with the address of the responder and a key of the suite's own. */
  createProvider: (config: ProviderConfig) => Provider;
  /** The protocol that the provider speaks: one of the simulator's, or your own responder. */
  simulate: DialectName | Responder;
  /** What the provider can do: each of it has to work, and the rest to be refused. Default: what it declares itself. */
  capabilities?: Capabilities;
  /** Default `suite-model`. */
  model?: string;
  /** A model that shows its reasoning. Default: `model`. */
  reasoningModel?: string;
  /** A model that makes embeddings. Default: `model`. */
  embeddingModel?: string;
  /** Default: all of them. */
  groups?: readonly Group[];
  /** Only these cases, by their ids: for work on one of them. */
  only?: readonly string[];
  /** Cases that cannot hold for this provider, each with its reason, which the report shows. */
  skip?: readonly Skip[];
}

/** A case that is left out, and why. */
export interface Skip {
  /** The case's id. */
  case: string;
  reason: string;
}
