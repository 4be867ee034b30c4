import {
  type Answer,
  type Exchange,
  frameServerSentEvent,
  jsonAnswer,
  type StreamEvent,
  scriptedEvents,
} from './answer.ts';
import { checkOpenaiSpeech, checkOpenaiTranscription } from './check-openai-media.ts';
import { filesOf, textFields } from './form-fields.ts';
import { type Hearing, hear, toSubtitles } from './hearing.ts';
import { openaiError, openaiHeaders } from './openai-errors.ts';
import { toOpenaiStream } from './openai-stream.ts';
import type { JsonObject } from './recorded-request.ts';
import { soundOf, soundType } from './sound.ts';
import { countTokens } from './tokens.ts';

/** `POST /audio/transcriptions` */
export function transcribeOpenai(exchange: Exchange): Answer {
  const { form } = exchange.request;
  if (!form) return openaiError(exchange, { message: 'Invalid multipart/form-data body.' });
  const [file] = filesOf(form, 'file');
  const body = textFields(form);
  const error = checkOpenaiTranscription(body, file);
  if (error || !file) return openaiError(exchange, error ?? {});
  const heard = hear(file, exchange.reply);
  // The oldest of the models gives its whole answer whatever was asked.
  const streams = body.stream === 'true' && !/^whisper/.test(String(body.model));
  if (streams) return toOpenaiStream(exchange, transcriptionEvents(body, heard), frameServerSentEvent);
  return toWhole(exchange, body, heard);
}

function toWhole(exchange: Exchange, body: JsonObject, heard: Hearing): Answer {
  const headers = openaiHeaders(exchange);
  const format = String(body.response_format ?? 'json');
  const tokens = heard.tokens.length;
  if (format === 'text' || format === 'srt' || format === 'vtt') {
    const text = format === 'text' ? `${heard.text}\n` : toSubtitles(heard, format);
    return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body: text, tokens };
  }
  const usage = exchange.reply.usage === null ? {} : { usage: usageOf(body, heard) };
  const { text, seconds: duration } = heard;
  if (format === 'json') return { ...jsonAnswer(200, headers, { text, ...logprobsOf(body, heard), ...usage }), tokens };
  const head = { task: 'transcribe', duration, text };
  const parts = format === 'diarized_json' ? { segments: speakersOf(heard) } : timesOf(body, heard);
  return { ...jsonAnswer(200, headers, { ...head, ...parts, ...usage }), tokens };
}

function logprobsOf({ 'include[]': include }: JsonObject, { tokens }: Hearing): object {
  if (include === undefined) return {};
  return { logprobs: tokens.map((token) => ({ token, logprob: -0.01, bytes: [...Buffer.from(token)] })) };
}

function usageOf({ model }: JsonObject, { tokens, seconds }: Hearing): object {
  if (/^whisper/.test(String(model))) return { type: 'duration', seconds: Math.ceil(seconds) };
  const audio = Math.ceil(seconds * 10);
  return {
    type: 'tokens',
    input_tokens: audio,
    input_token_details: { audio_tokens: audio, text_tokens: 0 },
    output_tokens: tokens.length,
    total_tokens: audio + tokens.length,
  };
}

function timesOf({ 'timestamp_granularities[]': granularities = ['segment'] }: JsonObject, heard: Hearing): object {
  const asked = [granularities].flat();
  const segments = heard.segments.map(({ start, end, text }, id) => ({
    ...{ id, seek: 0, start, end, text, tokens: [50364], temperature: 0 },
    ...{ avg_logprob: -0.2, compression_ratio: 0.9, no_speech_prob: 0.01 },
  }));
  return {
    language: 'english',
    ...(asked.includes('segment') && { segments }),
    ...(asked.includes('word') && { words: heard.words }),
  };
}

function speakersOf({ segments }: Hearing): object[] {
  return segments.map((segment, at) => ({ type: 'transcript.text.segment', id: `seg_${at + 1}`, ...segment }));
}

function* transcriptionEvents(body: JsonObject, heard: Hearing): Generator<StreamEvent> {
  for (const delta of heard.tokens)
    yield { kind: 'token', data: JSON.stringify({ type: 'transcript.text.delta', delta }) };
  if (body.response_format === 'diarized_json')
    for (const segment of speakersOf(heard)) yield { kind: 'token', data: JSON.stringify(segment) };
  const done = {
    type: 'transcript.text.done',
    text: heard.text,
    ...logprobsOf(body, heard),
    usage: usageOf(body, heard),
  };
  yield { kind: 'finish', data: JSON.stringify(done) };
}

/** `POST /audio/speech`: bytes, or events with pieces of them. */
export function speakOpenai(exchange: Exchange, body: JsonObject): Answer {
  const error = checkOpenaiSpeech(body);
  if (error) return openaiError(exchange, error);
  const text = String(body.input);
  const format = String(body.response_format ?? 'mp3');
  const scripted = exchange.reply.events;
  if (body.stream_format === 'sse') return toOpenaiStream(exchange, speechEvents(text, format), frameServerSentEvent);
  return {
    status: 200,
    headers: { 'content-type': soundType(format), ...openaiHeaders(exchange) },
    stream: {
      events: scripted ? scriptedEvents(scripted) : soundEvents(text, format),
      frame: (data) => data,
      encoding: 'latin1',
      keepAlive: '',
      errorEvent: () => '',
    },
  };
}

function* soundEvents(text: string, format: string): Generator<StreamEvent> {
  for (const bytes of soundOf(text, format)) yield { kind: 'token', data: bytes.toString('latin1') };
}

function* speechEvents(text: string, format: string): Generator<StreamEvent> {
  for (const bytes of soundOf(text, format)) {
    yield { kind: 'token', data: JSON.stringify({ type: 'speech.audio.delta', audio: bytes.toString('base64') }) };
  }
  const input = countTokens(text);
  const usage = { input_tokens: input, output_tokens: 20 * input, total_tokens: 21 * input };
  yield { kind: 'finish', data: JSON.stringify({ type: 'speech.audio.done', usage }) };
}
