import {
  type AttemptObserver,
  type ChatCompletionChunk,
  type ChunkChoice,
  ProviderError,
  type Usage,
} from '@anyllm/core/provider';
import { type Failure, reportedFailure } from '../errors/failure.ts';
import { ChoiceTranslator } from './choice-translator.ts';
import { isFailure } from './finish-reason.ts';
import type { AnswerQuirks } from './quirks.ts';
import { toUsage } from './to-usage.ts';
import type { ToolCalls } from './tool-calls.ts';
import { type Fields, fieldsOf, maxChoices, secondsOf, textOf } from './wire-fields.ts';

/** What is known of an exchange when its chunks are translated. */
export interface TranslationContext {
  provider: string;
  /** The model that was asked, for answers that do not name theirs. */
  model: string;
  requestId: string | undefined;
  apiKey: string | undefined;
  observer: AttemptObserver;
  quirks?: AnswerQuirks | undefined;
}

/**
 * Translates the chunks of one answer from what OpenAI-compatible servers send to our own, step by step: state and
 * wire chunk in, chunk out. Lenient: a field of the wrong type counts as absent.
 */
export class ChunkTranslator {
  readonly #context: TranslationContext;
  readonly #quirks: AnswerQuirks;
  readonly #toolCalls: new (
    provider: string,
  ) => ToolCalls;
  readonly #choices: ChoiceTranslator[] = [];
  #head: { id: string; created: number; model: string } | undefined;

  /** @param toolCalls how the calls of a choice come: whole or in fragments */
  constructor(context: TranslationContext, toolCalls: new (provider: string) => ToolCalls) {
    this.#context = context;
    this.#quirks = context.quirks ?? {};
    this.#toolCalls = toolCalls;
  }

  /**
   * @param wireChoices in place of the chunk's own
   * @returns nothing for a chunk that says nothing, such as Azure's first with its filter results and an empty id
   * @throws Failure for an error that the server reports in place of a chunk; ProviderError for a choice that failed
   */
  translate(wire: Fields, wireChoices = wire.choices): ChatCompletionChunk | undefined {
    const error = this.#quirks.mapError?.(wire);
    if (error || reportsError(wire)) throw this.#failure(error ?? wire);
    const choices = this.#translateChoices(wireChoices);
    const usage = this.#usageOf(wire);
    if (choices.length === 0 && !usage) return undefined;
    const chunk = this.#chunk(wire, choices);
    if (usage) chunk.usage = usage;
    const tier = wire.service_tier ?? fieldsOf(wire.usage)?.service_tier; // the latter is Mistral's
    if (typeof tier === 'string') chunk.service_tier = tier;
    if (typeof wire.system_fingerprint === 'string') chunk.system_fingerprint = wire.system_fingerprint;
    return chunk;
  }

  /**
   * The server says that the stream is over. Some say so without having named a finish reason: what has come is an
   * answer, and the chunk that says so is ours.
   */
  finish(): ChatCompletionChunk | undefined {
    const open = this.#choices.filter((choice) => choice.open);
    if (open.length === 0) return undefined;
    const { provider, observer } = this.#context;
    observer.warn({
      code: 'finish_reason_missing',
      message: `${provider} ended the answer without a finish reason`,
    });
    return this.#chunk(
      {},
      open.map((choice) => choice.finish()),
    );
  }

  #chunk(wire: Fields, choices: ChunkChoice[]): ChatCompletionChunk {
    this.#head ??= this.#readHead(wire);
    const { id, created, model } = this.#head;
    return { id, object: 'chat.completion.chunk', created, model, choices };
  }

  #readHead({ id, created, model }: Fields): { id: string; created: number; model: string } {
    return {
      id: textOf(id) || `chatcmpl-${crypto.randomUUID()}`,
      created: secondsOf(created) ?? Math.floor(Date.now() / 1000),
      model: textOf(model) || this.#context.model,
    };
  }

  #usageOf(wire: Fields): Usage | undefined {
    return (
      toUsage(this.#quirks.mapUsage?.(wire)) ??
      toUsage(wire.usage) ??
      toUsage(fieldsOf(wire.x_groq)?.usage) ??
      usageInChoice(wire.choices)
    );
  }

  #translateChoices(wire: unknown): ChunkChoice[] {
    const choices: ChunkChoice[] = [];
    if (!Array.isArray(wire)) return choices;
    for (const item of wire) {
      const choice = fieldsOf(item);
      if (choice) choices.push(this.#translateChoice(choice));
    }
    return choices;
  }

  #translateChoice(wire: Fields): ChunkChoice {
    if (wire.error) throw this.#failure(wire);
    const raw = textOf(wire.finish_reason);
    if (raw !== '' && isFailure(raw, this.#quirks.mapFinishReason)) throw this.#failedChoice(raw);
    return this.#choice(wire.index).translate(wire, raw);
  }

  #choice(wireIndex: unknown): ChoiceTranslator {
    const index = isChoiceIndex(wireIndex) ? wireIndex : 0;
    const known = this.#choices.find((choice) => choice.index === index);
    if (known) return known;
    const { provider } = this.#context;
    const created = new ChoiceTranslator(index, provider, this.#quirks, new this.#toolCalls(provider));
    this.#choices.push(created);
    return created;
  }

  #failure(body: Fields): Failure {
    const { provider, model, requestId, apiKey } = this.#context;
    return reportedFailure({ provider, model, body, requestId, apiKey });
  }

  #failedChoice(raw: string): ProviderError {
    const { provider, model, requestId } = this.#context;
    return new ProviderError(`${provider}: the model failed (finish reason ${raw})`, {
      provider,
      model,
      requestId,
      retryable: true,
    });
  }
}

/** Where servers put an error inside a successful answer: Groq also in `x_groq`, MiniMax in `base_resp`. */
function reportsError({ error, object, x_groq, base_resp }: Fields): boolean {
  if (error || object === 'error') return true;
  return Boolean(fieldsOf(x_groq)?.error) || Boolean(fieldsOf(base_resp)?.status_code);
}

/** Moonshot has it there. */
function usageInChoice(choices: unknown): Usage | undefined {
  return Array.isArray(choices) ? toUsage(choices[0]?.usage) : undefined;
}

function isChoiceIndex(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) < maxChoices;
}
