import { inspect } from 'node:util';
import { AnyLLMError, type Client } from '@anyllm/core';
import { Left, scenarios } from './scenarios.ts';

export interface WorkloadSettings {
  client: Client;
  signal: AbortSignal;
  /** The scenarios that take turns. */
  names: readonly string[];
}

/** Runs scenarios in turn and counts how they end. */
export class Workload {
  calls = 0;
  /** By scenario, then by what it ended with: `answered`, `left` or the code of an error. */
  readonly endings = new Map<string, Map<string, number>>();
  /** What is neither one of our errors nor the caller's own reason: each is a defect. */
  readonly untyped: string[] = [];
  readonly #settings: WorkloadSettings;

  constructor(settings: WorkloadSettings) {
    this.#settings = settings;
  }

  async run(until: number): Promise<void> {
    while (performance.now() < until) await this.#runNext();
  }

  async #runNext(): Promise<void> {
    const { client, signal, names } = this.#settings;
    const name = names[this.calls % names.length] as string;
    const scenario = scenarios[name];
    if (!scenario) throw new Error(`there is no scenario "${name}"`);
    const index = Math.floor(this.calls / names.length);
    this.calls += 1;
    const ending = await scenario({ client, signal, index }).then(
      () => 'answered',
      (error) => this.#endingOf(error),
    );
    const counts = this.endings.get(name) ?? new Map<string, number>();
    this.endings.set(name, counts.set(ending, (counts.get(ending) ?? 0) + 1));
  }

  #endingOf(error: unknown): string {
    if (error instanceof Left) return 'left';
    if (AnyLLMError.isInstance(error)) return error.code;
    if (isFailureOfAll(error)) return 'all failed';
    // As text: an error keeps the objects of the calls in its stack alive, which would count as left behind.
    if (this.untyped.length < 10) this.untyped.push(inspect(error));
    return 'untyped';
  }
}

/** Of a race that nobody won. */
function isFailureOfAll(error: unknown): boolean {
  return error instanceof AggregateError && error.errors.every((reason) => AnyLLMError.isInstance(reason));
}
