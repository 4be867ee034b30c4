import type { JsonObject } from './recorded-request.ts';

/** A part of a form. Its bytes are those of the request's body, of which nothing is copied. */
export interface FormField {
  name: string;
  /** Of a file. */
  filename: string | undefined;
  /** The media type of a file. */
  type: string | undefined;
  bytes: Buffer;
}

/** The fields of a body of `multipart/form-data`; undefined when it is none, or not well-formed. */
export function parseForm(contentType: string | undefined, body: Buffer): FormField[] | undefined {
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)"?/i.exec(contentType ?? '')?.[1];
  if (!boundary) return undefined;
  const fields: FormField[] = [];
  const delimiter = `--${boundary}`;
  for (let at = body.indexOf(delimiter); at >= 0; ) {
    const start = at + delimiter.length;
    if (body.toString('latin1', start, start + 2) === '--') return fields;
    at = body.indexOf(`\r\n${delimiter}`, start);
    if (at < 0) return undefined;
    fields.push(parsePart(body.subarray(start + 2, at)));
    at += 2;
  }
  return undefined;
}

function parsePart(part: Buffer): FormField {
  const end = part.indexOf('\r\n\r\n');
  const head = part.toString('utf8', 0, end);
  return {
    name: /[; ]name="([^"]*)"/i.exec(head)?.[1] ?? '',
    filename: /filename="([^"]*)"/i.exec(head)?.[1],
    type: /^content-type: *(.*?)\r?$/im.exec(head)?.[1],
    bytes: part.subarray(end + 4),
  };
}

/** The fields as an object, without the files; a name that comes again has a list, as has one with `[]`. */
export function textFields(form: readonly FormField[]): JsonObject {
  const fields: JsonObject = {};
  for (const { name, filename, bytes } of form) {
    if (filename !== undefined) continue;
    const value = bytes.toString();
    const earlier = fields[name];
    if (earlier === undefined) fields[name] = name.endsWith('[]') ? [value] : value;
    else fields[name] = [earlier, value].flat();
  }
  return fields;
}

export function filesOf(form: readonly FormField[], ...names: string[]): FormField[] {
  return form.filter(({ name, filename }) => filename !== undefined && names.includes(name));
}
