import { ask } from '../client/ask.ts';
import type { ClientRuntime } from '../client/client-runtime.ts';
import { addUsage } from '../completion/add-usage.ts';
import { checkCompletion } from '../completion/check-answer.ts';
import { chunkReading } from '../completion/chunk-reading.ts';
import { ChunkSource, closeLate, type OpenedStream } from '../completion/chunk-source.ts';
import { withRestarts } from '../completion/restarting-source.ts';
import { toChatCompletion } from '../completion/to-chat-completion.ts';
import type { CallOptions, CompletionOptions } from '../contract/call-options.ts';
import type { Usage } from '../contract/chat-completion.ts';
import type { ParsedCompletion, StructuredRequest } from '../contract/structured-output.ts';
import { invalidField } from '../errors/invalid-field.ts';
import type { Attempt } from '../policy/attempt.ts';
import type { Call } from '../policy/call.ts';
import type { Candidate } from '../policy/client-policy.ts';
import { estimateUsage } from '../policy/limits/estimate-usage.ts';
import type { RetryPolicy } from '../policy/retry/retry-policy.ts';
import { checkCompletionOptions } from '../request/check-options.ts';
import { validateRequest } from '../request/validate-request.ts';
import type { JsonSchema } from '../schema/json-keywords.ts';
import { toStrictSchema } from '../schema/strict-schema.ts';
import { toJsonSchema } from '../schema/to-json-schema.ts';
import { toContent, toContentChunks } from './answer-tool.ts';
import { needsEnvelope, toEnvelope } from './envelope.ts';
import { type OutputReader, readOutput } from './read-output.ts';
import type { AskedSchema } from './rung.ts';
import { StructuredStream, type WayOf } from './structured-stream.ts';
import { resolveStructuredTarget, type StructuredTarget } from './structured-target.ts';

/** As `dispatch`, for a request with a schema: the answer is made to fit it, read and checked. */
export async function dispatchStructured(
  runtime: ClientRuntime,
  { response_format: schema, ...input }: StructuredRequest,
  given: CompletionOptions,
): Promise<ParsedCompletion<unknown> | StructuredStream<unknown, unknown>> {
  const { repair = 0, ...options } = Object(given) as CompletionOptions;
  checkCompletionOptions(given === null ? given : options);
  const request = validateRequest(input);
  checkRepair(repair, request.stream === true);
  const json = await toJsonSchema(schema, 'response_format');
  const enveloped = needsEnvelope(json);
  const asked = toAsked(enveloped ? toEnvelope(json) : json, json.title);
  const reader: OutputReader = { schema, json: asked.json, enveloped, hasTools: (request.tools?.length ?? 0) > 0 };
  const question = { request, asked, repair };
  const common = {
    models: request.model,
    resolve: (candidate: Candidate, own: CallOptions) => resolveStructuredTarget(runtime, candidate, question, own),
    estimateUsage: (target: StructuredTarget) => estimateUsage(target.request),
  };
  if (!request.stream) {
    const open = new WholeAnswers(reader).open;
    return ask(runtime, { ...common, open, discard() {}, deliver: (answer) => answer }, options);
  }
  const ways = new WeakMap<Attempt, StructuredTarget>();
  const wayOf: WayOf = (attempt) => ways.get(attempt) as StructuredTarget;
  const open = (call: Call, attempt: Attempt, target: StructuredTarget) => {
    ways.set(attempt, { ...target }); // as it is now: it may be asked in another way later
    return openStructured(call, attempt, target);
  };
  const deliver = (opened: OpenedStream, again: () => Promise<OpenedStream>, plan: { retries: RetryPolicy }) => {
    const source = options.onInterrupt === 'restart' ? withRestarts(opened, again, plan) : opened;
    return new StructuredStream(source, reader, wayOf);
  };
  return ask(runtime, { ...common, open, discard: closeLate, deliver }, options);
}

function checkRepair(repair: unknown, streamed: boolean): void {
  const path = 'options.repair';
  if (!Number.isInteger(repair) || (repair as number) < 0) {
    throw invalidField(path, 'must be an integer of at least 0');
  }
  // What has reached the caller cannot be taken back.
  if (streamed && repair !== 0) throw invalidField(path, 'is not for streams');
}

function toAsked(json: JsonSchema, title: unknown): AskedSchema {
  const name = typeof title === 'string' ? title.replaceAll(/[^\w-]+/g, '_').slice(0, 64) : '';
  const written = toStrictSchema(json);
  return { name: name || 'answer', json, ...(written.strict && { strict: written.schema }) };
}

/** The attempts of one call, which may take several answers. */
class WholeAnswers {
  readonly #reader: OutputReader;
  /** Of all answers so far: those that did not fit are paid for as well. */
  #usage: Usage | undefined;

  constructor(reader: OutputReader) {
    this.#reader = reader;
  }

  readonly open = async (
    call: Call,
    attempt: Attempt,
    { provider, request, rung, repairs }: StructuredTarget,
  ): Promise<ParsedCompletion<unknown>> => {
    const answer = checkCompletion(await attempt.guard(() => provider.complete(request, attempt)), attempt);
    this.#usage = addUsage(this.#usage, answer.usage);
    const paid = { ...answer, ...(this.#usage && { usage: this.#usage }) };
    const metaNow = () => ({ ...call.meta(attempt), structuredOutput: { ...rung, repairs } });
    const whole = toChatCompletion(rung.mode === 'tool' ? toContent(paid) : paid, metaNow());
    try {
      const parsed = await attempt.guard(() => readOutput(this.#reader, whole, rung));
      attempt.succeed(answer.usage);
      call.end();
      return { ...parsed, meta: metaNow() }; // with what it cost, this attempt included
    } catch (error) {
      attempt.fail(error, answer.usage);
      throw error;
    }
  };
}

function openStructured(
  call: Call,
  attempt: Attempt,
  { provider, request, rung }: StructuredTarget,
): Promise<OpenedStream> {
  const start = () => provider.stream(request, attempt);
  const startOfTool = () => toContentChunks(start());
  return ChunkSource.open(call, attempt, rung.mode === 'tool' ? startOfTool : start, chunkReading);
}
