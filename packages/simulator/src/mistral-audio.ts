import { type Answer, type Exchange, frameNamedEvent, jsonAnswer, type StreamEvent, scriptedEvents } from './answer.ts';
import { checkMistralModel, findExtra, findMissing } from './check-mistral-chat.ts';
import { type FormField, filesOf, textFields } from './form-fields.ts';
import { type Hearing, hear } from './hearing.ts';
import { type Finding, mistralError, mistralErrorBody, mistralFindings, mistralHeaders } from './mistral-errors.ts';
import type { JsonObject } from './recorded-request.ts';
import { SOUND_FORMATS, soundOf } from './sound.ts';
import { countTokens } from './tokens.ts';

const TRANSCRIPTION_FIELDS = new Set(
  'model file_url file_id language temperature stream timestamp_granularities diarize context_bias'.split(' '),
);

/** `POST /v1/audio/transcriptions` */
export function transcribeMistral(exchange: Exchange): Answer {
  const { form } = exchange.request;
  if (!form) return mistralFindings(exchange, findMissing({}, ['model', 'file']));
  const body = textFields(form);
  const [file] = filesOf(form, 'file');
  const findings = findInTranscription(body, file);
  if (findings.length > 0 || !file) return mistralFindings(exchange, findings);
  const error = checkMistralModel(body);
  if (error) return mistralError(exchange, error);
  const heard = hear(file, exchange.reply);
  if (body.stream === 'true') return toStream(exchange, transcriptionEvents(body, heard));
  const whole = { model: body.model, text: heard.text, language: null, ...toEnd(body, heard) };
  return { ...jsonAnswer(200, mistralHeaders(exchange), whole), tokens: heard.tokens.length };
}

function findInTranscription(body: JsonObject, file: FormField | undefined): Finding[] {
  const wrong = [body.timestamp_granularities ?? []].flat().find((unit) => unit !== 'segment' && unit !== 'word');
  return [
    ...findMissing({ ...body, ...(file && { file }) }, ['model', 'file']),
    ...findExtra(body, TRANSCRIPTION_FIELDS),
    ...(wrong === undefined ? [] : [{ type: 'enum', loc: ['body', 'timestamp_granularities'], msg: String(wrong) }]),
  ];
}

function toEnd(body: JsonObject, heard: Hearing): object {
  const segments = body.timestamp_granularities === undefined ? [] : segmentsOf(body, heard);
  const audio = Math.ceil(heard.seconds * 10);
  const usage = {
    prompt_audio_seconds: Math.ceil(heard.seconds),
    prompt_tokens: audio,
    completion_tokens: heard.tokens.length,
    total_tokens: audio + heard.tokens.length,
    request_count: 1,
  };
  return { segments, usage };
}

function segmentsOf({ diarize }: JsonObject, { segments }: Hearing): object[] {
  return segments.map(({ text, start, end, speaker }) => {
    const speaker_id = diarize === 'true' ? { speaker_id: `speaker_${speaker === 'A' ? 1 : 2}` } : {};
    return { type: 'transcription_segment', text, start, end, score: null, ...speaker_id };
  });
}

function* transcriptionEvents(body: JsonObject, heard: Hearing): Generator<StreamEvent> {
  yield { kind: 'start', data: JSON.stringify({ type: 'transcription.language', audio_language: 'en' }) };
  for (const text of heard.tokens)
    yield { kind: 'token', data: JSON.stringify({ type: 'transcription.text.delta', text }) };
  if (body.timestamp_granularities !== undefined)
    for (const segment of segmentsOf(body, heard))
      yield { kind: 'token', data: JSON.stringify({ ...segment, type: 'transcription.segment' }) };
  const done = { model: body.model, text: heard.text, language: 'en', ...toEnd(body, heard) };
  yield { kind: 'finish', data: JSON.stringify({ type: 'transcription.done', ...done }) };
}

const SPEECH_FIELDS = new Set(
  'model input voice_id ref_audio response_format stream metadata prompt_cache_key'.split(' '),
);

/** `POST /v1/audio/speech`: JSON with all of the sound, or events with pieces of it. */
export function speakMistral(exchange: Exchange, body: JsonObject): Answer {
  const findings = findInSpeech(body);
  if (findings.length > 0) return mistralFindings(exchange, findings);
  const error = checkMistralModel(body);
  if (error) return mistralError(exchange, error);
  const text = String(body.input);
  const format = String(body.response_format ?? 'mp3');
  if (body.stream === true) return toStream(exchange, speechEvents(text, format));
  const audio_data = Buffer.concat([...soundOf(text, format)]).toString('base64');
  return { ...jsonAnswer(200, mistralHeaders(exchange), { audio_data }), tokens: 1 };
}

function findInSpeech(body: JsonObject): Finding[] {
  const { response_format: format = 'mp3' } = body;
  const isKnown = SOUND_FORMATS.includes(String(format)) && format !== 'aac';
  return [
    ...findMissing(body, ['input']),
    ...findExtra(body, SPEECH_FIELDS),
    ...(isKnown ? [] : [{ type: 'enum', loc: ['body', 'response_format'], msg: 'Input should be a known format' }]),
  ];
}

function* speechEvents(text: string, format: string): Generator<StreamEvent> {
  for (const bytes of soundOf(text, format)) {
    yield { kind: 'token', data: JSON.stringify({ type: 'speech.audio.delta', audio_data: bytes.toString('base64') }) };
  }
  const prompt = countTokens(text);
  const usage = { prompt_tokens: prompt, completion_tokens: 20 * prompt, total_tokens: 21 * prompt };
  yield { kind: 'finish', data: JSON.stringify({ type: 'speech.audio.done', usage }) };
}

function toStream(exchange: Exchange, events: Iterable<StreamEvent>): Answer {
  const scripted = exchange.reply.events;
  return {
    status: 200,
    headers: { 'content-type': 'text/event-stream; charset=utf-8', ...mistralHeaders(exchange) },
    stream: {
      events: scripted ? scriptedEvents(scripted) : events,
      frame: frameNamedEvent,
      keepAlive: ': keep-alive\n\n',
      errorEvent: (error) => JSON.stringify(mistralErrorBody({ status: 500, ...error })),
    },
  };
}
