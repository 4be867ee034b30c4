import { type Answer, type Dialect, type Exchange, jsonAnswer, type WholeAnswer } from './answer.ts';
import type { BatchEndpoint } from './batch-route.ts';
import { nowInSeconds, type StoredBatch, type StoredFile } from './batch-store.ts';
import { filesOf, textFields } from './form-fields.ts';
import { mistralBatches } from './mistral-batches.ts';
import { openaiBatches } from './openai-batches.ts';
import type { JsonObject } from './recorded-request.ts';
import type { ReplyError } from './reply.ts';
import { type AskRow, lookAt } from './run-batch.ts';

/** What a vendor calls things, and what it refuses. */
export interface BatchDialect {
  fileId(exchange: Exchange): string;
  toFile(file: StoredFile): object;
  toBatch(batch: StoredBatch): object;
  /** The batch that a body asks for, or why there is none. */
  create(exchange: Exchange, body: JsonObject): StoredBatch | ReplyError;
  /** A page of a list of which the newest comes first. */
  page(items: readonly (object & { id: string })[], query: URLSearchParams): object;
}

const DIALECTS: Record<string, BatchDialect> = { openai: openaiBatches, mistral: mistralBatches };

/** @param ask answers the request of a row */
export function answerBatches(exchange: Exchange, dialect: Dialect, ask: AskRow): Answer {
  const batches = DIALECTS[exchange.route.dialect] as BatchDialect;
  return new BatchAnswer(exchange, dialect, batches, ask).answer();
}

class BatchAnswer {
  readonly #exchange: Exchange;
  readonly #dialect: Dialect;
  readonly #batches: BatchDialect;
  readonly #ask: AskRow;

  constructor(exchange: Exchange, dialect: Dialect, batches: BatchDialect, ask: AskRow) {
    this.#exchange = exchange;
    this.#dialect = dialect;
    this.#batches = batches;
    this.#ask = ask;
  }

  answer(): WholeAnswer {
    const { method } = this.#exchange.request;
    switch (this.#exchange.route.endpoint as BatchEndpoint) {
      case 'files':
        return method === 'POST'
          ? this.#upload()
          : this.#list([...this.#store.files.values()].map(this.#batches.toFile));
      case 'file':
        return this.#withFile((file) =>
          method === 'DELETE' ? this.#delete(file) : this.#send(this.#batches.toFile(file)),
        );
      case 'file-content':
        return this.#withFile(({ text }) => this.#bytes(text));
      case 'batches':
        return method === 'POST'
          ? this.#create()
          : this.#list([...this.#store.batches.values()].map(this.#batches.toBatch));
      case 'batch':
        return this.#withBatch((batch) => lookAt(batch, this.#exchange, this.#ask));
      case 'batch-cancel':
        return this.#withBatch((batch) => {
          if (batch.state === 'validating' || batch.state === 'in_progress') batch.state = 'cancelling';
        });
    }
  }

  get #store() {
    return this.#exchange.store;
  }

  #upload(): WholeAnswer {
    const { form } = this.#exchange.request;
    if (!form) return this.#refuse({ message: 'The body is not well-formed multipart/form-data.' });
    const { purpose } = textFields(form);
    const [sent] = filesOf(form, 'file');
    if (typeof purpose !== 'string')
      return this.#refuse({ message: "'purpose' is a required property", param: 'purpose' });
    if (!sent) return this.#refuse({ message: "'file' is a required property", param: 'file' });
    const file: StoredFile = {
      id: this.#batches.fileId(this.#exchange),
      filename: sent.filename ?? '',
      purpose,
      createdAt: nowInSeconds(),
      text: sent.bytes.toString(),
    };
    this.#store.files.set(file.id, file);
    return this.#send(this.#batches.toFile(file));
  }

  #create(): WholeAnswer {
    const { body } = this.#exchange.request;
    if (!body) return this.#refuse({ message: 'The body is not JSON.' });
    const batch = this.#batches.create(this.#exchange, body);
    if (!('rows' in batch)) return this.#refuse(batch);
    this.#store.batches.set(batch.id, batch);
    return this.#send(this.#batches.toBatch(batch));
  }

  #delete({ id }: StoredFile): WholeAnswer {
    this.#store.files.delete(id);
    return this.#send({ id, object: 'file', deleted: true });
  }

  #list(items: object[]): WholeAnswer {
    const query = new URLSearchParams(this.#exchange.request.path.split('?')[1]);
    return this.#send(this.#batches.page(items.reverse() as { id: string }[], query));
  }

  #withFile(answer: (file: StoredFile) => WholeAnswer): WholeAnswer {
    const file = this.#store.files.get(this.#exchange.route.id ?? '');
    return file ? answer(file) : this.#missing('file');
  }

  #withBatch(change: (batch: StoredBatch) => void): WholeAnswer {
    const batch = this.#store.batches.get(this.#exchange.route.id ?? '');
    if (!batch) return this.#missing('batch');
    change(batch);
    return this.#send(this.#batches.toBatch(batch));
  }

  #missing(what: string): WholeAnswer {
    return this.#refuse({ status: 404, message: `No such ${what}: ${this.#exchange.route.id}` });
  }

  #refuse(error: ReplyError): WholeAnswer {
    return this.#dialect.errorAnswer(this.#exchange, error);
  }

  #send(body: object): WholeAnswer {
    return jsonAnswer(200, this.#dialect.headers(this.#exchange), body);
  }

  #bytes(body: string): WholeAnswer {
    const headers = { 'content-type': 'application/octet-stream', ...this.#dialect.headers(this.#exchange) };
    return { status: 200, headers, body };
  }
}
