import type { Warning } from '../contract/call-meta.ts';
import type { ChatRequest, Provider, ProviderContext } from '../contract/provider.ts';
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
  createTranslator(model: string, context: ProviderContext): AnswerTranslator<Event>;
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
  return async ({ model }: Asked, context: ProviderContext): Promise<Answer> => {
    const answer = await provider.complete(ask(model, context), context);
    return fold(translateWhole(answer, createTranslator(model, context)));
  };
}

/** As `answerOverChat`, streamed. */
export function streamOverChat<Answer, Event>(
  provider: Provider,
  { question, createTranslator }: OverChat<Answer, Event>,
) {
  const ask = asking(provider, question);
  return ({ model }: Asked, context: ProviderContext): AsyncIterable<readonly Event[]> =>
    translateStream(provider.stream(ask(model, context), context), createTranslator(model, context));
}

function asking(provider: Provider, question: ChatQuestion) {
  const checked = checkCapabilities({ ...question.request, model: '' }, provider, false);
  return (model: string, { observer }: ProviderContext): ChatRequest => {
    for (const warning of [...question.warnings, ...checked.warnings]) observer.warn(warning);
    return { ...checked.request, model };
  };
}
