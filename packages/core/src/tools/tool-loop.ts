import type { CompletionFunction } from '../client/create-completion.ts';
import { addUsage } from '../completion/add-usage.ts';
import type { mapConcurrent } from '../concurrency/map-concurrent.ts';
import type { withTimeout } from '../concurrency/with-timeout.ts';
import type { CompletionOptions } from '../contract/call-options.ts';
import type { ChatCompletion, Usage } from '../contract/chat-completion.ts';
import type { CompletionRequest, Message, ToolCall } from '../contract/chat-request.ts';
import { InvalidOutputError, InvalidRequestError } from '../errors/errors.ts';
import { callTool } from './call-tool.ts';
import type { LoopSettings, RunSettings } from './loop-settings.ts';
import { type PreparedTool, prepareTools } from './prepare-tools.ts';
import type { StopReason, ToolEvent, ToolRequest, ToolResult, ToolRunResult, ToolStep } from './tool-run.ts';

/** By what a loop works. */
export interface LoopMeans {
  completion: CompletionFunction;
  mapConcurrent: typeof mapConcurrent;
  withTimeout: typeof withTimeout;
}

/** What a run has done so far: its loop adds to it. */
export interface LoopProgress {
  readonly steps: ToolStep[];
  readonly messages: Message[];
  usage: Usage | undefined;
}

/**
 * The loop of a run: ask the model, run the calls in its answer, tell it what came of them, until it answers without a
 * call or a bound is reached. It goes on as its events are read.
 */
export class ToolLoop {
  readonly #progress: LoopProgress;
  readonly #means: LoopMeans;
  readonly #request: ToolRequest;
  readonly #settings: LoopSettings;
  readonly #options: CompletionOptions;
  #tools: ReadonlyMap<string, PreparedTool> = new Map();
  #callsRun = 0;
  #invalidInARow = 0;

  /** @param progress holds the conversation of the request */
  constructor(means: LoopMeans, request: ToolRequest, { settings, callOptions }: RunSettings, progress: LoopProgress) {
    this.#means = means;
    this.#request = request;
    this.#settings = settings;
    this.#options = callOptions;
    this.#progress = progress;
  }

  /** @param signal the caller's and the deadline's in one; it aborts the model's answer and the tools */
  async *events(streamed: boolean, signal: AbortSignal): AsyncGenerator<ToolEvent, ToolRunResult> {
    this.#tools = await prepareTools(this.#settings.tools);
    const open = unansweredCalls(this.#progress.messages);
    this.#refuseCallerTools(open);
    if (open.length > 0) yield* this.#runCalls(open, [], -1, signal);
    for (let index = 0; ; index++) {
      const step: ToolStep = { index, completion: yield* this.#ask(index, streamed, signal), results: [] };
      const calls = this.#record(step);
      const bound = calls.length === 0 ? 'answered' : this.#boundReached(index, calls.length);
      if (!bound) yield* this.#runCalls(calls.filter(this.#isOurs), step.results, index, signal);
      await this.#settings.onStep?.(step);
      yield { type: 'step', step };
      signal.throwIfAborted();
      const left = bound ? calls : calls.filter((call) => !this.#isOurs(call));
      if (bound || left.length > 0) return this.#result(step.completion, bound ?? 'caller_tool', left);
      this.#refuseTooManyInvalid(step);
    }
  }

  async *#ask(step: number, streamed: boolean, signal: AbortSignal): AsyncGenerator<ToolEvent, ChatCompletion> {
    const { prompt, messages, ...rest } = this.#request;
    const tools = [...this.#tools.values()].map(({ wire }) => wire);
    const request = { ...rest, messages: [...this.#progress.messages], tools } as CompletionRequest;
    const options = { ...this.#options, signal };
    if (!streamed) return this.#means.completion({ ...request, stream: false }, options);
    const stream = await this.#means.completion({ ...request, stream: true }, options);
    for await (const chunk of stream) yield { type: 'chunk', step, chunk };
    return stream.completion();
  }

  #record(step: ToolStep): ToolCall[] {
    const { completion } = step;
    this.#progress.steps.push(step);
    this.#progress.usage = addUsage(this.#progress.usage, completion.usage);
    const message = completion.choices[0]?.message;
    if (message) this.#progress.messages.push(message);
    return message?.tool_calls ?? [];
  }

  #boundReached(index: number, callCount: number): StopReason | undefined {
    const { maxSteps, maxTokens, maxCalls } = this.#settings;
    if (index + 1 >= maxSteps) return 'max_steps';
    if ((this.#progress.usage?.total_tokens ?? 0) >= maxTokens) return 'max_tokens';
    return this.#callsRun + callCount > maxCalls ? 'max_calls' : undefined;
  }

  /** @param results are filled in the calls' order; what was done is told in the conversation also after a failure */
  async *#runCalls(
    calls: readonly ToolCall[],
    results: ToolResult[],
    step: number,
    signal: AbortSignal,
  ): AsyncGenerator<ToolEvent, void> {
    const { approve, toolTimeout, concurrency } = this.#settings;
    const { mapConcurrent, withTimeout } = this.#means;
    const settings = { tools: this.#tools, approve, toolTimeout, withTimeout, signal, step };
    const byCall = new Map<ToolCall, ToolResult>();
    this.#callsRun += calls.length;
    const run = (call: ToolCall, item: { signal: AbortSignal }) => callTool(call, { ...settings, signal: item.signal });
    try {
      for await (const result of mapConcurrent(calls, run, { concurrency, ordered: false, signal })) {
        byCall.set(result.call, result);
        yield { type: 'tool_result', step, result };
      }
    } finally {
      const inOrder = calls.flatMap((call) => byCall.get(call) ?? []);
      results.push(...inOrder);
      this.#progress.messages.push(...inOrder.map(({ message }) => message));
    }
  }

  /** Run here, if only to say that there is no such tool. */
  readonly #isOurs = (call: ToolCall): boolean => {
    const prepared = this.#tools.get(call.type === 'custom' ? call.custom.name : call.function.name);
    return prepared === undefined || prepared.runnable !== undefined;
  };

  #refuseCallerTools(open: readonly ToolCall[]): void {
    const call = open.find((call) => !this.#isOurs(call));
    if (!call) return;
    throw new InvalidRequestError(
      `\`messages\` end with the call ${call.id} of a tool that has no \`execute\`; add its result as a message of role "tool"`,
      { path: 'messages' },
    );
  }

  /** A model that does not find its way is not asked for ever. */
  #refuseTooManyInvalid({ completion, results }: ToolStep): void {
    for (const { status } of results) this.#invalidInARow = status === 'invalid' ? this.#invalidInARow + 1 : 0;
    const { maxInvalidCalls } = this.#settings;
    if (this.#invalidInARow <= maxInvalidCalls) return;
    const { provider, model } = completion.meta;
    const message = `${provider}: ${this.#invalidInARow} calls of tools in a row could not be run (maxInvalidCalls: ${maxInvalidCalls})`;
    throw new InvalidOutputError(message, { provider, model });
  }

  #result(completion: ChatCompletion, stopped: StopReason, pending: ToolCall[]): ToolRunResult {
    const { steps, messages, usage } = this.#progress;
    const costs = steps.map(({ completion: { meta } }) => meta.cost);
    const cost = costs.every((one) => one !== undefined) ? costs.reduce((sum, one) => sum + one, 0) : undefined;
    return {
      completion,
      text: completion.text,
      stopped,
      pending,
      messages,
      steps,
      ...(usage && { usage }),
      ...(cost !== undefined && { cost }),
    };
  }
}

/** Of the last answer in a conversation, the calls that have no result yet. */
function unansweredCalls(messages: readonly Message[]): ToolCall[] {
  const answered = new Set<string>();
  for (const message of messages.toReversed()) {
    if (message.role === 'tool') answered.add(message.tool_call_id);
    else return message.role === 'assistant' ? (message.tool_calls ?? []).filter(({ id }) => !answered.has(id)) : [];
  }
  return [];
}
