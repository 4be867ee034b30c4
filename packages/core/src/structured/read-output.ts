import type { ChatChoice, ChatCompletion, FinishReason } from '../contract/chat-completion.ts';
import type { ParsedCompletion } from '../contract/structured-output.ts';
import { ContentFilterError, InvalidOutputError, type OutputFault } from '../errors/errors.ts';
import type { JsonSchema } from '../schema/json-keywords.ts';
import type { StandardSchema } from '../schema/standard-schema.ts';
import { undoStrict } from '../schema/undo-strict.ts';
import { type SchemaIssue, type Validation, validate } from '../schema/validate.ts';
import { openEnvelope } from './envelope.ts';
import { PartialJson } from './partial-json.ts';
import type { Rung } from './rung.ts';

/** What is needed to read an answer. */
export interface OutputReader {
  schema: StandardSchema;
  /** As it was asked for, before it was made strict. */
  json: JsonSchema;
  /** Whether the value is a member of an object, since it is none itself. */
  enveloped: boolean;
  /** Whether the caller has tools that the model may call instead. */
  hasTools: boolean;
}

/**
 * Reads each choice's text by the schema.
 * @throws InvalidOutputError with the answer, ContentFilterError
 */
export async function readOutput(
  reader: OutputReader,
  answer: ChatCompletion,
  rung: Rung,
): Promise<ParsedCompletion<unknown>> {
  if (answer.choices.length === 0) throw invalid(answer, '', 'json');
  const choices = await Promise.all(
    answer.choices.map(async (choice) => {
      const parsed = await readChoice(reader, answer, choice, rung);
      return { ...choice, message: { ...choice.message, parsed } };
    }),
  );
  return { ...answer, choices, parsed: choices[0]?.message.parsed };
}

async function readChoice(reader: OutputReader, answer: ChatCompletion, choice: ChatChoice, rung: Rung) {
  const { message, finish_reason, text } = choice;
  const cut = endings[finish_reason];
  if (cut === 'filter') throw filtered(answer);
  if (message.refusal !== undefined) throw invalid(answer, text, 'refusal');
  if (reader.hasTools && message.tool_calls?.length) return null;
  if (cut === 'length') throw invalid(answer, text, 'length');
  const json = parse(text, rung);
  if (!json) throw invalid(answer, text, 'json');
  const { issues, value } = await check(reader, json.value, answer, text);
  if (issues) throw invalid(answer, text, 'schema', { issues });
  return value;
}

/** Ends before the answer's own. */
const endings: Partial<Record<FinishReason, 'length' | 'filter'>> = { length: 'length', content_filter: 'filter' };

async function check(
  { schema, json, enveloped }: OutputReader,
  value: unknown,
  answer: ChatCompletion,
  text: string,
): Promise<Validation<unknown> & { value?: unknown }> {
  const plain = undoStrict(value, json); // also a model that was only told writes `null` for what it leaves out
  try {
    return await validate(schema, enveloped ? openEnvelope(plain) : plain);
  } catch (cause) {
    throw invalid(answer, text, 'schema', { cause }); // a validator's own code has failed
  }
}

/** Only a model that was merely told so writes words around the object. */
function parse(text: string, { mode }: Rung): { value: unknown } | undefined {
  if (mode === 'instruction') {
    const json = new PartialJson({ lenient: true });
    json.write(text);
    return json.complete ? { value: json.value } : undefined;
  }
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function invalid(
  answer: ChatCompletion,
  text: string,
  reason: OutputFault,
  details: { issues?: SchemaIssue[]; cause?: unknown } = {},
): InvalidOutputError {
  const { provider, model, requestId } = answer.meta;
  const message = `${provider}: ${complaints[reason](details.issues?.length ?? 0)}`;
  return new InvalidOutputError(message, {
    ...{ provider, model, requestId, reason, text, ...details },
    partial: answer,
  });
}

/** What the model wrote is not repeated: it may be private. */
const complaints: Record<OutputFault, (issues: number) => string> = {
  json: () => 'the answer is not JSON; see `text`',
  schema: (issues) =>
    issues === 0
      ? 'the schema failed at the answer; see `cause`'
      : `the answer does not fit its schema in ${issues === 1 ? 'one place' : `${issues} places`}; see \`issues\``,
  length: () => 'the answer was cut off by its length limit; raise `max_tokens`',
  refusal: () => 'the model refused to answer; see `partial`',
};

function filtered(answer: ChatCompletion): ContentFilterError {
  const { provider, model, requestId } = answer.meta;
  const message = `${provider}: the answer was cut off by the content filter; see \`partial\``;
  return new ContentFilterError(message, { provider, model, requestId, partial: answer });
}
