export type { BatchBehaviour } from './batch-behaviour.ts';
export type { FormField } from './form-fields.ts';
export type { OpenaiQuirks, ThinkTags } from './openai-quirks.ts';
export type { DialectName, JsonObject, RecordedRequest } from './recorded-request.ts';
export type {
  ChoiceReply,
  Fault,
  Latency,
  Reply,
  ReplyError,
  ReplyToolCall,
  ReplyUsage,
  Wire,
} from './reply.ts';
export { type Script, type Simulator, type SimulatorOptions, startSimulator } from './start-simulator.ts';
