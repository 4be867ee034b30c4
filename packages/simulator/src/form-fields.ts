export interface FormField {
  name: string;
  filename: string | undefined;
  text: string;
}

/** The fields of a body of `multipart/form-data`; undefined when it is none, or not well-formed. */
export function parseForm(contentType: string | undefined, body: string): FormField[] | undefined {
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)"?/i.exec(contentType ?? '')?.[1];
  if (!boundary || !body.trimEnd().endsWith(`--${boundary}--`)) return undefined;
  const parts = `\r\n${body}`.split(`\r\n--${boundary}`).slice(1, -1);
  return parts.map(parsePart);
}

function parsePart(part: string): FormField {
  const end = part.indexOf('\r\n\r\n');
  const head = part.slice(0, end);
  return {
    name: /[; ]name="([^"]*)"/i.exec(head)?.[1] ?? '',
    filename: /filename="([^"]*)"/i.exec(head)?.[1],
    text: part.slice(end + 4),
  };
}
