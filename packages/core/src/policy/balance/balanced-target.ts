import { AnyLLMError } from '../../errors/any-llm-error.ts';
import type { BalancedRun, Balancer } from './balancer.ts';

/**
 * One deployment's part in a call: under way from when it is asked until its answer is there or read to its end,
 * however many attempts that takes.
 */
export class BalancedTarget {
  readonly #balancer: Balancer;
  readonly #model: string;
  #run: BalancedRun | undefined;

  constructor(balancer: Balancer, model: string) {
    this.#balancer = balancer;
    this.#model = model;
  }

  begin(): void {
    this.#run ??= this.#balancer.start(this.#model);
  }

  /** @param latencyMs until the first token, where there is one */
  succeed(latencyMs: number | undefined): void {
    this.#run?.succeed(latencyMs);
  }

  /** A caller's abort, which is none of our errors, tells nothing of the deployment. */
  fail(error: unknown): void {
    if (AnyLLMError.isInstance(error)) this.#run?.fail(error);
    else this.#run?.cancel();
  }
}
