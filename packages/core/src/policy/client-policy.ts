import { systemClock } from '../clock.ts';
import type { Clock } from '../contract/provider.ts';
import type { Target } from './attempt.ts';
import { BalancedTarget } from './balance/balanced-target.ts';
import type { Balancer } from './balance/balancer.ts';
import { BoundedMap } from './breaker/bounded-map.ts';
import { type BreakerSettings, defaultBreaker } from './breaker/breaker-options.ts';
import { Circuit, type Permit } from './breaker/circuit-breaker.ts';
import type { Spending } from './cost/spending.ts';
import type { Hedger } from './hedge/hedger.ts';
import type { Lane } from './limits/lane.ts';
import { createLimitLanes, type LimitLanes, type LimitLanesSettings } from './limits/limit-lanes.ts';
import { createRetryBudget, type RetryBudget } from './retry/retry-budget.ts';

/** Whom a request may mean. */
export interface Candidate {
  /** Absent where a provider is asked for something that is of no model. */
  id: string | undefined;
  /** Takes the id verbatim as one of its models. */
  provider: string | undefined;
  balanced: BalancedTarget | undefined;
}

/** What a client's calls have in common. */
export interface ClientPolicySettings {
  /** By provider id, checked. Concurrency is limited by default. */
  limits?: LimitLanesSettings['limits'];
  /** The circuit of each provider, key and model; `false`: none. */
  breaker?: BreakerSettings | false | undefined;
  // What most clients do without is made by those who want it, so that a bundler leaves it out of the others.
  /** Makes the hedger of one model. */
  createHedger?: (() => Hedger) | undefined;
  /** By the name that stands for the equal deployments in a request. */
  balancers?: ReadonlyMap<string, Balancer>;
  /** Keeps account of tokens and costs. */
  spending?: Spending | undefined;
  clock?: Clock;
  random?: () => number;
}

/** More models and keys than a program uses at a time. */
const maxCircuits = 1_000;

/** The state that a client's calls share: slots and rates, circuits, latencies, and what may be spent on retries. */
export class ClientPolicy {
  readonly budget: RetryBudget;
  readonly random: () => number;
  readonly spending: Spending | undefined;
  readonly #clock: Clock;
  readonly #lanes: LimitLanes;
  readonly #breaker: BreakerSettings | false;
  readonly #circuits = new BoundedMap<Circuit>(maxCircuits, (circuit) => circuit.idle);
  readonly #balancers: ReadonlyMap<string, Balancer>;
  readonly #createHedger: (() => Hedger) | undefined;
  readonly #hedgers = new BoundedMap<Hedger>(maxCircuits);

  constructor({
    limits,
    breaker = defaultBreaker,
    createHedger,
    balancers = new Map(),
    spending,
    clock = systemClock,
    random = Math.random,
  }: ClientPolicySettings = {}) {
    this.#clock = clock;
    this.random = random;
    this.budget = createRetryBudget({}, clock);
    this.#lanes = createLimitLanes({ limits, clock });
    this.#breaker = breaker;
    this.#createHedger = createHedger;
    this.#balancers = balancers;
    this.spending = spending;
  }

  /** The models that a model id or the name of a balance stands for, the best first. */
  candidates(id: string, provider?: string): Candidate[] {
    const balancer = this.#balancers.get(id);
    if (!balancer) return [{ id, provider, balanced: undefined }];
    return balancer.order().map((model) => ({ id: model, provider, balanced: new BalancedTarget(balancer, model) }));
  }

  /** The models that `candidates` may name; asking takes nobody's turn. */
  modelsBehind(id: string): readonly string[] {
    return this.#balancers.get(id)?.models ?? [id];
  }

  laneFor({ provider, apiKey, modelId, limits }: Target): Lane {
    return this.#lanes.lane({ provider: provider.id, apiKey, model: modelId, limits });
  }

  /** @throws OverloadedError while the circuit is open */
  enterCircuit(target: Target): Permit | undefined {
    const { provider, modelId: model } = target;
    if (this.#breaker === false) return undefined;
    const settings = this.#breaker;
    const context = { provider: provider.id, model, clock: this.#clock, random: this.random };
    const entry = this.#circuits.getOrCreate(keyOf(target), () => new Circuit(settings, context)).tryEnter();
    if (entry.allowed) return entry;
    throw entry.toError();
  }

  /** Latencies of one model tell nothing of another's. */
  hedgerFor(target: Target): Hedger | undefined {
    const create = this.#createHedger;
    return create && this.#hedgers.getOrCreate(keyOf(target), create);
  }
}

function keyOf({ provider, apiKey = '', baseURL, modelId }: Target): string {
  return `${provider.id}\n${modelId}\n${baseURL}\n${apiKey}`;
}
