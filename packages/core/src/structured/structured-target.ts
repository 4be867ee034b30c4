import type { ClientRuntime } from '../client/client-runtime.ts';
import { type ChatTarget, resolveTarget } from '../client/resolve-target.ts';
import type { CallOptions } from '../contract/call-options.ts';
import type { ChatRequest } from '../contract/provider.ts';
import type { StructuredOutputMode } from '../contract/structured-output.ts';
import type { Candidate } from '../policy/client-policy.ts';
import { checkCapabilities } from '../request/check-capabilities.ts';
import type { ValidRequest } from '../request/validate-request.ts';
import { isAboutSchema, isRefusal, refusedRungs } from './refused-rungs.ts';
import { isRepairable, repairMessages } from './repair.ts';
import { type AskedSchema, type Rung, rungsFor, toRungRequest } from './rung.ts';

/** Whom to ask for an answer by a schema, and in which way. */
export interface StructuredTarget extends ChatTarget {
  rung: Rung;
  /** How often it was asked to correct its answer. */
  repairs: number;
  adapt: (error: unknown) => boolean;
}

export interface StructuredQuestion {
  /** Without a response format. */
  request: ValidRequest;
  asked: AskedSchema;
  /** How many corrections may be asked for. */
  repair: number;
}

/** As `resolveChatTarget`, with the surest of the ways that this model is not known to refuse. */
export async function resolveStructuredTarget(
  runtime: ClientRuntime,
  candidate: Candidate,
  question: StructuredQuestion,
  options: CallOptions,
): Promise<StructuredTarget> {
  const { request } = question;
  const target = await resolveTarget(runtime, candidate, options, (provider, model, strict) => ({
    ...checkCapabilities({ ...request, model, stream: undefined } as ChatRequest, provider, strict),
    streamed: request.stream === true,
  }));
  const { id } = target.provider;
  const refused = refusedRungs(runtime.policy, `${id}\n${target.modelId}\n${target.baseURL}`);
  return toStructured(target, question, refused);
}

/** A target that goes on to the next way when the server refuses one, and asks for corrections. */
function toStructured(
  target: ChatTarget,
  { asked, repair }: StructuredQuestion,
  refused: Set<StructuredOutputMode>,
): StructuredTarget {
  let plain = target.request;
  const rungs = rungsFor(target.provider.capabilities, plain, asked.strict !== undefined);
  const rest = rungs.filter(({ mode }) => !refused.has(mode));
  const take = () => rest.shift() as Rung; // the last one is never refused
  const structured: StructuredTarget = { ...target, rung: take(), repairs: 0, adapt };
  ask();
  return structured;

  function ask(): void {
    structured.request = toRungRequest(plain, structured.rung, asked);
  }

  function adapt(error: unknown): boolean {
    const { mode } = structured.rung;
    if (isRefusal(error, mode)) {
      if (!isAboutSchema(error)) refused.add(mode);
      structured.rung = take();
    } else if (structured.repairs < repair && isRepairable(error)) {
      structured.repairs++;
      plain = { ...plain, messages: [...plain.messages, ...repairMessages(error)] };
    } else return false;
    ask();
    return true;
  }
}
