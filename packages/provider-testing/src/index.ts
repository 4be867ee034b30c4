export type { Case, Group } from './case.ts';
export { groups } from './case.ts';
export { cases } from './cases.ts';
export { type Contents, contentsWithout, standardContents } from './contents.ts';
export {
  createResponder,
  type Protocol,
  type ProtocolAnswer,
  type ProtocolEvent,
} from './responder/create-responder.ts';
export { type RecordedExchange, type RecordedProtocol, recordedResponder } from './responder/recorded-responder.ts';
export type { ReceivedRequest, Responder, RunningResponder } from './responder/responder.ts';
export { simulatedResponder } from './responder/simulated-responder.ts';
export { type CaseResult, runCases } from './run-cases.ts';
export type {
  Content,
  ContentBatch,
  ContentChoice,
  ContentError,
  ContentImage,
  ContentModel,
  ContentName,
  ContentRank,
  ContentRow,
  ContentUsage,
  ContentVerdict,
  Fault,
  Layout,
  Manner,
  Scenario,
  ServerErrorCode,
} from './scenario.ts';
export type { Skip, SuiteSettings } from './suite-settings.ts';
export { type TestFunction, type TestProviderSettings, testProvider } from './test-provider.ts';
