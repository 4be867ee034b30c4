// What few programs use, loaded when it is first asked for. All of it at once: a file of its own for each would cost the
// start of every program more than it saves, since what two of them share would have to stand in a file of its own too.
//
// Of what a start holds they import only what a completion takes. Whatever else of it they need, as `mapConcurrent`, is
// handed to them by those who load them: imported from here it would be in every bundle.

export { compareAnswers } from './client/compare-answers.ts';
export { askMessages } from './messages/ask-messages.ts';
export { askEmbeddings, openEmbeddings } from './operations/ask-embeddings.ts';
export { askImage } from './operations/ask-image.ts';
export { askImageEdit } from './operations/ask-image-edit.ts';
export { askModeration } from './operations/ask-moderation.ts';
export { askRerank } from './operations/ask-rerank.ts';
export { askSpeech } from './operations/ask-speech.ts';
export { askTokenCount } from './operations/ask-token-count.ts';
export { askTranscription } from './operations/ask-transcription.ts';
export { readModels } from './operations/read-models.ts';
export { runOperation, runStreamedOperation } from './operations/run-operation.ts';
export { askResponses } from './responses/ask-responses.ts';
export { findIssues } from './schema/find-issues.ts';
export { dispatchStructured } from './structured/dispatch-structured.ts';
export { PartialJson } from './structured/partial-json.ts';
export { ToolLoop } from './tools/tool-loop.ts';
