import type { CallMeta } from './call-meta.ts';
import type { ReasoningEffort } from './chat-request.ts';

/**
 * The Responses API in the shape that its vendor gave it: native where a provider has it, otherwise served over chat
 * completions. Source: OpenAI API reference, "Create a model response".
 */

/** Text of the user, or instructions. */
export interface ResponsesInputText {
  type: 'input_text';
  text: string;
}

/** An image for the model to look at. One by the id of a file is native only. */
export interface ResponsesInputImage {
  type: 'input_image';
  /** An `https:` URL, or a `data:image/…;base64,…` URL. */
  image_url?: string | null;
  file_id?: string | null;
  detail?: 'low' | 'high' | 'auto' | 'original' | null;
}

/** A document for the model to read. One by its address is native only. */
export interface ResponsesInputFile {
  type: 'input_file';
  file_id?: string | null;
  /** The content as a `data:` URL. */
  file_data?: string;
  file_url?: string;
  filename?: string;
}

/** A note on the text, mostly a citation. Its fields beyond `type` are the vendor's. */
export interface ResponsesAnnotation {
  type: string;
  [field: string]: unknown;
}

/** Text of an answer. */
export interface ResponsesOutputText {
  type: 'output_text';
  text: string;
  annotations: ResponsesAnnotation[];
  logprobs?: unknown[];
}

/** What the model said when it declined. */
export interface ResponsesRefusal {
  type: 'refusal';
  refusal: string;
}

/** A piece of what a user says. */
export type ResponsesInputPart = ResponsesInputText | ResponsesInputImage | ResponsesInputFile;

/** Of a conversation so far: an output part as it was answered. */
export type ResponsesHistoryPart =
  | { type: 'output_text'; text: string; annotations?: ResponsesAnnotation[]; logprobs?: unknown[] }
  | ResponsesRefusal;

/** How far an item has come. One that was cut short is `incomplete`. */
export type ResponsesItemStatus = 'in_progress' | 'completed' | 'incomplete';

/** One turn of the conversation. */
export interface ResponsesInputMessage {
  type?: 'message';
  role: 'user' | 'system' | 'developer' | 'assistant';
  content: string | (ResponsesInputPart | ResponsesHistoryPart)[];
  id?: string;
  status?: ResponsesItemStatus;
  phase?: string | null;
}

/** What the model says. */
export interface ResponsesMessage {
  type: 'message';
  id: string;
  role: 'assistant';
  status: ResponsesItemStatus;
  content: (ResponsesOutputText | ResponsesRefusal)[];
  phase?: string | null;
}

/** The model asks for a function to be called. */
export interface ResponsesFunctionCall {
  type: 'function_call';
  /** The item's own id; results are about `call_id`. */
  id?: string;
  call_id: string;
  name: string;
  /** JSON text, as the model wrote it: it may be invalid. */
  arguments: string;
  status?: ResponsesItemStatus;
}

/** The model asks for a custom tool, whose input is plain text. */
export interface ResponsesCustomToolCall {
  type: 'custom_tool_call';
  id?: string;
  call_id: string;
  name: string;
  input: string;
  status?: ResponsesItemStatus;
}

/** What a tool returned, for the call with that `call_id`. */
export interface ResponsesCallOutput {
  type: 'function_call_output' | 'custom_tool_call_output';
  call_id: string;
  output: string | ResponsesInputPart[];
  id?: string | null;
  status?: ResponsesItemStatus | null;
}

/** The model's reasoning, in short or in full. It is to be sent back as it is. */
export interface ResponsesReasoning {
  type: 'reasoning';
  id?: string;
  summary: { type: 'summary_text'; text: string }[];
  content?: { type: 'reasoning_text'; text: string }[];
  /** What the vendor needs to get back in the next turn, opaque. */
  encrypted_content?: string | null;
  status?: ResponsesItemStatus;
}

/** An item, tool or choice of a type that is not written out here. It travels as it is. */
export interface ResponsesOtherItem {
  type: string;
  [field: string]: unknown;
}

/** What the vendor's own tools leave in an answer. It travels as it is, and so do types that are yet to come. */
export interface ResponsesHostedItem {
  type:
    | 'apply_patch_call'
    | 'code_interpreter_call'
    | 'compaction'
    | 'computer_call'
    | 'file_search_call'
    | 'image_generation_call'
    | 'local_shell_call'
    | 'mcp_approval_request'
    | 'mcp_call'
    | 'mcp_list_tools'
    | 'shell_call'
    | 'tool_search_call'
    | 'web_search_call';
  [field: string]: unknown;
}

/** An item of a conversation. Those of an answer may stand here unchanged. */
export type ResponsesInputItem =
  | ResponsesInputMessage
  | ResponsesFunctionCall
  | ResponsesCustomToolCall
  | ResponsesCallOutput
  | ResponsesReasoning
  | ResponsesOtherItem;

/** An item of an answer. */
export type ResponsesOutputItem =
  | ResponsesMessage
  | ResponsesFunctionCall
  | ResponsesCustomToolCall
  | ResponsesReasoning
  | ResponsesHostedItem;

/** A function that the model may ask for. `parameters` is a JSON Schema. */
export interface ResponsesFunctionTool {
  type: 'function';
  name: string;
  description?: string | null;
  parameters?: Record<string, unknown> | null;
  /** On OpenAI's own server, leaving it out is the same as `true`. */
  strict?: boolean | null;
}

/** A tool that takes plain text. `format` may bind the text to a grammar. */
export interface ResponsesCustomTool {
  type: 'custom';
  name: string;
  description?: string;
  format?: Record<string, unknown>;
}

/** `web_search` and the like run at the vendor: native only. */
export type ResponsesTool = ResponsesFunctionTool | ResponsesCustomTool | ResponsesOtherItem;

/** Whether the model may, must or must not ask for a tool, or for which. */
export type ResponsesToolChoice =
  | 'none'
  | 'auto'
  | 'required'
  | { type: 'function' | 'custom'; name: string }
  | { type: 'allowed_tools'; mode: 'auto' | 'required'; tools: Record<string, unknown>[] }
  | ResponsesOtherItem;

/** The form of the answer: free text, any JSON object, or JSON that fits a schema. */
export type ResponsesFormat =
  | { type: 'text' }
  | { type: 'json_object' }
  | {
      type: 'json_schema';
      name: string;
      schema: Record<string, unknown>;
      description?: string;
      strict?: boolean | null;
    };

/** What may be asked. What is native only is refused where a provider has only chat completions. */
export interface ResponsesParameters {
  /** A text is one message of the user. */
  input: string | ResponsesInputItem[];
  /** The system text. It does not carry over to a later response. */
  instructions?: string | null;
  /** Upper bound of generated tokens, reasoning included. */
  max_output_tokens?: number | null;
  temperature?: number | null;
  top_p?: number | null;
  reasoning?: {
    effort?: ReasoningEffort | null;
    summary?: 'auto' | 'concise' | 'detailed' | null;
    [field: string]: unknown;
  } | null;
  text?: { format?: ResponsesFormat; verbosity?: 'low' | 'medium' | 'high' | null };
  tools?: ResponsesTool[];
  tool_choice?: ResponsesToolChoice;
  parallel_tool_calls?: boolean | null;
  /** Of the vendor's own tools. */
  max_tool_calls?: number | null;
  /** OpenAI stores responses unless this is `false`; over chat nothing is stored. */
  store?: boolean | null;
  /** Native only, as are `conversation`, `background`, `prompt` and `context_management`. */
  previous_response_id?: string | null;
  conversation?: string | { id: string } | null;
  background?: boolean | null;
  prompt?: Record<string, unknown> | null;
  context_management?: Record<string, unknown>[] | null;
  /** What is to be told besides. Over chat, reasoning comes with its `encrypted_content` whether asked for or not. */
  include?: string[] | null;
  top_logprobs?: number | null;
  truncation?: 'auto' | 'disabled' | null;
  metadata?: Record<string, string> | null;
  service_tier?: string | null;
  safety_identifier?: string | null;
  prompt_cache_key?: string | null;
  prompt_cache_options?: Record<string, unknown>;
  prompt_cache_retention?: string | null;
  moderation?: Record<string, unknown> | null;
  user?: string;
  stream_options?: { include_obfuscation?: boolean } | null;
  /** Fields that only one vendor knows, by provider. Sent to that one only. */
  provider_options?: Record<string, Record<string, unknown>>;
}

/**
 * A request in the shape of the Responses API.
 * @template Model the model ids that a client accepts; any string by default
 */
export interface ResponsesRequest<Model extends string = string> extends ResponsesParameters {
  /** `provider/model` or `provider:model`. Several: the first is asked, the others are its fallbacks. */
  model: Model | readonly Model[];
  stream?: boolean | null;
}

/** Token counts. */
export interface ResponsesUsage {
  input_tokens: number;
  /** Part of `input_tokens`. */
  input_tokens_details?: { cached_tokens?: number; cache_write_tokens?: number };
  output_tokens: number;
  /** Part of `output_tokens`. */
  output_tokens_details?: { reasoning_tokens?: number };
  total_tokens: number;
}

/** As a provider returns it: also what the request asked is repeated, and what a vendor adds stays. */
export interface ProviderResponse {
  id: string;
  object: 'response';
  /** Unix time in seconds. */
  created_at: number;
  /** One that `failed` is an error, as is one that was cancelled. The last two are of calls in the background. */
  status: 'completed' | 'incomplete' | 'failed' | 'cancelled' | 'in_progress' | 'queued';
  incomplete_details: { reason: string } | null;
  error: { code: string; message: string } | null;
  /** The model that answered, by the vendor's word. */
  model: string;
  output: ResponsesOutputItem[];
  usage?: ResponsesUsage | null;
  [field: string]: unknown;
}

/** A whole answer, with a shortcut to the text and an account of the call. */
export interface ResponsesResult extends ProviderResponse {
  /** The text of all messages; `""` when there is none. */
  output_text: string;
  meta: CallMeta;
}

interface Step {
  /** Counts the events of a stream. */
  sequence_number: number;
}

interface InItem extends Step {
  item_id: string;
  output_index: number;
}

interface InPart extends InItem {
  content_index: number;
}

/** A piece of an item, in events. */
export type ResponsesPart = ResponsesOutputText | ResponsesRefusal | { type: 'reasoning_text'; text: string };

/** The events that are written out here; `response.failed` and `error` are thrown as errors. */
export type ResponsesKnownEvent =
  | ({
      type:
        | 'response.created'
        | 'response.queued'
        | 'response.in_progress'
        | 'response.completed'
        | 'response.incomplete';
      response: ProviderResponse;
    } & Step)
  | ({
      type: 'response.output_item.added' | 'response.output_item.done';
      output_index: number;
      item: ResponsesOutputItem;
    } & Step)
  | ({ type: 'response.content_part.added' | 'response.content_part.done'; part: ResponsesPart } & InPart)
  | ({ type: 'response.output_text.delta'; delta: string; logprobs?: unknown[] } & InPart)
  | ({ type: 'response.output_text.done'; text: string; logprobs?: unknown[] } & InPart)
  | ({
      type: 'response.output_text.annotation.added';
      annotation_index: number;
      annotation: ResponsesAnnotation;
    } & InPart)
  | ({ type: 'response.refusal.delta'; delta: string } & InPart)
  | ({ type: 'response.refusal.done'; refusal: string } & InPart)
  | ({ type: 'response.reasoning_text.delta'; delta: string } & InPart)
  | ({ type: 'response.reasoning_text.done'; text: string } & InPart)
  | ({
      type: 'response.reasoning_summary_part.added' | 'response.reasoning_summary_part.done';
      summary_index: number;
      part: { type: 'summary_text'; text: string };
    } & InItem)
  | ({ type: 'response.reasoning_summary_text.delta'; summary_index: number; delta: string } & InItem)
  | ({ type: 'response.reasoning_summary_text.done'; summary_index: number; text: string } & InItem)
  | ({ type: 'response.function_call_arguments.delta'; delta: string } & InItem)
  | ({ type: 'response.function_call_arguments.done'; arguments: string; name?: string } & InItem)
  | ({ type: 'response.custom_tool_call_input.delta'; delta: string } & InItem)
  | ({ type: 'response.custom_tool_call_input.done'; input: string } & InItem);

/** What the vendor's own tools tell of their progress. */
export interface ResponsesHostedEvent {
  type: `response.${
    | 'apply_patch_call'
    | 'audio'
    | 'code_interpreter_call'
    | 'compaction'
    | 'file_search_call'
    | 'image_generation_call'
    | 'mcp_call'
    | 'mcp_list_tools'
    | 'shell_call'
    | 'web_search_call'}${string}`;
  [field: string]: unknown;
}

/** One step of a streamed answer, told apart by its `type`. Types that are yet to come arrive too: have a default. */
export type ResponsesEvent = ResponsesKnownEvent | ResponsesHostedEvent;
