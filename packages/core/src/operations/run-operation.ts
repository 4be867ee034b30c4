import { ask, type Whole } from '../client/ask.ts';
import type { ClientRuntime } from '../client/client-runtime.ts';
import { resolveTarget } from '../client/resolve-target.ts';
import { ChunkSource, closeLate, type OpenedStream } from '../completion/chunk-source.ts';
import type { CallMeta } from '../contract/call-meta.ts';
import type { CallOptions } from '../contract/call-options.ts';
import type { Asked, ProviderOperations } from '../contract/operations.ts';
import type { Provider } from '../contract/provider.ts';
import { ResponseParseError, UnsupportedParameterError } from '../errors/errors.ts';
import { invalidField } from '../errors/invalid-field.ts';
import type { Attempt, Target, TokensUsed } from '../policy/attempt.ts';
import type { Call } from '../policy/call.ts';
import type { Candidate } from '../policy/client-policy.ts';
import { checkOptions } from '../request/check-options.ts';
import { type EventKinds, EventStream } from './event-stream.ts';
import { ownUsage, withSoundCounts } from './sound-counts.ts';

/** A provider's member, by which it is asked. */
type Operate<Parameters, Answer> = (request: Asked<Parameters>, context: Attempt) => Answer;

export interface Operation<Parameters, Answer> {
  /** The provider's member for it, which may be absent. */
  member: keyof ProviderOperations | 'complete' | 'stream';
  pick(provider: Provider): Operate<Parameters, Answer> | undefined;
  /** For messages: "embeddings are". */
  label: string;
  /** Absent: a provider is asked, which the options name. */
  models?: string | readonly string[] | undefined;
  /** The request without its `model`, validated. */
  parameters: Parameters;
  /** Whether the same may be asked again after this failure. Default: where the error says so. */
  mayRepeat?(error: unknown): boolean;
  /** How many tokens the request holds, roughly, for limits and budgets. Default 0. */
  tokens?: number;
  /** How many it may generate. Default 0. */
  answerTokens?: number;
  /** Why what came cannot be the answer, for a message: "asked for 3 embeddings, got 2". Default: it always can. */
  complain?(answer: Awaited<Answer>): string | undefined;
  /** Of a part: the whole that it belongs to. Default: it is one by itself. */
  whole?: Whole;
}

interface WholeOperation<Parameters, Answer> extends Operation<Parameters, Promise<Answer>> {
  /** What an answer says it used. Default: its `usage`. */
  usageOf?(answer: Answer): TokensUsed | undefined;
}

interface Asking<Parameters, Answer> {
  operate: Operate<Parameters, Answer>;
  asked: Asked<Parameters>;
  complain: Operation<Parameters, Answer>['complain'];
}

/** Whom to ask, and what: the same parameters for each candidate, with its own model id. */
interface OperationTarget<Parameters, Answer> extends Target {
  request: Asking<Parameters, Answer>;
}

type WithMeta<Answer> = Answer & { meta: CallMeta };

/**
 * Runs an operation that answers once, under the whole policy of the client.
 * @throws AnyLLMError of the class that fits, or the reason of `options.signal`
 */
export async function runOperation<Parameters, Answer extends object>(
  runtime: ClientRuntime,
  operation: WholeOperation<Parameters, Answer>,
  options: CallOptions = {},
): Promise<WithMeta<Answer>> {
  checkAll(options, operation);
  const question = questionOf(runtime, operation, false);
  const { usageOf = ownUsage } = operation;
  const open = (call: Call, attempt: Attempt, target: OperationTarget<Parameters, Promise<Answer>>) =>
    answerOnce(call, attempt, target, usageOf);
  return ask(runtime, { ...question, open, discard() {}, deliver: asIs }, options);
}

/** As `runOperation`, for one that answers in pieces. Settles with the first of them that `kinds` takes for content. */
export async function runStreamedOperation<Parameters, Event>(
  runtime: ClientRuntime,
  operation: Operation<Parameters, AsyncIterable<Event | readonly Event[]>>,
  kinds: EventKinds<Event>,
  options: CallOptions = {},
): Promise<EventStream<Event>> {
  return openOperation(runtime, operation, kinds.isContent, (opened) => new EventStream(opened, kinds), options);
}

/** As `runStreamedOperation`, for a stream of one's own making. */
export async function openOperation<Parameters, Event, Stream>(
  runtime: ClientRuntime,
  operation: Operation<Parameters, AsyncIterable<Event | readonly Event[]>>,
  isContent: EventKinds<Event>['isContent'],
  deliver: (opened: OpenedStream<Event>) => Stream,
  options: CallOptions = {},
): Promise<Stream> {
  checkAll(options, operation);
  type Streamed = OperationTarget<Parameters, AsyncIterable<Event | readonly Event[]>>;
  const open = (call: Call, attempt: Attempt, { request: { operate, asked } }: Streamed) =>
    ChunkSource.open(call, attempt, () => operate(asked, attempt), { hasContent: isContent });
  return ask(runtime, { ...questionOf(runtime, operation, true), open, discard: closeLate, deliver }, options);
}

/** Where no model is asked, others to be asked in its place would silently be left aside. */
function checkAll(options: CallOptions, { models }: Pick<Operation<never, never>, 'models'>): void {
  checkOptions(options);
  if (models !== undefined || options.fallbacks === undefined) return;
  throw invalidField('options.fallbacks', 'must be left out: what is asked here is a provider, not a model');
}

function questionOf<Parameters, Answer>(
  runtime: ClientRuntime,
  {
    member,
    pick,
    label,
    models,
    parameters,
    mayRepeat,
    tokens = 0,
    answerTokens = 0,
    complain,
    whole,
  }: Operation<Parameters, Answer>,
  streamed: boolean,
) {
  return {
    models,
    whole,
    mayRepeat,
    estimateUsage: () => ({ prompt_tokens: tokens, completion_tokens: answerTokens }),
    resolve(candidate: Candidate, options: CallOptions) {
      return resolveTarget(runtime, candidate, options, (provider, model) => {
        const method = pick(provider);
        if (typeof method !== 'function') throw unsupported(provider.id, member, label);
        const operate = method.bind(provider);
        return { request: { operate, asked: { ...parameters, model }, complain }, warnings: [], streamed };
      });
    },
  };
}

async function answerOnce<Parameters, Answer extends object>(
  call: Call,
  attempt: Attempt,
  { request: { operate, asked, complain } }: OperationTarget<Parameters, Promise<Answer>>,
  usageOf: (answer: Answer) => TokensUsed | undefined,
): Promise<WithMeta<Answer>> {
  const answer = withSoundCounts(await attempt.guard(() => operate(asked, attempt)), attempt);
  const complaint = complain?.(answer);
  if (complaint !== undefined) throw unfit(attempt, complaint);
  attempt.succeed(usageOf(answer));
  call.end();
  return { ...answer, meta: call.meta(attempt) };
}

function asIs<T>(answer: T): T {
  return answer;
}

function unfit({ provider, modelId: model, answer }: Attempt, complaint: string): ResponseParseError {
  const details = { provider: provider.id, model, status: answer?.status, requestId: answer?.requestId };
  return new ResponseParseError(`${provider.id}: ${complaint}`, { ...details, retryable: true });
}

function unsupported(provider: string, member: string, label: string): UnsupportedParameterError {
  const message = `${provider}: ${label} not supported (the provider has no \`${member}\`)`;
  return new UnsupportedParameterError(message, { provider, parameter: member });
}
