/** Names and values in their order; a name may come again. Numbers and booleans go as text. A `File` brings its name. */
export type FormFields = readonly (readonly [name: string, value: string | number | boolean | Blob])[];

/** What is sent in place of JSON. */
export interface EncodedForm {
  /** With the boundary that the body has. */
  type: string;
  body: Blob;
}

/**
 * Fields as a body of `multipart/form-data` (RFC 7578). A blob is not read but referred to, so that a file of any size
 * is sent without being held in memory, and may be sent again.
 */
export function encodeForm(fields: FormFields): EncodedForm {
  const boundary = `anyllm-${crypto.randomUUID()}`;
  const parts = fields.flatMap(([name, value]) => {
    const head = `--${boundary}\r\ncontent-disposition: form-data; name="${toParameter(name)}"`;
    if (!(value instanceof Blob)) return [`${head}\r\n\r\n${value}\r\n`];
    const filename = toParameter(value instanceof File ? value.name : 'blob');
    const type = value.type || 'application/octet-stream';
    return [`${head}; filename="${filename}"\r\ncontent-type: ${type}\r\n\r\n`, value, '\r\n'];
  });
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    body: new Blob([...parts, `--${boundary}--\r\n`]),
  };
}

/** As browsers do, by the HTML standard: a quote or a line break would end the name. */
function toParameter(name: string): string {
  return name.replace(
    /["\r\n]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}
