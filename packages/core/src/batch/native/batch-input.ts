import type { ClientRuntime } from '../../client/client-runtime.ts';
import { resolveTarget } from '../../client/resolve-target.ts';
import { systemClock } from '../../clock.ts';
import type { ProviderBatches } from '../../contract/batch.ts';
import type { Warning } from '../../contract/call-meta.ts';
import type { ChatRequest, Provider, ProviderContext } from '../../contract/provider.ts';
import { AnyLLMError } from '../../errors/any-llm-error.ts';
import { InvalidRequestError, UnsupportedParameterError } from '../../errors/errors.ts';
import { checkCapabilities } from '../../request/check-capabilities.ts';
import { parseModelId } from '../../request/model-id.ts';
import { badRow, type Row, toJSON } from '../batch-rows.ts';
import type { NamedOptions } from './ask-batches.ts';

interface Settings {
  provider: Provider;
  batches: ProviderBatches;
  context: ProviderContext;
  /** Whether a parameter that is left out is an error instead of a warning. */
  strict: boolean;
  named: boolean;
}

/** The rows of one provider and one model as lines of the vendor's file. Before the network. */
export class BatchInput {
  /** The vendor's id, known with the first row. */
  model = '';
  readonly #settings: Settings;
  readonly #warnings = new Map<string, Warning>();

  private constructor(settings: Omit<Settings, 'context'>, connection: Omit<ProviderContext, 'clock' | 'observer'>) {
    const warn = (warning: Warning) => this.#warn(warning);
    const context = { ...connection, clock: systemClock, observer: { connected() {}, responded() {}, warn } };
    this.#settings = { ...settings, context };
  }

  /**
   * @param named whether the caller named the provider, so that models are its own ids
   * @throws AnyLLMError when the provider is not there, or its key
   */
  static async open(runtime: ClientRuntime, options: NamedOptions, named: boolean): Promise<BatchInput> {
    const candidate = { id: undefined, provider: options.provider, balanced: undefined };
    const askOf = () => ({ request: undefined, warnings: [], streamed: false });
    const target = await resolveTarget(runtime, candidate, options, askOf);
    const { provider, apiKey, baseURL, headers, transport, strict } = target;
    if (!provider.batches) throw new UnsupportedParameterError(`${provider.id}: batches are not supported`, {});
    const signal = options.signal ?? new AbortController().signal;
    const settings = { provider, batches: await provider.batches(), strict, named };
    return new BatchInput(settings, { signal, apiKey, baseURL, headers, transport });
  }

  /** What was not done quite as asked, each once. */
  get warnings(): Warning[] {
    return [...this.#warnings.values()];
  }

  async *lines(rows: AsyncIterable<Row>): AsyncGenerator<string> {
    for await (const row of rows) yield this.#toLine(row);
  }

  /** @throws InvalidRequestError when the file is more than the vendor takes */
  checkSize(rows: number, bytes: number): void {
    const { provider, batches } = this.#settings;
    const { limits } = batches;
    if (rows <= limits.rows && bytes <= limits.bytes) return;
    const message =
      `${provider.id}: a batch may have at most ${limits.rows} rows and ${limits.bytes} bytes, and row ${rows} is beyond ` +
      'that; make several batches of the rows, or run them with `local: true`';
    throw new InvalidRequestError(message, { provider: provider.id, path: 'requests' });
  }

  #toLine({ place, custom_id, valid }: Row): string {
    const { provider, batches, context, strict } = this.#settings;
    const { stream: _, ...fields } = valid;
    const model = this.#modelOf(place, valid.model);
    try {
      const { request, warnings } = checkCapabilities({ ...fields, model } as ChatRequest, provider, strict);
      for (const warning of warnings) this.#warn(warning);
      return toJSON(place, batches.toLine({ custom_id, request }, context));
    } catch (error) {
      if (AnyLLMError.isInstance(error) && !error.message.startsWith(place))
        error.message = `${place}: ${error.message}`;
      throw error;
    }
  }

  #modelOf(place: string, id: string | readonly string[]): string {
    const { provider, named } = this.#settings;
    if (typeof id !== 'string')
      throw badRow(place, 'model', `must be one model, since ${provider.id} runs the batch${orLocal}`);
    const parsed = parseModelId(id, named ? provider.id : undefined);
    if (parsed.provider !== provider.id) {
      throw badRow(place, 'model', `is of ${parsed.provider}, and the batch is for ${provider.id}${orLocal}`);
    }
    this.model ||= parsed.model;
    if (parsed.model === this.model) return parsed.model;
    throw badRow(
      place,
      'model',
      `is another than that of the rows before it, and ${provider.id} takes one in a batch${orLocal}`,
    );
  }

  /** @throws UnsupportedParameterError for a parameter that is left out, where the caller wants that */
  #warn(warning: Warning): void {
    const { provider, strict } = this.#settings;
    const { code, parameter, message } = warning;
    if (strict && code === 'parameter_dropped') {
      throw new UnsupportedParameterError(`${provider.id}: ${message}`, { provider: provider.id, parameter });
    }
    this.#warnings.set(message, warning);
  }
}

const orLocal = '; `local: true` takes any';
