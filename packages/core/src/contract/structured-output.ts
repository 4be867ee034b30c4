import type { InferInput, InferOutput, StandardSchema } from '../schema/standard-schema.ts';
import type { ChatChoice, ChatCompletion, CompletionMessage } from './chat-completion.ts';
import type { CompletionParameters, Conversation, Tool } from './chat-request.ts';

/**
 * How a model was made to answer by a schema, the surest first: the server's own JSON Schema; a tool that it had to
 * call; the server's JSON mode with the schema told in words; the words alone.
 */
export type StructuredOutputMode = 'json_schema' | 'tool' | 'json_object' | 'instruction';

/** How an answer came to fit its schema. */
export interface StructuredOutputMeta {
  mode: StructuredOutputMode;
  /** Whether the server lets the model write nothing but what fits. */
  strict: boolean;
  /** How often the model was asked to correct its answer. */
  repairs: number;
}

/**
 * A request that asks for an answer by a schema. Unlike other requests it is not plain JSON.
 * @template Schema of any validator that follows Standard Schema (zod, Valibot, ArkType …), or what `jsonSchema` makes
 * @template Tools the tools of the request, if it has any
 */
export type StructuredRequest<
  Model extends string = string,
  Schema extends StandardSchema = StandardSchema,
  Tools extends readonly Tool[] | undefined = readonly Tool[] | undefined,
> = Conversation &
  Omit<CompletionParameters, 'response_format' | 'tools'> & {
    model: Model | readonly Model[];
    stream?: boolean;
    response_format: Schema;
    tools?: Tools;
  };

/** What comes of a schema: with tools in the request the model may call one instead, and then it is `null`. */
export type Parsed<Schema extends StandardSchema, Tools> =
  | InferOutput<Schema>
  | (Tools extends readonly unknown[] ? null : never);

/** The type of a request's answer when it is whole. */
export type CompletionOf<Request> = Request extends { response_format: infer Schema extends StandardSchema }
  ? ParsedCompletion<Parsed<Schema, Request extends { tools?: infer Tools } ? Tools : undefined>>
  : ChatCompletion;

/** An answer that has been read and checked by the request's schema. */
export interface ParsedCompletion<T> extends ChatCompletion {
  choices: ParsedChoice<T>[];
  /** That of the first choice. */
  parsed: T;
}

export interface ParsedChoice<T> extends ChatChoice {
  message: ParsedMessage<T>;
}

export interface ParsedMessage<T> extends CompletionMessage {
  /** The content as the schema gives it. */
  parsed: T;
}

/**
 * An object on its way: any member may be missing, a text may go on. A member that may be absent may also be `null`
 * here, since strict servers make the model write so; the whole answer has it absent.
 */
export type DeepPartial<T> = T extends readonly (infer Item)[]
  ? DeepPartial<Item>[]
  : T extends object
    ? { [Key in keyof T]?: DeepPartial<T[Key]> | (undefined extends T[Key] ? null : never) }
    : T;

/** What `partial()` gives: the schema's input, since only the whole is validated and transformed. */
export type PartialOf<Schema extends StandardSchema> = DeepPartial<InferInput<Schema>>;
