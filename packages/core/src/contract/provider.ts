import type { RateLimitSnapshot, Warning } from './call-meta.ts';
import type { ProviderConfig } from './call-options.ts';
import type { ChatCompletionChunk, ProviderCompletion } from './chat-completion.ts';
import type { CompletionParameters, Message, ParameterName } from './chat-request.ts';
import type { ProviderOperations } from './operations.ts';
import type { Transport } from './transport.ts';

/** What a provider is given: validated, with `prompt` written out and without what its capabilities exclude. */
export interface ChatRequest extends CompletionParameters {
  /** The vendor's own model id. */
  model: string;
  messages: Message[];
}

/** Parameters that every chat model has; a provider need not declare them. */
export type BasicParameter = 'max_tokens' | 'max_completion_tokens' | 'stream_options' | 'provider_options';

/**
 * What a provider can do, as data. Three readers: the refusal before the network, the behaviour suite and the docs.
 * A parameter that is not declared is refused when it changes the meaning of an answer, and dropped with a warning
 * when it only tunes it.
 */
export interface Capabilities {
  /** The optional parameters that reach the vendor. Default: none. */
  parameters: readonly Exclude<ParameterName, BasicParameter>[];
  /** Content parts beyond text. Default: none. */
  content: readonly ContentKind[];
  /** Structured output forms. Default: none. */
  responseFormats: readonly ('json_object' | 'json_schema')[];
  /** Tool choices beyond `auto`. Default: none. */
  toolChoices: readonly ('none' | 'required' | 'named')[];
  /** Whether tools of type `custom` are known. Default `false`. */
  customTools: boolean;
  /** Whether `message.reasoning` may come back. Default `false`. */
  reasoning: boolean;
}

/** `image_data` is an image as a `data:` URL, `image_url` one by its address. */
export type ContentKind = 'image_url' | 'image_data' | 'input_audio' | 'file';

/** Where a provider's key and address come from when neither the call nor the client names them. */
export interface Connection {
  /** Environment variables in order of preference; `required: false` for servers that also work without a key. */
  apiKey?: { env: readonly string[]; required: boolean };
  baseURL: {
    env: readonly string[];
    /** Absent when the user must name one. */
    default?: string;
    /** Brings what a user wrote (`host:port`, …) into the form of an absolute URL. */
    normalize?: (value: string) => string;
  };
}

/** What happens during an attempt, told to core so that it can time and account for it. */
export interface AttemptObserver {
  /** The connection is ready: the `connect` phase ends. */
  connected(): void;
  /** The response headers are there: the `headers` phase ends. What is said may be read later. */
  responded(response: {
    readonly status: number;
    readonly requestId?: string | undefined;
    readonly rateLimit?: RateLimitSnapshot | undefined;
  }): void;
  /** Something was not done quite as asked. */
  warn(warning: Warning): void;
}

/** Where time comes from, so that tests can bring their own. */
export interface Clock {
  /** Milliseconds from a fixed point, never going back. */
  now(): number;
  /**
   * Calls back once after `delayMs`; the returned function cancels. Until then it keeps the process alive, unless
   * `hold` is false.
   */
  schedule(callback: () => void, delayMs: number, options?: { hold?: boolean }): () => void;
}

/** All that an attempt needs. It must end, with its socket closed, when `signal` aborts. */
export interface ProviderContext {
  readonly signal: AbortSignal;
  /**
   * Calls back with the reason when `signal` aborts. Core makes the signal, which is dear beside a function, only for
   * those who ask for it. Absent in a context that somebody else has made. The returned function takes the listener back.
   */
  onAbort?(listener: (reason: unknown) => void): () => void;
  /** Absent only when the provider works without one. */
  readonly apiKey: string | undefined;
  /** Without a trailing slash. */
  readonly baseURL: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The caller's own transport; absent means the provider's default. */
  readonly transport: Transport | undefined;
  readonly clock: Clock;
  readonly observer: AttemptObserver;
}

/** What a stream yields: a chunk, or the chunks of one network read together, which costs one await instead of many. */
export type ChunkBatch = ChatCompletionChunk | readonly ChatCompletionChunk[];

/**
 * A plugin. It only translates: one attempt, one signal, no retry, no timer, no log.
 * Make one with `defineProvider`.
 */
export interface Provider<Id extends string = string> extends Partial<ProviderOperations> {
  readonly specification: 1;
  /** `^[a-z0-9][a-z0-9-]{0,63}$`; the prefix of its model ids. */
  readonly id: Id;
  /** For people; default: the id. */
  readonly name: string;
  readonly capabilities: Capabilities;
  readonly connection: Connection;
  readonly config: ProviderConfig;
  /** Asks for the whole answer. */
  complete(request: ChatRequest, context: ProviderContext): Promise<ProviderCompletion>;
  /**
   * Yields until every choice has its finish reason and the usage is known. Ending before is a cut stream, which core
   * reports; a provider need not check. Leaving the iteration must close the socket.
   */
  stream(request: ChatRequest, context: ProviderContext): AsyncIterable<ChunkBatch>;
}
