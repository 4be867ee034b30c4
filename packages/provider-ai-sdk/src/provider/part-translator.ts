import {
  type Annotation,
  type AttemptObserver,
  type ChatCompletionChunk,
  type ChunkChoice,
  type ChunkDelta,
  ProviderError,
  type ReasoningDetail,
} from '@anyllm/core/provider';
import type {
  BlockPart,
  DeltaPart,
  DocumentContent,
  FinishPart,
  ModelFinishReason,
  ProviderMetadata,
  ResponseMetadata,
  SourceContent,
  TheirStreamPart,
  ToolCallContent,
  ToolInputStart,
} from '../specification.ts';
import { toError } from './to-error.ts';
import { toUsage } from './to-usage.ts';
import { toWarning } from './to-warning.ts';

export interface TranslationContext {
  providerId: string;
  /** The model that was asked, for answers that do not name theirs. */
  model: string;
  observer: Pick<AttemptObserver, 'warn'>;
}

type Head = Pick<ChatCompletionChunk, 'id' | 'object' | 'created' | 'model'>;
type ReasoningPart = BlockPart<'reasoning'> | DeltaPart<'reasoning'>;

/**
 * Translates the parts of one answer, step by step: state and part in, chunk or nothing out. A whole answer is the parts
 * that it would have been streamed in.
 */
export class PartTranslator {
  readonly #context: TranslationContext;
  #head: Head | undefined;
  #started = false;
  /** By the id of a block, what was last said of it. */
  readonly #metadata = new Map<string, ProviderMetadata>();
  /** The block of reasoning that is open under an id; ids may be used again. */
  readonly #reasoning = new Map<string, number>();
  #reasoningBlocks = 0;
  /** In the order in which they began. */
  readonly #toolCalls = new Map<string, number>();
  /** Calls whose fragments are passed over, since they are not JSON or not the caller's to answer. */
  readonly #silent = new Set<string>();

  constructor(context: TranslationContext) {
    this.#context = context;
  }

  /** @throws AnyLLMError for an error that is reported in place of more content */
  translate(part: TheirStreamPart): ChatCompletionChunk | undefined {
    switch (part.type) {
      case 'stream-start':
        for (const warning of part.warnings) this.#context.observer.warn(toWarning(warning, this.#context.providerId));
        return undefined;
      case 'response-metadata':
        this.#head ??= this.#toHead(part);
        return undefined;
      case 'error':
        throw toError(part.error, this.#context);
      case 'finish':
        // Without its end it is a cut stream, which core reports with what had come.
        return part.finishReason.unified === 'interrupted' ? undefined : this.#chunk({}, part);
      default: {
        const delta = this.#toDelta(part);
        return delta && this.#chunk(delta);
      }
    }
  }

  #toDelta(part: TheirStreamPart): ChunkDelta | undefined {
    switch (part.type) {
      case 'text-delta':
        return part.delta === '' ? undefined : { content: part.delta };
      case 'text-start':
      case 'text-end':
        return this.#toTextMetadata(part);
      case 'reasoning-start':
      case 'reasoning-delta':
      case 'reasoning-end':
        return this.#toReasoning(part);
      case 'tool-input-start':
        return this.#startToolCall(part);
      case 'tool-input-delta':
        return this.#toFragment(part.id, part.delta);
      case 'tool-call':
        return this.#toToolCall(part);
      case 'source':
        return { annotations: [toAnnotation(part)] };
      case 'file':
      case 'reasoning-file':
      case 'custom':
      case 'tool-result':
      case 'tool-approval-request':
        return this.#leaveOut(`a part of the answer, of type \`${part.type}\`, has no place here and was left out`);
      default:
        return undefined;
    }
  }

  /** Told once, at the end of the text. */
  #toTextMetadata({ type, id, providerMetadata }: BlockPart<'text'>): ChunkDelta | undefined {
    if (providerMetadata) this.#metadata.set(id, providerMetadata);
    const known = this.#metadata.get(id);
    if (type === 'text-start' || known === undefined) return undefined;
    return { reasoning_details: [{ type: 'ai-sdk.text', provider_metadata: known }] };
  }

  #toReasoning(part: ReasoningPart): ChunkDelta | undefined {
    const text = part.type === 'reasoning-delta' ? part.delta : '';
    if (part.type === 'reasoning-start' || !this.#reasoning.has(part.id)) {
      this.#reasoning.set(part.id, this.#reasoningBlocks);
      this.#reasoningBlocks += 1;
    }
    if (text === '' && !part.providerMetadata) return undefined;
    const detail: ReasoningDetail = {
      type: 'ai-sdk.reasoning',
      index: this.#reasoning.get(part.id),
      text,
      ...(part.providerMetadata && { provider_metadata: part.providerMetadata }),
    };
    return { ...(text !== '' && { reasoning: text }), reasoning_details: [detail] };
  }

  #startToolCall({ id, toolName, inputEncoding, providerExecuted }: ToolInputStart): ChunkDelta | undefined {
    if (inputEncoding === 'text' || providerExecuted) {
      this.#silent.add(id);
      return undefined;
    }
    const index = this.#toolCallIndex(id);
    return { tool_calls: [{ index, id, type: 'function', function: { name: toolName, arguments: '' } }] };
  }

  #toFragment(id: string, text: string): ChunkDelta | undefined {
    const index = this.#toolCalls.get(id);
    if (text === '' || index === undefined || this.#silent.has(id)) return undefined;
    return { tool_calls: [{ index, function: { arguments: text } }] };
  }

  /** The whole call: all there is of one that came without fragments. */
  #toToolCall(part: ToolCallContent): ChunkDelta | undefined {
    const { toolCallId: id, toolName: name, input, providerExecuted, providerMetadata } = part;
    if (providerExecuted) return this.#leaveOut(`the vendor ran its own tool \`${name}\`; the call was left out`);
    const isNew = !this.#toolCalls.has(id);
    const index = this.#toolCallIndex(id);
    const kept = { type: 'ai-sdk.tool-call', tool_call_id: id, provider_metadata: providerMetadata };
    if (!isNew && !providerMetadata) return undefined;
    return {
      ...(isNew && { tool_calls: [{ index, id, type: 'function', function: { name, arguments: input } }] }),
      ...(providerMetadata && { reasoning_details: [kept] }),
    };
  }

  #toolCallIndex(id: string): number {
    const index = this.#toolCalls.get(id) ?? this.#toolCalls.size;
    this.#toolCalls.set(id, index);
    return index;
  }

  #leaveOut(what: string): undefined {
    this.#context.observer.warn({ code: 'other', message: `${this.#context.providerId}: ${what}` });
  }

  #chunk(delta: ChunkDelta, finish?: FinishPart): ChatCompletionChunk {
    const isFirst = !this.#started;
    this.#started = true;
    this.#head ??= this.#toHead({});
    const usage = finish && toUsage(finish.usage);
    return {
      ...this.#head,
      choices: [
        {
          index: 0,
          delta: isFirst ? { role: 'assistant', ...delta } : delta,
          ...(finish ? this.#toFinish(finish.finishReason) : { finish_reason: null }),
        },
      ],
      ...(usage && { usage }),
    };
  }

  #toHead({ id, timestamp, modelId }: ResponseMetadata): Head {
    return {
      id: id ?? `chatcmpl-${crypto.randomUUID()}`,
      object: 'chat.completion.chunk',
      created: Math.floor((timestamp ?? new Date()).getTime() / 1000),
      model: modelId ?? this.#context.model,
    };
  }

  /** @throws AnyLLMError for an answer that ended because something went wrong */
  #toFinish({ unified, raw }: ModelFinishReason): Pick<ChunkChoice, 'finish_reason' | 'raw_finish_reason'> {
    const { providerId: provider, model } = this.#context;
    if (unified === 'error')
      throw new ProviderError(`${provider}: the model stopped because of an error`, {
        provider,
        model,
        retryable: true,
      });
    if (unified === 'other' && raw === undefined) this.#warnOfNoReason();
    const said = raw ?? (unified === 'other' ? 'other' : undefined);
    const finish_reason = this.#finishReason(unified);
    return { finish_reason, ...(said !== undefined && said !== finish_reason && { raw_finish_reason: said }) };
  }

  /** Models of the older specification say so of a stream that was cut as well. */
  #warnOfNoReason(): void {
    const message = `${this.#context.providerId}: the answer ended without a reason to finish; it may be incomplete`;
    this.#context.observer.warn({ code: 'finish_reason_missing', message });
  }

  #finishReason(unified: ModelFinishReason['unified']): NonNullable<ChunkChoice['finish_reason']> {
    if (unified === 'length') return 'length';
    if (unified === 'content-filter') return 'content_filter';
    return this.#toolCalls.size > 0 ? 'tool_calls' : 'stop';
  }
}

function toAnnotation(source: SourceContent | DocumentContent): Annotation {
  const { title } = source;
  if (source.sourceType === 'url')
    return { type: 'url_citation', url_citation: { url: source.url, ...(title !== undefined && { title }) } };
  const { mediaType, filename } = source;
  return { type: 'document_citation', document_citation: { title, media_type: mediaType, filename } };
}
