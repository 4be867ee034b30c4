import assert from 'node:assert/strict';
import type {
  CallOptions,
  ChatCompletion,
  Client,
  CompletionParameters,
  CompletionStream,
  EmbeddingResult,
  ListedModel,
  Message,
} from '@anyllm/core';
import { createClient } from '@anyllm/core';
import type { Capabilities, Provider } from '@anyllm/core/provider';
import type { Contents } from '../contents.ts';
import type { ReceivedRequest, RunningResponder } from '../responder/responder.ts';
import type { Content, ContentName } from '../scenario.ts';
import { within } from './within.ts';

export type Ask = (request?: PartialRequest, options?: CallOptions) => Promise<ChatCompletion>;

/** A request as far as a case cares about it. */
export type PartialRequest = CompletionParameters & { model?: string; prompt?: string; messages?: Message[] };

/** For a provider that hangs: far above what any answer here takes. */
const hangsMs = 10_000;

/** The key under which every call is made. Nothing that a vendor says may repeat it. */
export const suiteKey = 'sk-Suite7Sesame0Key4Q9x2Lm';

export interface Equipment {
  createProvider: (baseURL: string) => Provider;
  capabilities: Capabilities;
  contents: Contents;
  model: string;
  reasoningModel: string;
  embeddingModel: string;
  server: RunningResponder;
}

/** What a case works with: the provider, in a client as users have it, and a server that has been told what to say. */
export class Bench {
  readonly provider: Provider;
  readonly capabilities: Capabilities;
  readonly server: RunningResponder;
  /** Model ids with the provider's prefix. */
  readonly model: string;
  readonly reasoningModel: string;
  readonly embeddingModel: string;
  readonly #equipment: Equipment;
  readonly #contents: Contents;
  readonly #cleanUps: (() => unknown)[] = [];

  constructor(equipment: Equipment, { baseURL } = equipment.server) {
    this.#equipment = equipment;
    this.provider = equipment.createProvider(baseURL);
    this.capabilities = equipment.capabilities;
    this.server = equipment.server;
    this.#contents = equipment.contents;
    this.model = `${this.provider.id}/${equipment.model}`;
    this.reasoningModel = `${this.provider.id}/${equipment.reasoningModel}`;
    this.embeddingModel = `${this.provider.id}/${equipment.embeddingModel}`;
  }

  /** The same with a provider and a client of its own, made where this is called. */
  another(): Bench {
    return new Bench(this.#equipment);
  }

  /** The same with a provider of its own, whose address is another. */
  at(baseURL: string): Bench {
    return new Bench(this.#equipment, { ...this.server, baseURL });
  }

  get requests(): readonly ReceivedRequest[] {
    return this.server.requests;
  }

  /** What the server says. */
  content(name: ContentName): Content {
    const content = this.#contents[name];
    assert.ok(content, `the responder cannot say \`${name}\``);
    return content;
  }

  /** Asks for a whole answer. */
  readonly complete: Ask = (request, options) =>
    this.client.completion(this.#request(request), {
      timeout: hangsMs,
      ...options,
    } as never) as Promise<ChatCompletion>;

  /** Asks for a stream. */
  readonly stream = async (request?: PartialRequest, options?: CallOptions): Promise<CompletionStream> => {
    const streamed = { ...(this.#request(request) as object), stream: true };
    return this.client.completion(streamed as never, { timeout: hangsMs, ...options }) as unknown as CompletionStream;
  };

  /** Asks for a stream and waits for the whole of it. */
  readonly fold: Ask = async (request, options) => (await this.stream(request, options)).completion();

  /** What an operation is asked with. */
  readonly limited = (options?: CallOptions): CallOptions => ({ timeout: hangsMs, ...options });

  /** Asks for the vectors of texts. */
  readonly embed = (input: string[], options?: CallOptions): Promise<EmbeddingResult> =>
    this.client.embedding({ model: this.embeddingModel, input }, this.limited(options));

  /** Asks for all models. */
  readonly listModels = async (options?: CallOptions): Promise<ListedModel[]> =>
    this.client.listModels(this.provider.id, this.limited(options));

  /** What holds for whole and for streamed answers alike. */
  async bothWays(check: (ask: Ask, way: 'whole' | 'streamed') => Promise<void>): Promise<void> {
    await check(this.complete, 'whole');
    await check(this.fold, 'streamed');
  }

  /** The request of this number, counted from 0. Waits for it. */
  async received(index = 0): Promise<ReceivedRequest> {
    const isThere = async () => {
      while (!this.requests[index]) await new Promise((resolve) => setTimeout(resolve, 2));
    };
    await within(isThere(), `the server gets request ${index + 1}`);
    return this.requests[index] as ReceivedRequest;
  }

  /** The client has hung up on this request. */
  async hungUp(index = 0): Promise<void> {
    const request = await this.received(index);
    await within(request.closed, 'the provider closes its socket');
    assert.equal(request.aborted, true, 'the provider read the answer to its end in place of closing its socket');
  }

  /** Nothing went to the network. */
  assertUnasked(): void {
    assert.equal(this.requests.length, 0, 'the server was asked, though the call had to be refused before the network');
  }

  /** For after the case, however it ends. */
  onEnd(cleanUp: () => unknown): void {
    this.#cleanUps.push(cleanUp);
  }

  async close(): Promise<void> {
    for (const cleanUp of this.#cleanUps) await cleanUp();
    await this.server.close();
  }

  /** One for each call: a client keeps back further calls after a rate limit, and every case is to see its own. */
  get client(): Client {
    return createClient({ providers: [this.provider], retries: 0 }) as Client;
  }

  #request(request: PartialRequest = {}): never {
    const conversation = request.messages || request.prompt !== undefined ? {} : { prompt: 'Hi' };
    return { model: this.model, ...conversation, ...request } as never;
  }
}
