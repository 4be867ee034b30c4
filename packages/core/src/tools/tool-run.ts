import type { CompletionOptions } from '../contract/call-options.ts';
import type { ChatCompletion, ChatCompletionChunk, Usage } from '../contract/chat-completion.ts';
import type {
  CompletionRequest,
  FunctionToolCall,
  Message,
  Tool,
  ToolCall,
  ToolMessage,
} from '../contract/chat-request.ts';
import type { RunnableTool } from './tool.ts';

/** A request with tools that can run. Plain ones, without `execute`, end the run when the model calls them. */
export type ToolRequest<Model extends string = string> = Omit<
  CompletionRequest<Model>,
  'tools' | 'n' | keyof Conversation
> &
  Conversation & { n?: 1 };

type Conversation = { messages: Message[]; prompt?: never } | { prompt: string; messages?: never };

/** A call of a tool that is about to run, for `approve`. */
export interface ProposedCall {
  call: FunctionToolCall;
  tool: RunnableTool;
  /** Validated. */
  arguments: unknown;
  step: number;
}

export interface RunToolsOptions<Id extends string = string> extends CompletionOptions<Id> {
  tools: readonly (RunnableTool | Tool)[];
  /** How many times the model is asked at most. Default 10. */
  maxSteps?: number;
  /** Tokens of all steps together: when they are used up, the model is not asked again. Default: no bound. */
  maxTokens?: number;
  /** How many calls of tools are run at most. Default 100. */
  maxCalls?: number;
  /** How many calls in a row may be such that they cannot be run (unknown tool, wrong arguments). Default 3. */
  maxInvalidCalls?: number;
  /**
   * How long the whole run may take, tools included: milliseconds from its start, and no point in time, which is refused.
   * `timeout` is that of each step. Default: none.
   */
  deadline?: number;
  /** How many tools run at once. Default 8. */
  concurrency?: number;
  /** Milliseconds for each tool that has no time-out of its own. Default 60,000. */
  toolTimeout?: number;
  /** Called after each step, and waited for. What it throws ends the run. */
  onStep?: (step: ToolStep) => void | PromiseLike<void>;
  /** Whether a call may run. `false` or a text: it does not, and the model is told so, with the text as the reason. */
  approve?: (proposed: ProposedCall) => boolean | string | PromiseLike<boolean | string>;
}

/** How a call of a tool ended. Whatever it was, the model is told. */
export type ToolStatus = 'fulfilled' | 'failed' | 'timed_out' | 'invalid' | 'denied';

/** What came of a call. */
export interface ToolResult {
  call: ToolCall;
  status: ToolStatus;
  /** What the tool returned. */
  value?: unknown;
  /** What it threw, or why it did not run. */
  reason?: unknown;
  /** What the model gets. */
  message: ToolMessage;
  /** Milliseconds from its start to its end. */
  durationMs: number;
}

/** One answer of the model and what came of the calls in it, in their order. */
export interface ToolStep {
  /** From 0. */
  index: number;
  completion: ChatCompletion;
  results: ToolResult[];
}

/**
 * Why a run ended: the model gave its answer; a bound was reached, with the model's calls left in `pending`; or the
 * model called a tool that has no `execute`, which is the caller's to run.
 */
export type StopReason = 'answered' | 'max_steps' | 'max_tokens' | 'max_calls' | 'caller_tool';

/** What came of a run. */
export interface ToolRunResult {
  /** The model's last answer. */
  completion: ChatCompletion;
  /** Its text; `""` when there is none. */
  text: string;
  stopped: StopReason;
  /** Calls that were not run. A run whose request ends with these `messages` runs them first. */
  pending: ToolCall[];
  /** The whole conversation, that of the request included. It can be sent again as it is. */
  messages: Message[];
  steps: ToolStep[];
  /** Of all steps; absent when no step stated any. */
  usage?: Usage;
  /** Of all steps, where each step's cost is known. */
  cost?: number;
}

/** What happens in a streamed run. */
export type ToolEvent =
  | { type: 'chunk'; step: number; chunk: ChatCompletionChunk }
  | { type: 'tool_result'; step: number; result: ToolResult }
  | { type: 'step'; step: ToolStep };

/** What has been done so far; it stays readable when the run fails or is aborted. */
export interface ToolProgress {
  readonly steps: readonly ToolStep[];
  /** The conversation as far as it is complete: it can be sent again, and a run goes on from there. */
  readonly messages: readonly Message[];
  readonly usage: Usage | undefined;
}

/** A run that is under way. Await it for its result. */
export interface ToolRun extends Promise<ToolRunResult>, ToolProgress {}

/**
 * A run that is read as it goes on: iterate over its events, or await it, which reads them to the end. Leaving the
 * iteration closes the socket and aborts the tools.
 */
export interface ToolRunStream
  extends AsyncIterable<ToolEvent>,
    PromiseLike<ToolRunResult>,
    ToolProgress,
    AsyncDisposable {
  /** Only the text, piece by piece, of all steps. */
  text(): AsyncIterableIterator<string>;
}
