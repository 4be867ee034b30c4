import { checkNames } from '../../errors/check-names.ts';
import { invalidField } from '../../errors/invalid-field.ts';

/** A deployment that may be asked. */
export interface BalancedModel {
  /** As in a request: `openai/gpt-4o`. */
  model: string;
  /** Its part of the calls, or its capacity, in proportion to the others'; above 0. Default 1. */
  weight?: number;
}

/**
 * - `weighted`: in turn, in proportion to the weights.
 * - `least-busy`: where the fewest calls are under way for its weight.
 * - `lowest-latency`: where calls have been answered the fastest lately, the calls under way considered.
 */
export type BalanceStrategy = 'weighted' | 'least-busy' | 'lowest-latency';

/** Which deployments share the calls, and how. */
export interface BalanceOptions {
  /** Deployments that answer alike: the same model with several vendors, regions or keys. */
  models: readonly BalancedModel[];
  /** Default `"weighted"`. */
  strategy?: BalanceStrategy;
}

export interface BalanceSettings {
  models: readonly Required<BalancedModel>[];
  strategy: BalanceStrategy;
}

const strategies: readonly unknown[] = ['weighted', 'least-busy', 'lowest-latency'] satisfies BalanceStrategy[];

/**
 * @param path of the options, as `balance.large`
 * @throws InvalidRequestError with the path, as `balance.large.models[1].weight`
 */
export function resolveBalanceOptions(options: BalanceOptions, path = 'balance'): BalanceSettings {
  if (!isObject(options)) throw invalidField(path, 'must be an object');
  checkNames(options, ['models', 'strategy'], path);
  const { models, strategy = 'weighted' } = options;
  if (!strategies.includes(strategy)) throw invalidField(`${path}.strategy`, `must be one of ${strategies.join(', ')}`);
  if (!Array.isArray(models) || models.length === 0)
    throw invalidField(`${path}.models`, 'must hold at least one model');
  const resolved = models.map((entry, index) => resolveModel(entry, `${path}.models[${index}]`));
  checkDistinct(resolved, `${path}.models`);
  return { models: resolved, strategy };
}

function resolveModel(entry: BalancedModel, path: string): Required<BalancedModel> {
  if (!isObject(entry)) throw invalidField(path, 'must be an object');
  checkNames(entry, ['model', 'weight'], path);
  const { model, weight = 1 } = entry;
  if (typeof model !== 'string' || model.trim() === '') throw invalidField(`${path}.model`, 'must be a model id');
  if (typeof weight !== 'number' || !(weight > 0 && weight < Infinity)) {
    throw invalidField(`${path}.weight`, 'must be a number above 0');
  }
  return { model, weight };
}

function checkDistinct(models: readonly BalancedModel[], path: string): void {
  const seen = new Set<string>();
  for (const [index, { model }] of models.entries()) {
    if (seen.has(model)) throw invalidField(`${path}[${index}].model`, 'is there twice: give it more weight instead');
    seen.add(model);
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
