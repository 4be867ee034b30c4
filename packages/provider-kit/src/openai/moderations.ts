import {
  type Asked,
  type Message,
  type ModerationParameters,
  type ModerationVerdict,
  type ProviderContext,
  type ProviderModerations,
  UnsupportedParameterError,
} from '@anyllm/core/provider';
import { requestObject } from '../http/request-object.ts';
import type { Endpoint } from './endpoint.ts';
import { type Fields, fieldsOf, textOf } from './wire-fields.ts';

/** What differs between servers that have OpenAI's `POST /moderations`. */
export interface ModerationsQuirks {
  /** Whether the parts of a content are judged together. Default `true`. */
  takesParts?: boolean;
  /** How a conversation is sent. Default: it is refused. */
  conversation?: { path: string; toInput: (messages: readonly Message[], model: string) => unknown };
}

/** Moderations as OpenAI has them. */
export function createModerations(provider: string, endpoint: Endpoint, quirks: ModerationsQuirks = {}) {
  return async (request: Asked<ModerationParameters>, context: ProviderContext): Promise<ProviderModerations> => {
    const { model, provider_options } = request;
    const { path, input } = toWire(provider, request, quirks);
    const body = { model, input, ...provider_options?.[provider] };
    const { fields, unreadable } = await requestObject(endpoint({ model, path, body }, context), context);
    const { id, results } = fields;
    if (!Array.isArray(results)) throw unreadable('has no list of verdicts');
    return {
      ...(typeof id === 'string' && { id }),
      model: textOf(fields.model) || model,
      results: results.map((row) => {
        const verdict = toVerdict(fieldsOf(row));
        if (verdict) return verdict;
        throw unreadable('holds a verdict without categories');
      }),
    };
  };
}

function toWire(
  provider: string,
  { model, input = [], messages }: Asked<ModerationParameters>,
  { takesParts = true, conversation }: ModerationsQuirks,
): { path: string; input: unknown } {
  const refuse = (what: string, parameter: string) =>
    new UnsupportedParameterError(`${provider}: ${what} cannot be moderated, only texts`, {
      provider,
      model,
      parameter,
    });
  if (messages) {
    if (!conversation) throw refuse('a conversation', 'messages');
    return { path: conversation.path, input: conversation.toInput(messages, model) };
  }
  if (!takesParts && input.some((each) => typeof each !== 'string')) throw refuse('parts of a content', 'input');
  return { path: 'moderations', input };
}

function toVerdict(row: Fields | undefined): ModerationVerdict | undefined {
  const categories = fieldsOf(row?.categories);
  if (!row || !categories) return undefined;
  const types = fieldsOf(row.category_applied_input_types);
  return {
    flagged: typeof row.flagged === 'boolean' ? row.flagged : Object.values(categories).includes(true),
    categories: only(categories, (value) => typeof value === 'boolean' || value === null),
    category_scores: only(fieldsOf(row.category_scores) ?? {}, Number.isFinite),
    ...(types && { category_applied_input_types: only(types, isTexts) }),
  };
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function only<T>(fields: Fields, test: (value: unknown) => boolean): Record<string, T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => test(value))) as Record<string, T>;
}
