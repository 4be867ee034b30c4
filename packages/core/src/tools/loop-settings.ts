import type { CompletionOptions } from '../contract/call-options.ts';
import {
  anything,
  type Check,
  type Checks,
  callback,
  checkFields,
  count,
  countFromZero,
  milliseconds,
} from '../errors/check-fields.ts';
import { InvalidRequestError } from '../errors/errors.ts';
import { invalidField } from '../errors/invalid-field.ts';
import { completionChecks } from '../request/check-options.ts';
import type { RunToolsOptions, ToolRequest } from './tool-run.ts';

/** The options of a run that are its own, checked, with their defaults. */
export type LoopSettings = Required<
  Pick<
    RunToolsOptions,
    'tools' | 'maxSteps' | 'maxTokens' | 'maxCalls' | 'maxInvalidCalls' | 'deadline' | 'concurrency' | 'toolTimeout'
  >
> & { [Name in 'onStep' | 'approve']: RunToolsOptions[Name] | undefined };

/** The options of a run, parted. */
export interface RunSettings {
  settings: LoopSettings;
  /** Those of its calls. */
  callOptions: CompletionOptions;
}

/** As milliseconds, any point in time of this century is decades: whoever gives one would have no limit. */
const decadesMs = 1e12;

const duration: Check = {
  test: (value) => milliseconds.test(value) && (Number(value) < decadesMs || value === Infinity),
  expected: 'milliseconds greater than 0 for the whole run, and no point in time',
};

const ownChecks = {
  maxSteps: count,
  maxTokens: countFromZero,
  maxCalls: countFromZero,
  maxInvalidCalls: countFromZero,
  concurrency: count,
  tools: anything, // by `prepareTools`
  deadline: duration,
  toolTimeout: milliseconds,
  onStep: callback,
  approve: callback,
};
// By a call that a bundler can leave out: to copy by `...` counts as doing something.
const checks: Checks<RunToolsOptions> = /* @__PURE__ */ Object.assign({}, ownChecks, completionChecks, {
  repair: anything, // by its calls
});

/**
 * Parts the options of a run from those of its calls.
 * @throws InvalidRequestError with the path of a wrong option
 */
export function toSettings(options: RunToolsOptions): RunSettings {
  const given = Object(options) as RunToolsOptions;
  checkFields(given, checks);
  const { tools, maxSteps = 10, maxTokens = Infinity, maxCalls = 100, maxInvalidCalls = 3, ...others } = given;
  const { concurrency = 8, deadline = Infinity, toolTimeout = 60_000, onStep, approve, ...callOptions } = others;
  const bounds = { maxSteps, maxTokens, maxCalls, maxInvalidCalls, concurrency, deadline, toolTimeout };
  return { settings: { tools, ...bounds, onStep, approve }, callOptions };
}

/** @throws InvalidRequestError with the path of a field that a run cannot have */
export function checkToolRequest(request: ToolRequest): void {
  if (typeof request !== 'object' || request === null)
    throw new InvalidRequestError('the request must be an object', { path: '' });
  const { tools, n } = Object(request) as { tools?: unknown; n?: unknown };
  if (tools !== undefined) throw invalidField('tools', 'belongs into the options of a run, with their `execute`');
  if (n !== undefined && n !== 1) throw invalidField('n', 'must be 1 in a run, which goes on from one answer');
}
