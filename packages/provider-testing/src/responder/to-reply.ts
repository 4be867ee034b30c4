import type { DialectName, RecordedRequest, Reply } from '@anyllm/simulator';
import type { Content, ContentChoice, ContentError, Scenario } from '../scenario.ts';
import { echoOf } from './echo-of.ts';
import { toBatchReply } from './to-batch-reply.ts';
import { toCountReply } from './to-count-reply.ts';
import { toListReply } from './to-list-reply.ts';
import { toMediaReply } from './to-media-reply.ts';
import { toVendorError } from './to-vendor-error.ts';

/** A scenario as an instruction to the simulator. */
export function toReply(dialect: DialectName, scenario: Scenario, request: RecordedRequest): Reply {
  const { content, layout, tokenMs, fault } = scenario;
  if (fault?.kind === 'raw') {
    const { kind: _, ...answer } = fault;
    return { ...answer, ...inPieces(fault.body) };
  }
  if (fault?.kind === 'echo') return { status: fault.status, body: echoOf(request) };
  if (content.error) return toErrorReply(dialect, content.error);
  return {
    ...toContentReply(dialect, content, request),
    ...(layout && { wire: layout }),
    ...(tokenMs !== undefined && { latency: { tokenMs, firstTokenMs: tokenMs } }),
    ...(fault && { fault: fault.kind === 'truncated' ? { kind: 'truncated-json' } : fault }),
  };
}

function toContentReply(dialect: DialectName, content: Content, request: RecordedRequest): Reply {
  return (
    toListReply(dialect, content) ??
    toMediaReply(dialect, content, request) ??
    toCountReply(content, request) ??
    toBatchReply(dialect, content, request) ??
    toChatReply(content)
  );
}

function toChatReply({ choices, usage }: Content): Reply {
  return { choices: choices.map(toChoiceReply), usage: usage ?? null };
}

/** A large body goes out as the client reads it, so that the record tells what it left unread. */
function inPieces(body: string): Reply {
  return body.length > 1_000_000 ? { wire: { chunkBytes: 65_536 } } : {};
}

function toChoiceReply({ tokens, reasoning, toolCalls, finishReason }: ContentChoice) {
  return {
    tokens,
    ...(reasoning !== undefined && { reasoning }),
    ...(toolCalls && { toolCalls }),
    ...(finishReason && { finishReason }),
  };
}

function toErrorReply(dialect: DialectName, { code, retryAfter }: ContentError): Reply {
  const error = toVendorError(dialect, code);
  return { error, ...(retryAfter !== undefined && { headers: { 'retry-after': String(retryAfter) } }) };
}
