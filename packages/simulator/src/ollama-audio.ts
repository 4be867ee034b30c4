import type { Exchange, WholeAnswer } from './answer.ts';
import { checkOllamaModel } from './check-ollama.ts';
import { filesOf, textFields } from './form-fields.ts';
import { hear } from './hearing.ts';
import type { ReplyError } from './reply.ts';

/** `POST /v1/audio/transcriptions`, where the server speaks OpenAI's protocol, errors included. Passes over what it does not know. */
export function transcribeOllama({ request, reply }: Exchange): WholeAnswer {
  const { form = [] } = request;
  const [file] = filesOf(form, 'file');
  const body = textFields(form);
  const error = checkOllamaModel(body) ?? (file ? undefined : { message: 'file is required' });
  if (error || !file) return refusal(error ?? {});
  const { text, tokens } = hear(file, reply);
  if (body.response_format === 'text')
    return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: text, tokens: tokens.length };
  return { ...json(200, { text }), tokens: tokens.length };
}

function refusal({ status = 400, message = 'invalid request' }: ReplyError): WholeAnswer {
  const type = status === 404 ? 'not_found_error' : 'invalid_request_error';
  return json(status, { error: { message, type, param: null, code: null } });
}

function json(status: number, body: object): WholeAnswer {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(body) };
}
