import { AnyLLMError, type ProviderBatchRow, ProviderError, ResponseParseError } from '@anyllm/core/provider';
import { jsonText } from '../../decode/json-text.ts';
import { createNdjsonDecoder, type NdjsonDecoder } from '../../decode/ndjson-decoder.ts';
import * as explainers from '../../errors/explain-failure.ts';
import { Failure } from '../../errors/failure.ts';
import { type ErrorResponse, errorFromEvent, errorFromResponse } from '../../errors/map-error.ts';
import { describeBody } from '../../http/describe-body.ts';
import type { StreamDecoder } from '../../http/request-stream.ts';
import { countOf, type Fields, fieldsOf, textOf } from '../wire-fields.ts';

export interface BatchLineContext {
  provider: string;
  apiKey: string | undefined;
  /** @throws AnyLLMError or Failure when the body of an answer holds none */
  toOutcome(body: Fields, requestId: string | undefined): Pick<ProviderBatchRow, 'outcome' | 'warnings'>;
}

/** An answer with a picture or with sound may be this long; what is longer is no line of a batch. */
const maxLineBytes = 256 * 1024 * 1024;

/** Decodes a file of results, answers or failures, line by line. Blank lines are skipped. */
export class BatchLineDecoder implements StreamDecoder<ProviderBatchRow> {
  readonly done = false;
  readonly #context: BatchLineContext;
  readonly #lines: NdjsonDecoder;
  #count = 0;

  constructor(context: BatchLineContext) {
    this.#context = context;
    this.#lines = createNdjsonDecoder({ maxLineBytes, details: { provider: context.provider } });
  }

  push(bytes: Uint8Array, out: ProviderBatchRow[]): void {
    this.#lines.push(bytes, (line) => out.push(this.#toRow(line)));
  }

  end(out: ProviderBatchRow[]): void {
    this.#lines.end((line) => out.push(this.#toRow(line)));
  }

  #toRow(line: string): ProviderBatchRow {
    this.#count++;
    const wire = parseObject(line);
    if (!wire)
      return { custom_id: '', outcome: this.#unexpected(`is no JSON object (${describeBody(line)})`), warnings: [] };
    const response = fieldsOf(wire.response);
    const requestId = textOf(response?.request_id) || undefined;
    return {
      custom_id: textOf(wire.custom_id),
      ...(requestId && { requestId }),
      ...this.#read(wire, response, requestId),
    };
  }

  #read(wire: Fields, response: Fields | undefined, requestId: string | undefined) {
    try {
      const body = fieldsOf(response?.body);
      const status = countOf(response?.status_code) ?? 200;
      if (response && (status >= 400 || body?.error)) return { outcome: this.#refusal(status, response), warnings: [] };
      if (body) return this.#context.toOutcome(body, requestId);
      return { outcome: this.#failure(wire), warnings: [] };
    } catch (thrown) {
      const error = thrown instanceof Failure ? thrown.explain(explainers) : thrown;
      if (AnyLLMError.isInstance(error)) return { outcome: error, warnings: [] };
      throw error;
    }
  }

  #refusal(status: number, { body, request_id }: Fields): AnyLLMError {
    const { provider, apiKey } = this.#context;
    const text = typeof body === 'string' ? body : jsonText(body, provider);
    const headers: ErrorResponse['headers'] = { 'x-request-id': textOf(request_id) || undefined };
    return errorFromResponse({ provider, status: status < 400 ? 500 : status, headers, body: text, apiKey });
  }

  /** A row that was not asked, since its batch came to an end before, has an error and no response. */
  #failure({ error }: Fields): AnyLLMError {
    const { provider, apiKey } = this.#context;
    const code = textOf(fieldsOf(error)?.code);
    if (/expired|cancell?ed/.test(code)) {
      const message = `${provider}: the row was not asked before the batch came to its end (${code})`;
      return new ProviderError(message, { provider, retryable: true });
    }
    if (error !== undefined && error !== null) return errorFromEvent({ provider, body: { error }, apiKey });
    return this.#unexpected('holds neither an answer nor an error');
  }

  #unexpected(how: string): ResponseParseError {
    const { provider } = this.#context;
    return new ResponseParseError(`${provider}: line ${this.#count} of the batch's results ${how}`, { provider });
  }
}

function parseObject(line: string): Fields | undefined {
  try {
    return fieldsOf(JSON.parse(line));
  } catch {
    return undefined;
  }
}
