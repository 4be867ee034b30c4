import { checkCompletion } from '../completion/check-answer.ts';
import type { Warning } from '../contract/call-meta.ts';
import type { ChatRequest, Provider } from '../contract/provider.ts';
import type { Attempt } from '../policy/attempt.ts';
import { checkCapabilities } from '../request/check-capabilities.ts';
import { type AnswerTranslator, translateStream, translateWhole } from './translate-stream.ts';

/** A request of another shape as one for chat, and what was lost on the way. */
export interface ChatQuestion {
  request: Omit<ChatRequest, 'model'>;
  warnings: readonly Warning[];
}

/** How answers of another shape are made of those to a question for chat. */
export interface OverChat<Answer, Event> {
  question: ChatQuestion;
  createTranslator(model: string, attempt: Attempt): AnswerTranslator<Event>;
  /** The whole answer that events are the steps of. */
  fold(events: readonly Event[]): Answer;
}

type Asked = { model: string };

/**
 * A whole answer of another shape, of any provider.
 * @throws UnsupportedParameterError at once for what the provider cannot do
 */
export function answerOverChat<Answer, Event>(
  provider: Provider,
  { question, createTranslator, fold }: OverChat<Answer, Event>,
) {
  const ask = asking(provider, question);
  return async ({ model }: Asked, attempt: Attempt): Promise<Answer> => {
    const answer = checkCompletion(await provider.complete(ask(model, attempt), attempt), attempt);
    return fold(translateWhole(answer, createTranslator(model, attempt)));
  };
}

/** As `answerOverChat`, streamed. */
export function streamOverChat<Answer, Event>(
  provider: Provider,
  { question, createTranslator }: OverChat<Answer, Event>,
) {
  const ask = asking(provider, question);
  return ({ model }: Asked, attempt: Attempt): AsyncIterable<readonly Event[]> =>
    translateStream(provider.stream(ask(model, attempt), attempt), attempt, createTranslator(model, attempt));
}

function asking(provider: Provider, question: ChatQuestion) {
  const checked = checkCapabilities({ ...question.request, model: '' }, provider, false);
  return (model: string, attempt: Attempt): ChatRequest => {
    for (const warning of [...question.warnings, ...checked.warnings]) attempt.warn(warning);
    return { ...checked.request, model };
  };
}
