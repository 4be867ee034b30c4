import type { withTimeout } from '../concurrency/with-timeout.ts';
import type { ToolCall } from '../contract/chat-request.ts';
import { TimeoutError } from '../errors/errors.ts';
import { undoStrict } from '../schema/undo-strict.ts';
import { validate } from '../schema/validate.ts';
import type { PreparedTool } from './prepare-tools.ts';
import type { RunnableTool } from './tool.ts';
import type { RunToolsOptions, ToolResult, ToolStatus } from './tool-run.ts';

export interface CallSettings {
  tools: ReadonlyMap<string, PreparedTool>;
  approve: RunToolsOptions['approve'];
  toolTimeout: number;
  withTimeout: typeof withTimeout;
  /** Aborts when the run ends. */
  signal: AbortSignal;
  step: number;
}

/** What became of a call; its text is for the model. */
interface Outcome {
  status: ToolStatus;
  text: string;
  value?: unknown;
  reason?: unknown;
}

/**
 * Runs one call of the model. Whatever goes wrong is told to the model, so that it may do better. Rejects only when the
 * run is aborted, or when `approve` throws.
 */
export async function callTool(call: ToolCall, settings: CallSettings): Promise<ToolResult> {
  const startedAt = performance.now();
  const { text, ...outcome } = await settle(call, settings);
  return {
    call,
    ...outcome,
    message: { role: 'tool', tool_call_id: call.id, content: text },
    durationMs: performance.now() - startedAt,
  };
}

async function settle(call: ToolCall, settings: CallSettings): Promise<Outcome> {
  const prepared = call.type === 'function' ? settings.tools.get(call.function.name) : undefined;
  if (call.type !== 'function' || !prepared?.runnable) return unknownTool(settings);
  const { runnable } = prepared;
  const read = await readArguments(call.function.arguments, prepared);
  if ('complaint' in read) return { status: 'invalid', text: read.complaint, reason: read.complaint };
  const { step, approve } = settings;
  const approved = await (approve?.({ call, tool: runnable, arguments: read.value, step }) ?? true);
  settings.signal.throwIfAborted();
  if (approved !== true) return denied(approved);
  return execute(call.id, runnable, read.value, settings);
}

async function readArguments(
  text: string,
  { runnable, strictOf }: PreparedTool,
): Promise<{ value: unknown } | { complaint: string }> {
  const json = parse(text);
  if (json === undefined) return { complaint: 'Error: the arguments are not valid JSON.' };
  const { value } = json;
  const result = await validate((runnable as RunnableTool).parameters, strictOf ? undoStrict(value, strictOf) : value);
  if (result.issues === undefined) return { value: result.value };
  const issues = result.issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  return { complaint: `Error: the arguments do not fit the schema.\n${issues.join('\n')}` };
}

/** Models write nothing at all where a tool takes nothing. */
function parse(text: string): { value: unknown } | undefined {
  if (text.trim() === '') return { value: {} };
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

async function execute(callId: string, tool: RunnableTool, args: unknown, settings: CallSettings): Promise<Outcome> {
  const { step, signal, toolTimeout, withTimeout } = settings;
  const timeoutMs = tool.timeout ?? toolTimeout;
  const run = (limited: { signal: AbortSignal }) =>
    tool.execute(args, { signal: limited.signal, callId, name: tool.name, step });
  try {
    const value = await withTimeout(run, timeoutMs, { signal });
    return { status: 'fulfilled', value, text: toText(value) };
  } catch (reason) {
    signal.throwIfAborted();
    if (TimeoutError.isInstance(reason) && reason.timeoutMs === timeoutMs && reason.provider === undefined) {
      return { status: 'timed_out', reason, text: `Error: the tool did not finish within ${timeoutMs} ms.` };
    }
    return { status: 'failed', reason, text: `Error: ${reason instanceof Error ? reason.message : String(reason)}` };
  }
}

/** @throws TypeError for what JSON cannot say, which the model is told as a failure of the tool */
function toText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'null');
}

function unknownTool({ tools }: CallSettings): Outcome {
  const known = [...tools.keys()].join(', ');
  const reason = `Error: there is no such tool; there are: ${known}.`;
  return { status: 'invalid', text: reason, reason };
}

function denied(reason: boolean | string): Outcome {
  const text = typeof reason === 'string' ? `The call was not allowed: ${reason}` : 'The call was not allowed.';
  return { status: 'denied', text, reason };
}
