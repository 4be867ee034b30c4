import { type ChatCompletionChunk, ResponseParseError } from '@anyllm/core/provider';
import { createNdjsonDecoder, describeBody, type NdjsonDecoder, type StreamDecoder } from '@anyllm/provider-kit';
import { ChunkTranslator, type Fields, type TranslationContext, toFields } from './chunk-translator.ts';

/** One JSON text over several lines is not read further than this many characters. */
const maxBodyLength = 16 * 1024 * 1024;

/**
 * Decodes the lines of a streamed answer. The content type does not matter: a whole answer in place of a stream is an
 * only line, or, when something in between has laid it out for reading, several that make one JSON text.
 */
export class ChatDecoder implements StreamDecoder<ChatCompletionChunk> {
  readonly #context: TranslationContext;
  readonly #lines: NdjsonDecoder;
  readonly #translator: ChunkTranslator;
  #laidOut = '';
  #out: ChatCompletionChunk[] = [];

  constructor(context: TranslationContext) {
    const { model, requestId } = context;
    this.#context = context;
    this.#lines = createNdjsonDecoder({ details: { provider: 'ollama', model, requestId, retryable: true } });
    this.#translator = new ChunkTranslator(context);
  }

  get done(): boolean {
    return this.#translator.finished;
  }

  push(bytes: Uint8Array, out: ChatCompletionChunk[]): void {
    this.#out = out;
    this.#lines.push(bytes, this.#onLine);
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
    const { model, requestId } = this.#context;
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
    return toFields(JSON.parse(text));
  } catch {
    return undefined;
  }
}
