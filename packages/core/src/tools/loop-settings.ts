import type { CompletionOptions } from '../contract/call-options.ts';
import { checkNames } from '../errors/check-names.ts';
import { invalidField } from '../errors/invalid-field.ts';
import { completionOptionNames } from '../request/check-options.ts';
import type { RunToolsOptions, ToolRequest } from './tool-run.ts';

/** The options of a run that are its own, checked, with their defaults. */
export type LoopSettings = Required<
  Pick<
    RunToolsOptions,
    'tools' | 'maxSteps' | 'maxTokens' | 'maxCalls' | 'maxInvalidCalls' | 'deadline' | 'concurrency' | 'toolTimeout'
  >
> & { [Name in 'onStep' | 'approve']: RunToolsOptions[Name] | undefined };

const bounds = {
  maxSteps: { fallback: 10, least: 1 },
  maxTokens: { fallback: Number.POSITIVE_INFINITY, least: 0 },
  maxCalls: { fallback: 100, least: 0 },
  maxInvalidCalls: { fallback: 3, least: 0 },
  concurrency: { fallback: 8, least: 1 },
} as const;

const ownNames = [...Object.keys(bounds), 'tools', 'deadline', 'toolTimeout', 'onStep', 'approve'];

/**
 * Parts the options of a run from those of its calls, which are checked with the first call.
 * @throws InvalidRequestError with the path of a wrong option
 */
export function toSettings(options: RunToolsOptions): { settings: LoopSettings; callOptions: CompletionOptions } {
  checkNames(Object(options), [...ownNames, ...completionOptionNames]);
  const { tools, maxSteps, maxTokens, maxCalls, maxInvalidCalls, concurrency, ...others } = Object(
    options,
  ) as RunToolsOptions;
  const { deadline = Number.POSITIVE_INFINITY, toolTimeout = 60_000, onStep, approve, ...callOptions } = others;
  checkTime('deadline', deadline);
  checkTime('toolTimeout', toolTimeout);
  checkFunction('onStep', onStep);
  checkFunction('approve', approve);
  const settings = {
    tools,
    maxSteps: toBound('maxSteps', maxSteps),
    maxTokens: toBound('maxTokens', maxTokens),
    maxCalls: toBound('maxCalls', maxCalls),
    maxInvalidCalls: toBound('maxInvalidCalls', maxInvalidCalls),
    concurrency: toBound('concurrency', concurrency),
    deadline,
    toolTimeout,
    onStep,
    approve,
  };
  return { settings, callOptions };
}

/** @throws InvalidRequestError with the path of a field that a run cannot have */
export function checkToolRequest(request: ToolRequest): void {
  const { tools, n } = Object(request) as { tools?: unknown; n?: unknown };
  if (tools !== undefined) throw invalidField('tools', 'belongs into the options of a run, with their `execute`');
  if (n !== undefined && n !== 1) throw invalidField('n', 'must be 1 in a run, which goes on from one answer');
}

function toBound(name: keyof typeof bounds, value: number | undefined): number {
  const { fallback, least } = bounds[name];
  if (value === undefined) return fallback;
  if (value >= least && (Number.isInteger(value) || value === Number.POSITIVE_INFINITY)) return value;
  throw invalidField(name, `must be an integer of at least ${least}, or Infinity`);
}

function checkTime(name: string, value: unknown): void {
  if (typeof value !== 'number' || !(value > 0)) throw invalidField(name, 'must be milliseconds greater than 0');
}

function checkFunction(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function') throw invalidField(name, 'must be a function');
}
