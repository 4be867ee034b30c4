import { type Answer, type Exchange, frameNamedEvent, jsonAnswer, type StreamEvent } from './answer.ts';
import { checkOpenaiImageEdit, checkOpenaiImages, isGptImage } from './check-openai-media.ts';
import { filesOf, textFields } from './form-fields.ts';
import { openaiError, openaiHeaders } from './openai-errors.ts';
import { toOpenaiStream } from './openai-stream.ts';
import { pictureOf } from './picture.ts';
import type { JsonObject } from './recorded-request.ts';
import { countTokens } from './tokens.ts';

/** `POST /images/generations` */
export function drawOpenaiImages(exchange: Exchange, body: JsonObject): Answer {
  const error = checkOpenaiImages(body);
  return error ? openaiError(exchange, error) : draw(exchange, body, 'image_generation', '');
}

/** `POST /images/edits`. What is drawn depends on the pictures that came. */
export function editOpenaiImages(exchange: Exchange): Answer {
  const { form } = exchange.request;
  if (!form) return openaiError(exchange, { message: 'Invalid multipart/form-data body.' });
  const body = textFields(form);
  const error = checkOpenaiImageEdit(body, form);
  if (error) return openaiError(exchange, error);
  const seed = filesOf(form, 'image', 'image[]', 'mask').map(({ bytes }) => bytes.toString('latin1'));
  return draw(exchange, body, 'image_edit', seed.join());
}

type Kind = 'image_generation' | 'image_edit';

function draw(exchange: Exchange, body: JsonObject, kind: Kind, seed: string): Answer {
  const size = String(body.size ?? 'auto');
  const pictures = Array.from({ length: Number(body.n ?? 1) }, (_, at) =>
    pictureOf(`${seed}${body.prompt}${at}`, size),
  );
  if (String(body.stream) === 'true')
    return toOpenaiStream(exchange, events(exchange, body, kind, pictures[0] ?? ''), frameNamedEvent);
  return { ...jsonAnswer(200, openaiHeaders(exchange), toWhole(exchange, body, pictures)), tokens: 1 };
}

function toWhole({ reply }: Exchange, body: JsonObject, pictures: string[]): object {
  const created = Math.floor(Date.now() / 1000);
  if (isGptImage(body.model)) {
    const data = pictures.map((b64_json) => ({ b64_json }));
    return { created, ...echoOf(body), data, ...(reply.usage !== null && { usage: usageOf(body, pictures.length) }) };
  }
  const isBytes = body.response_format === 'b64_json';
  const data = pictures.map((b64_json, at) =>
    isBytes ? { b64_json } : { url: `https://images.example/${created}/${at}.png` },
  );
  return { created, data: data.map((row) => ({ ...row, revised_prompt: `A picture of ${body.prompt}` })) };
}

function echoOf({ background = 'opaque', output_format = 'png', quality = 'high', size = '1024x1024' }: JsonObject) {
  return { background, output_format, quality, size };
}

function usageOf({ prompt }: JsonObject, count: number): object {
  const text = countTokens(String(prompt));
  return {
    input_tokens: text,
    input_tokens_details: { text_tokens: text, image_tokens: 0 },
    output_tokens: 4160 * count,
    output_tokens_details: { text_tokens: 0, image_tokens: 4160 * count },
    total_tokens: text + 4160 * count,
  };
}

function* events({ reply }: Exchange, body: JsonObject, kind: Kind, b64_json: string): Generator<StreamEvent> {
  const created_at = Math.floor(Date.now() / 1000);
  for (let at = 0; at < Number(body.partial_images ?? 0); at++) {
    const event = { type: `${kind}.partial_image`, b64_json, partial_image_index: at, created_at, ...echoOf(body) };
    yield { kind: 'token', data: JSON.stringify(event) };
  }
  const usage = reply.usage === null ? {} : { usage: usageOf(body, 1) };
  const completed = { type: `${kind}.completed`, b64_json, created_at, ...echoOf(body), ...usage };
  yield { kind: 'finish', data: JSON.stringify(completed) };
}
