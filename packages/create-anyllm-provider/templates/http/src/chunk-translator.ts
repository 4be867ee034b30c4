import { type ChatCompletionChunk, type FinishReason, ResponseParseError, type Usage } from '@anyllm/core/provider';
import { errorFromEvent } from '@anyllm/provider-kit';

/** What is known of an exchange when its answer is translated. */
export interface AcmeExchange {
  /** The model that was asked. */
  model: string;
  requestId: string | undefined;
  /** Is cut out of what the server says of it. */
  apiKey: string | undefined;
}

type Fields = Record<string, unknown>;

const finishReasons: Record<string, FinishReason> = { end: 'stop', limit: 'length', filter: 'content_filter' };

/** For an answer that cannot be read. Another attempt may bring one that can. */
export function unreadable(why: string, { model, requestId }: AcmeExchange): ResponseParseError {
  return new ResponseParseError(`acme: the answer cannot be read: ${why}`, {
    provider: 'acme',
    model,
    requestId,
    retryable: true,
  });
}

/** Translates the events of one answer, event by event. A whole answer is an only event. Reads only what it uses. */
export class ChunkTranslator {
  readonly #exchange: AcmeExchange;
  readonly #id = `acme-${crypto.randomUUID()}`;
  readonly #created = Math.floor(Date.now() / 1000);

  constructor(exchange: AcmeExchange) {
    this.#exchange = exchange;
  }

  /** @throws AnyLLMError for an error that the server reports in place of text */
  translate(json: unknown): ChatCompletionChunk {
    const wire = toFields(json);
    if (!wire) throw unreadable('it is not an object', this.#exchange);
    if (wire.error) throw errorFromEvent({ provider: 'acme', ...this.#exchange, body: wire });
    const usage = toUsage(wire.tokens);
    return {
      id: this.#id,
      object: 'chat.completion.chunk',
      created: this.#created,
      model: this.#exchange.model,
      choices: [
        {
          index: 0,
          delta: typeof wire.text === 'string' ? { role: 'assistant', content: wire.text } : {},
          finish_reason: typeof wire.stop === 'string' ? (finishReasons[wire.stop] ?? 'stop') : null,
        },
      ],
      ...(usage && { usage }),
    };
  }
}

function toUsage(value: unknown): Usage | undefined {
  const { input, output } = toFields(value) ?? {};
  if (typeof input !== 'number' || typeof output !== 'number') return undefined;
  return { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
}

function toFields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}
