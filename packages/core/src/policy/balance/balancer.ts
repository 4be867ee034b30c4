import { systemClock } from '../../clock.ts';
import type { Clock } from '../../contract/provider.ts';
import { InvalidRequestError, TimeoutError } from '../../errors/errors.ts';
import { type BalanceOptions, type BalanceStrategy, resolveBalanceOptions } from './balance-options.ts';
import { isDeploymentFault } from './is-deployment-fault.ts';
import { RecentLatency } from './recent-latency.ts';

/** A call to one deployment. Of its ends the first one counts. */
export interface BalancedRun {
  /**
   * The deployment has answered.
   * @param latencyMs until the first token, for example; default: the time since the start
   */
  succeed(latencyMs?: number): void;
  /** An error that is the request's own fault tells nothing of the deployment. */
  fail(error: unknown): void;
  /** Aborted, or not made: tells nothing of the deployment. */
  cancel(): void;
}

/** Chooses among deployments that answer alike. Made by `createBalancer`. */
export interface Balancer {
  /** Every model, the best first: whoever falls back goes on with the rest. Asking takes a turn. */
  order(): string[];
  /** All of them, as they were given. */
  readonly models: readonly string[];
  /**
   * A call to the model begins. To be called together with `order`, before any waiting, so that the next caller
   * sees it; once more for each model that is fallen back to.
   * @throws InvalidRequestError for a model that is not balanced
   */
  start(model: string): BalancedRun;
  /** Runs the task with the best model, counted and timed. The signal tells an abort from a failure. */
  run<T>(task: (model: string) => T | PromiseLike<T>, options?: { signal?: AbortSignal | undefined }): Promise<T>;
}

/**
 * Spreads calls over deployments that answer alike.
 *
 * - `weighted` is deterministic ("smooth weighted round-robin", as in nginx): after any number of turns each model has had
 *   its share to within a turn or two, evenly spread.
 * - `least-busy` compares the calls under way per weight, and takes turns by weight where these are equal.
 * - `lowest-latency` compares recent latencies, multiplied by the calls under way and divided by the weight. A model
 *   without an answer so far is tried once; the estimate of one that is not asked fades within minutes, so that it is
 *   tried again. A failure that the deployment is to blame for counts as an answer after a minute.
 *
 * ```ts
 * const balancer = createBalancer({ models: [{ model: "azure/gpt-4o", weight: 3 }, { model: "openai/gpt-4o" }] });
 * const answer = await balancer.run((model) => completion({ model, prompt }));
 * ```
 * @throws InvalidRequestError with the path, as `balance.models[1].weight`
 */
export function createBalancer(options: BalanceOptions, { clock = systemClock }: { clock?: Clock } = {}): Balancer {
  const { models, strategy } = resolveBalanceOptions(options);
  const deployments = models.map(({ model, weight }) => new Deployment(model, weight, clock));
  return new ModelBalancer(deployments, strategy);
}

/** Long enough for calls that come once in a while, short enough for a server that has recovered. */
const fadeMs = 60_000;
/** So that one which fails fast is not the fastest. */
const failureLatencyMs = 60_000;

class Deployment {
  readonly model: string;
  readonly weight: number;
  readonly #latency: RecentLatency;
  readonly #clock: Clock;
  inFlight = 0;
  /** How much of a turn is due to it. */
  due = 0;

  constructor(model: string, weight: number, clock: Clock) {
    this.model = model;
    this.weight = weight;
    this.#clock = clock;
    this.#latency = new RecentLatency(clock, fadeMs);
  }

  get load(): number {
    return this.inFlight / this.weight;
  }

  /** One that is not known is the best as long as nobody asks it, and the last until its first answer. */
  get cost(): number {
    const { estimateMs } = this.#latency;
    if (estimateMs === undefined) return this.inFlight === 0 ? 0 : Infinity;
    return (estimateMs * (this.inFlight + 1)) / this.weight;
  }

  start(): BalancedRun {
    const startedAt = this.#clock.now();
    const elapsedMs = () => this.#clock.now() - startedAt;
    let over = false;
    const end = (latencyMs?: number) => {
      if (over) return;
      over = true;
      this.inFlight--;
      if (latencyMs !== undefined) this.#latency.add(latencyMs);
    };
    this.inFlight++;
    return {
      succeed: (latencyMs = elapsedMs()) => end(latencyMs),
      fail: (error) => end(failedLatency(error, elapsedMs())),
      cancel: () => end(),
    };
  }
}

/** At the deadline of the call its answer was still to come: it takes at least so long. */
function failedLatency(error: unknown, elapsedMs: number): number | undefined {
  if (isDeploymentFault(error)) return Math.max(failureLatencyMs, elapsedMs);
  return TimeoutError.isInstance(error) ? elapsedMs : undefined;
}

class ModelBalancer implements Balancer {
  readonly #deployments: readonly Deployment[];
  readonly #rank: (deployment: Deployment) => number;

  constructor(deployments: readonly Deployment[], strategy: BalanceStrategy) {
    this.#deployments = deployments;
    this.#rank = ranks[strategy];
  }

  get models(): string[] {
    return this.#deployments.map(({ model }) => model);
  }

  order(): string[] {
    const ranked = this.#deployments.map((deployment) => ({ deployment, rank: this.#rank(deployment) }));
    const lowest = Math.min(...ranked.map(({ rank }) => rank));
    const peers = ranked.filter(({ rank }) => rank === lowest).map(({ deployment }) => deployment);
    for (const peer of peers) peer.due += peer.weight;
    ranked.sort((a, b) => (a.rank === b.rank ? b.deployment.due - a.deployment.due : a.rank - b.rank));
    const order = ranked.map(({ deployment }) => deployment);
    // The turn is paid to those that were in question. To the others nothing is due: they were not passed over by turn.
    (order[0] as Deployment).due -= peers.reduce((sum, { weight }) => sum + weight, 0);
    return order.map(({ model }) => model);
  }

  start(model: string): BalancedRun {
    const deployment = this.#deployments.find((candidate) => candidate.model === model);
    if (deployment) return deployment.start();
    throw new InvalidRequestError(`"${model}" is not among the balanced models`, { path: 'model' });
  }

  async run<T>(task: (model: string) => T | PromiseLike<T>, options: { signal?: AbortSignal | undefined } = {}) {
    options.signal?.throwIfAborted();
    const model = this.order()[0] as string;
    const run = this.start(model);
    try {
      const value = await task(model);
      run.succeed();
      return value;
    } catch (error) {
      if (options.signal?.aborted) run.cancel();
      else run.fail(error);
      throw error;
    }
  }
}

/** Less is better; between equals whose turn it is decides. */
const ranks: Record<BalanceStrategy, (deployment: Deployment) => number> = {
  weighted: () => 0,
  'least-busy': ({ load }) => load,
  'lowest-latency': ({ cost }) => cost,
};
