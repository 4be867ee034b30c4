import type { CallMeta } from '../contract/call-meta.ts';
import type { ChatCompletion, ProviderCompletion } from '../contract/chat-completion.ts';

/** Adds the shortcuts to the text and the account of the call. */
export function toChatCompletion(answer: ProviderCompletion, meta: CallMeta): ChatCompletion {
  const choices = answer.choices.map((choice) => ({ ...choice, text: choice.message.content ?? '' }));
  return { ...answer, choices, text: choices[0]?.text ?? '', meta };
}
