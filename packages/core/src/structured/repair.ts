import type { Message } from '../contract/chat-request.ts';
import { InvalidOutputError } from '../errors/errors.ts';
import type { SchemaIssue } from '../schema/validate.ts';

/** Whether asking again may help: the model has had its say, and it was wrong. */
export function isRepairable(error: unknown): error is InvalidOutputError {
  return InvalidOutputError.isInstance(error) && (error.reason === 'json' || error.reason === 'schema');
}

/** What is added to the conversation: what the model answered, and what is wrong with it. */
export function repairMessages({ text = '', issues }: InvalidOutputError): Message[] {
  const complaint = issues?.length ? issues.map(toLine).join('\n') : '- it is not a JSON object';
  const content = `This does not fit the schema:\n${complaint}\n\nAnswer again with the whole JSON object, corrected.`;
  // Some servers refuse an assistant who says nothing.
  return [...(text === '' ? [] : [{ role: 'assistant' as const, content: text }]), { role: 'user', content }];
}

function toLine({ path, message }: SchemaIssue): string {
  return path === '' ? `- ${message}` : `- \`${path}\`: ${message}`;
}
