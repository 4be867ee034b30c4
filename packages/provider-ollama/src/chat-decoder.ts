import { type ChatCompletionChunk, ResponseParseError } from '@anyllm/core/provider';
import { createNdjsonDecoder, describeBody, type NdjsonDecoder, type StreamDecoder } from '@anyllm/provider-kit';
import type { ChunkTranslator, Fields } from './chunk-translator.ts';

/** One JSON text over several lines is not read further than this many characters. */
const maxBodyLength = 16 * 1024 * 1024;

const nowhere: ChatCompletionChunk[] = [];

/**
 * Decodes the lines of a streamed answer. The content type does not matter: a whole answer in place of a stream is an
 * only line, or, when something in between has laid it out for reading, several that make one JSON text.
 */
export class ChatDecoder implements StreamDecoder<ChatCompletionChunk> {
  readonly #lines: NdjsonDecoder;
  readonly #translator: ChunkTranslator;
  #laidOut = '';
  #out = nowhere;

  constructor(translator: ChunkTranslator) {
    const { model, requestId } = translator.context;
    this.#lines = createNdjsonDecoder({ details: { provider: 'ollama', model, requestId, retryable: true } });
    this.#translator = translator;
  }

  get done(): boolean {
    return this.#translator.finished;
  }

  push(bytes: Uint8Array, out: ChatCompletionChunk[]): void {
    this.#out = out;
    this.#lines.push(bytes, this.#onLine);
    this.#out = nowhere; // or the last chunks would stay as long as the stream
  }

  end(out: ChatCompletionChunk[]): void {
    this.#out = out;
    this.#lines.end(this.#onLine);
    if (this.#laidOut !== '') this.#translate(parseFields(this.#laidOut) ?? this.#malformed(this.#laidOut));
  }

  readonly #onLine = (line: string): void => {
    if (this.done) return;
    const wire = this.#laidOut === '' ? parseFields(line) : undefined;
    if (wire) this.#translate(wire);
    else this.#keep(line);
  };

  #translate(wire: Fields): void {
    this.#out.push(this.#translator.translate(wire));
  }

  /** Only the first line can be the beginning of a text over several. */
  #keep(line: string): void {
    const goesOn = !this.#translator.started && (this.#laidOut !== '' || line.trimStart().startsWith('{'));
    if (!goesOn || this.#laidOut.length + line.length > maxBodyLength) this.#malformed(line);
    this.#laidOut += `${line}\n`;
  }

  #malformed(text: string): never {
    const { model, requestId } = this.#translator.context;
    throw new ResponseParseError(`ollama: a line of the stream is not a JSON object (${describeBody(text)})`, {
      provider: 'ollama',
      model,
      requestId,
      retryable: true,
    });
  }
}

function parseFields(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
}
