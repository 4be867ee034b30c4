import { checkIterable } from '../concurrency/iterable-source.ts';
import { InvalidRequestError } from '../errors/errors.ts';
import { type ValidRequest, validateRequest } from '../request/validate-request.ts';
import { isStandardSchema } from '../schema/standard-schema.ts';
import type { BatchEntry, BatchedRequest, BatchRequest } from './batch-request.ts';
import { LineTooLong, linesOf } from './lines-of.ts';

/** A row that has been checked. */
export interface Row {
  /** For messages: `requests[6]`, `line 7`. */
  place: string;
  custom_id: string;
  /** The caller's request with the model of the batch where it names none. */
  request: BatchedRequest & { model: string | readonly string[] };
  valid: ValidRequest;
}

/** Longer than any request with pictures; more is no file of lines. */
const maxLineBytes = 64 * 1024 * 1024;

/**
 * The rows of a batch, one at a time. Of those before only the ids are kept.
 * @throws InvalidRequestError that names the row
 */
export async function* batchRows({ requests, file, model }: BatchRequest): AsyncGenerator<Row> {
  const places = new Map<string, string>();
  for await (const { place, entry } of file === undefined ? entriesOf(requests) : entriesIn(file)) {
    const { custom_id, request } = parseEntry(entry, place);
    const earlier = places.get(custom_id);
    if (earlier)
      throw badRow(place, 'custom_id', `is ${JSON.stringify(clip(custom_id))}, which ${earlier} has already`);
    places.set(custom_id, place);
    yield parseRow(place, custom_id, request, model);
  }
}

async function* entriesOf(requests: BatchRequest['requests']) {
  checkIterable(requests, 'requests');
  let index = 0;
  for await (const entry of requests as Iterable<BatchEntry>) yield { place: `requests[${index++}]`, entry };
}

async function* entriesIn(file: string) {
  try {
    for await (const { text, number } of linesOf(file, maxLineBytes)) {
      if (text.trim() !== '') yield { place: `line ${number}`, entry: parseJSON(text, `line ${number}`) };
    }
  } catch (error) {
    if (error instanceof LineTooLong) throw badRow(`line ${error.number}`, '', `is longer than ${maxLineBytes} bytes`);
    const { code } = Object(error) as { code?: unknown };
    if (error instanceof InvalidRequestError || typeof code !== 'string') throw error;
    throw new InvalidRequestError(`\`file\` cannot be read (${code})`, { path: 'file', cause: error });
  }
}

function parseJSON(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The engine's message quotes the text.
    throw badRow(place, '', `is not JSON (${text.length} characters)`);
  }
}

const fields = new Set(['custom_id', 'request', 'body', 'method', 'url']);

function parseEntry(entry: unknown, place: string): { custom_id: string; request: unknown } {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) {
    throw badRow(place, '', 'must be an object of `custom_id` and `request`');
  }
  const { custom_id, request, body, url } = entry as Record<string, unknown>;
  if (custom_id === undefined) throw badRow(place, 'custom_id', 'is missing');
  if (typeof custom_id !== 'string' || custom_id === '') throw badRow(place, 'custom_id', 'must be a text, not empty');
  const unknown = Object.keys(entry).find((name) => !fields.has(name));
  if (unknown !== undefined) throw badRow(place, unknown, 'is not a known field; known are custom_id and request');
  if (url !== undefined && url !== '/v1/chat/completions') throw badRow(place, 'url', 'must be /v1/chat/completions');
  return { custom_id, request: request ?? body };
}

function parseRow(place: string, custom_id: string, input: unknown, model: string | undefined): Row {
  if (typeof input !== 'object' || input === null) throw badRow(place, 'request', 'is missing');
  const request = { ...(model !== undefined && { model }), ...input } as Row['request'];
  if ((request as { stream?: unknown }).stream) throw badRow(place, 'stream', 'cannot be had in a batch');
  if (isStandardSchema(request.response_format)) {
    throw badRow(
      place,
      'response_format',
      'is a schema of a library, which a batch cannot keep; give it as `json_schema`',
    );
  }
  try {
    return { place, custom_id, request, valid: validateRequest(request) };
  } catch (error) {
    if (!InvalidRequestError.isInstance(error)) throw error;
    throw new InvalidRequestError(`${place}: ${error.message}`, { path: pathOf(place, error.path ?? '') });
  }
}

/** @param field of the row; `""`: the row as a whole */
export function badRow(place: string, field: string, complaint: string): InvalidRequestError {
  const message = field === '' ? `${place} ${complaint}` : `${place}: \`${field}\` ${complaint}`;
  return new InvalidRequestError(message, { path: pathOf(place, field) });
}

function pathOf(place: string, field: string): string {
  return field === '' ? place : `${place}.${field}`;
}

/** @throws InvalidRequestError for what JSON cannot hold */
export function toJSON(place: string, value: object): string {
  try {
    return JSON.stringify(value);
  } catch {
    throw badRow(place, '', 'cannot be written as JSON: it holds a circle or a BigInt, or is nested too deeply');
  }
}

function clip(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
