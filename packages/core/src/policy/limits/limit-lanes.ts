import { systemClock } from '../../clock.ts';
import type { Clock } from '../../contract/provider.ts';
import { checkField, flag, withoutAbsent } from '../../errors/check-fields.ts';
import { invalidValue } from '../../errors/invalid-field.ts';
import { Lane } from './lane.ts';
import { type LimitSettings, type Limits, parseLimits } from './limit-settings.ts';

export interface ProviderLimits extends LimitSettings {
  /** Each model has its own lane, as most vendors count. Default `false`: one lane for all models of a key. */
  perModel?: boolean;
}

export interface LimitLanesSettings {
  /** By provider id, checked. */
  limits?: ReadonlyMap<string, CheckedLimits> | undefined;
  clock?: Clock;
}

/** Whose limits a call counts towards. */
export interface LaneOwner {
  provider: string;
  apiKey?: string | undefined;
  model: string;
  /** The provider's own limits, which hold where the client sets none. */
  limits?: ProviderLimits | undefined;
}

export interface LimitLanes {
  /**
   * The lane of a provider, key and, where so set, model. Ask anew for each call: one that has been idle for a minute
   * may have been forgotten, and a limiter that somebody kept would count apart from its successor.
   */
  lane(owner: LaneOwner): Lane;
  readonly size: number;
}

/** Of each provider and key, where nothing else is set: more than one answer needs, less than servers refuse. */
export const defaultConcurrency = 100;

/** Looking for idle lanes is not worth the time below this many. */
const fewLanes = 64;

/** Limits of a provider that have been checked. */
export interface CheckedLimits {
  limits: Limits;
  perModel: boolean;
}

/**
 * A limiter per provider and key. Idle ones are dropped, so that memory is bounded by the lanes in use, whatever the
 * number of keys over time. Keys are in no name, error or store: a store sees 16 digits of their SHA-256.
 */
export function createLimitLanes({ limits, clock = systemClock }: LimitLanesSettings = {}): LimitLanes {
  return new KeyedLanes(new Map(limits), clock);
}

class KeyedLanes implements LimitLanes {
  readonly #providers: Map<string, CheckedLimits>;
  readonly #clock: Clock;
  readonly #lanes = new Map<string, Lane>();
  #sweepAt = fewLanes;

  constructor(providers: Map<string, CheckedLimits>, clock: Clock) {
    this.#providers = providers;
    this.#clock = clock;
  }

  get size(): number {
    return this.#lanes.size;
  }

  lane({ provider, apiKey = '', model, limits }: LaneOwner): Lane {
    const entry = this.#providers.get(provider) ?? this.#addProvider(provider, limits);
    const shownModel = entry.perModel ? model : undefined;
    const id = `${provider}\n${shownModel ?? ''}\n${apiKey}`;
    return this.#lanes.get(id) ?? this.#add(id, this.#create(entry, provider, apiKey, shownModel));
  }

  #addProvider(provider: string, limits: ProviderLimits | undefined): CheckedLimits {
    const entry = limits ? parseProviderLimits(limits, 'config.limits') : unconfigured;
    this.#providers.set(provider, entry);
    return entry;
  }

  #create({ limits }: CheckedLimits, provider: string, apiKey: string, model: string | undefined): Lane {
    const name = model === undefined ? provider : `${provider}/${model}`;
    const storeKey = limits.store ? `${name}#${fingerprint(apiKey)}` : name;
    return new Lane({ name, provider, limits, storeKey, clock: this.#clock });
  }

  #add(id: string, lane: Lane): Lane {
    if (this.#lanes.size >= this.#sweepAt) this.#dropIdle();
    this.#lanes.set(id, lane);
    return lane;
  }

  /** Each time the number has doubled: the cost per lane stays constant. */
  #dropIdle(): void {
    for (const [id, lane] of this.#lanes) if (lane.isIdle) this.#lanes.delete(id);
    this.#sweepAt = Math.max(fewLanes, this.#lanes.size * 2);
  }
}

/**
 * `concurrency` is limited by default, see `defaultConcurrency`; `Infinity` lifts it.
 * @throws InvalidRequestError with the path of a wrong setting
 */
export function parseProviderLimits(given: ProviderLimits, path: string): CheckedLimits {
  if (typeof given !== 'object' || given === null) throw invalidValue(path, 'an object', given);
  const { perModel = false, ...settings } = given;
  checkField(`${path}.perModel`, flag, perModel);
  return { perModel, limits: parseLimits({ concurrency: defaultConcurrency, ...withoutAbsent(settings) }, path) };
}

const unconfigured: CheckedLimits = /* @__PURE__ */ parseProviderLimits({}, 'limits');

/** The same in every process, and nothing to find the key by. Loaded with the first lane that has a store. */
function fingerprint(apiKey: string): string {
  const { createHash } = process.getBuiltinModule('node:crypto');
  return createHash('sha256').update(apiKey).digest('hex').slice(0, 16);
}
