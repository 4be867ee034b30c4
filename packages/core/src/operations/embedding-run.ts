import type { Whole } from '../client/ask.ts';
import { optionsFor } from '../client/candidates.ts';
import type { ClientRuntime } from '../client/client-runtime.ts';
import type { CallMeta } from '../contract/call-meta.ts';
import type { CallOptions } from '../contract/call-options.ts';
import type { EmbeddingLimits, EmbeddingRequest, EmbeddingResult } from '../contract/embedding.ts';
import { AnyLLMError } from '../errors/any-llm-error.ts';
import { resolveFallback } from '../policy/fallback.ts';
import { parseModelId } from '../request/model-id.ts';
import type { EmbeddingPart } from './embedding-parts.ts';
import { inOrder, miscountOf } from './join-embeddings.ts';
import { runOperation } from './run-operation.ts';

const charactersPerToken = 4;

/** The requests of one call for embeddings: each runs under the whole policy of the client, all under one deadline. */
export class EmbeddingRun {
  readonly #runtime: ClientRuntime;
  readonly #parameters: Omit<EmbeddingRequest, 'model' | 'input'>;
  readonly #whole: Whole;
  #models: readonly string[];
  #options: CallOptions;
  /** Whether it is settled which of several models answers: the vectors of two cannot be compared. */
  #decided: boolean;
  #deciding: Promise<void> | undefined;

  /** @param startedAt of the whole, whose deadline is that of each part; absent: each part has a deadline of its own */
  constructor(
    runtime: ClientRuntime,
    { model, input, ...parameters }: EmbeddingRequest,
    options: CallOptions,
    startedAt: number | undefined,
  ) {
    this.#runtime = runtime;
    this.#parameters = parameters;
    this.#options = options;
    this.#whole = { startedAt, bill: runtime.policy.spending?.openBill() };
    this.#models = [model].flat();
    this.#decided = this.#models.length + this.#fallbacks.length === 1;
  }

  /** What a request may hold, whoever answers it. */
  async limits(): Promise<EmbeddingLimits> {
    const { provider } = this.#options;
    const asked = [
      ...this.#models.map((id) => ({ id, provider })),
      ...this.#fallbacks.map((id) => ({ id, provider: undefined })),
    ];
    const all = await Promise.all(asked.map(({ id, provider }) => this.#limitsOf(id, provider)));
    const narrowest = (name: keyof EmbeddingLimits) => Math.min(...all.map((limits) => limits[name] ?? Infinity));
    const [maxInputs, maxTokens] = [narrowest('maxInputs'), narrowest('maxTokens')];
    return { ...(maxInputs !== Infinity && { maxInputs }), maxTokens };
  }

  /** Asks for the vectors of one part. Of several models the first answer decides which is asked for the others. */
  async ask(part: EmbeddingPart, signal = this.#options.signal): Promise<EmbeddingResult> {
    while (this.#deciding) await this.#deciding;
    const answer = this.#embed(part, signal);
    if (!this.#decided) this.#deciding = this.#decide(answer);
    return answer;
  }

  /** As `ask`; an error tells which texts it is about. */
  async askNamed(part: EmbeddingPart, signal: AbortSignal): Promise<EmbeddingResult> {
    try {
      return await this.ask(part, signal);
    } catch (error) {
      if (AnyLLMError.isInstance(error) && !signal.aborted) name(error, part); // else it is another part's error
      throw error;
    }
  }

  async #embed({ start, texts }: EmbeddingPart, signal: AbortSignal | undefined): Promise<EmbeddingResult> {
    const answer = await runOperation(
      this.#runtime,
      {
        member: 'embed',
        label: 'embeddings are',
        pick: ({ embed }) => embed,
        models: this.#models,
        parameters: { ...this.#parameters, input: texts },
        tokens: Math.ceil(texts.reduce((sum, text) => sum + text.length, 0) / charactersPerToken),
        complain: (answer) => miscountOf(answer, texts.length),
        whole: this.#whole,
      },
      { ...this.#options, ...(signal && { signal }) },
    );
    return { ...answer, data: inOrder(answer.data, start) };
  }

  /** A failure decides nothing: the next part is asked of all of them again. */
  async #decide(answer: Promise<EmbeddingResult>): Promise<void> {
    try {
      const { meta } = await answer;
      this.#pinTo(meta);
    } catch {
      // thrown to whoever asked
    } finally {
      this.#deciding = undefined;
    }
  }

  #pinTo({ provider: answered, model }: CallMeta): void {
    const id = `${answered}/${model}`;
    const [owner] = this.#runtime.policy.modelsBehind(this.#models[0] as string);
    const candidates = [
      { id, provider: undefined, balanced: undefined },
      { id: owner, provider: this.#options.provider, balanced: undefined },
    ] as const;
    const { provider: _, ...options } = optionsFor(candidates[0], this.#options, candidates[1]);
    this.#options = { ...options, fallbacks: [] };
    this.#models = [id];
    this.#decided = true;
  }

  get #fallbacks(): readonly string[] {
    const { fallbacks } = this.#options;
    return (fallbacks === undefined ? this.#runtime.fallback : resolveFallback(fallbacks)).models;
  }

  async #limitsOf(id: string, provider?: string): Promise<EmbeddingLimits> {
    const { policy, find } = this.#runtime;
    try {
      const ids = provider === undefined ? policy.modelsBehind(id) : [id];
      const found = await Promise.all(ids.map((each) => find(parseModelId(each, provider).provider)));
      return Object.assign({}, ...found.map(({ embeddingLimits }) => embeddingLimits));
    } catch {
      return {}; // thrown when it is asked
    }
  }
}

function name(error: AnyLLMError, { start, texts }: EmbeddingPart): void {
  const end = start + texts.length;
  error.inputs = { start, end };
  error.message += `; inputs ${start} to ${end - 1}`;
}
