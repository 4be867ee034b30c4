// For those who have an answer's chunks and want the whole of it.

export { CompletionFold, foldCompletion } from './completion/completion-fold.ts';
